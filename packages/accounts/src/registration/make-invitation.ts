import type { Instant } from "@echoo/core";
import { type Invitation, writeInviteToken } from "./invite-token.ts";

const lifetimeMs = 15 * 60_000;

export interface InvitationWish {
  readonly phone?: string | undefined;
  readonly displayName?: string | undefined;
  readonly admin?: boolean;
  readonly first?: boolean;
}

export interface MadeInvitation {
  /** Known to the invited person alone. */
  readonly token: string;
  readonly invitation: Invitation;
}

interface Makings {
  /** The server's own secret. */
  readonly secret: string;
  readonly randomSecret: () => string;
  readonly nowMs: Instant;
}

/** Makes an invitation, good for 15 minutes. It needs no store, so that a command can do it beside the server. */
export function makeInvitation(wish: InvitationWish, { secret, randomSecret, nowMs }: Makings): MadeInvitation {
  const { phone, displayName, admin = false, first = false } = wish;
  const invitation: Invitation = {
    id: randomSecret().slice(0, 16),
    expiresAtMs: Math.ceil((nowMs + lifetimeMs) / 1000) * 1000,
    ...(phone === undefined ? {} : { phone }),
    ...(displayName === undefined ? {} : { displayName }),
    admin,
    first,
  };
  return { token: writeInviteToken(invitation, secret), invitation };
}
