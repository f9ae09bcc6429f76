import { createHmac } from "node:crypto";
import type { Clock, Instant, Invitations as InvitationStore, Users } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { createOneAtATime } from "../limits/one-at-a-time.ts";
import { type Invitation, readInviteToken, writeInviteToken } from "./invite-token.ts";
import { type InvitationWish, type MadeInvitation, makeInvitation } from "./make-invitation.ts";

/** Longer than registering takes, and short enough that the person tries again after a crash. */
const claimMs = 10_000;
/** What all first invitations are claimed by besides their own ids, which are longer. */
const firstId = "first";

/** What redeeming an invitation does, and how it is undone. */
export interface InvitedWork<T> {
  /**
   * `begunAtMs` is when this number began to redeem this invitation: before now where an earlier attempt broke off.
   * Whatever it throws leaves the invitation usable.
   */
  run(invitation: Invitation, begunAtMs: Instant): Promise<T>;
  undo(result: T): Promise<void>;
}

/** Links that prove a number, each once. */
export interface Invitations {
  make(wish: InvitationWish): MadeInvitation;
  /** The text of an invitation that was made for this number, from what is known of it by its code. */
  again(invitation: { readonly id: string; readonly expiresAtMs: Instant; readonly phone: string }): string;
  /** What an invitation says. Refuses with invite_invalid, invite_expired or invite_used. */
  read(token: string): Promise<Invitation>;
  /**
   * Does the work, and then the invitation is used; of several at once exactly one succeeds. Refuses as `read` does.
   * Where the work fails, or the process dies in it, the invitation can be used again.
   */
  redeem<T>(token: string, userId: string, work: InvitedWork<T>): Promise<T>;
}

interface InvitationDeps {
  readonly store: InvitationStore;
  readonly users: Pick<Users, "hasAdmin">;
  readonly clock: Clock;
  readonly secret: string;
  readonly randomSecret: () => string;
}

export function createInvitations(deps: InvitationDeps): Invitations {
  const { store, users, clock, secret, randomSecret } = deps;
  const oneAtATime = createOneAtATime();

  function open(token: string): Invitation {
    const invitation = readInviteToken(token, secret);
    if (invitation === undefined) throw new Refusal("invite_invalid");
    if (invitation.expiresAtMs <= clock.now()) throw new Refusal("invite_expired");
    return invitation;
  }

  return {
    again: (invitation) => writeInviteToken({ ...invitation, admin: false, first: false }, secret),
    make: (wish) => makeInvitation(wish, { secret, randomSecret, nowMs: clock.now() }),
    async read(token) {
      const invitation = open(token);
      const isUsed = (await store.isUsed(invitation.id)) || (invitation.first && (await users.hasAdmin()));
      if (isUsed) throw new Refusal("invite_used");
      return invitation;
    },
    async redeem(token, userId, work) {
      const invitation = open(token);
      const { id, phone } = invitation;
      if (phone !== undefined && phone !== userId) {
        throw new Refusal("invite_invalid", { message: "This invitation is for another number." });
      }
      // Each start prints a first one of its own: of all these together no more than one may count.
      if (!invitation.first) return oneAtATime(id, () => redeemClaimed(deps, invitation, userId, work));
      return oneAtATime("first", () => redeemFirst(deps, invitation, userId, work));
    },
  };
}

/** One after the other on all servers with this store: they have the name of what they redeem in common. */
async function redeemFirst<T>(
  deps: InvitationDeps,
  invitation: Invitation,
  userId: string,
  work: InvitedWork<T>,
): Promise<T> {
  const claimId = deps.randomSecret();
  await claim(deps, { ...invitation, id: firstId }, userId, claimId);
  try {
    return await redeemClaimed(deps, invitation, userId, work);
  } finally {
    // Where this fails the claim lapses by itself.
    await deps.store.release(firstId, claimId).catch(() => undefined);
  }
}

async function redeemClaimed<T>(
  deps: InvitationDeps,
  invitation: Invitation,
  userId: string,
  work: InvitedWork<T>,
): Promise<T> {
  const { store } = deps;
  const { id } = invitation;
  const claimId = deps.randomSecret();
  const begunAtMs = await claim(deps, invitation, userId, claimId);
  try {
    return await finish(store, { id, claimId }, await work.run(invitation, begunAtMs), work);
  } catch (error) {
    // Who was refused left nothing behind; whatever else broke off may have, and goes on from there. Should this
    // fail as well, the claim lapses by itself.
    const letGo = error instanceof Refusal ? store.release(id, claimId) : store.lapse(id, claimId);
    await letGo.catch(() => undefined);
    throw error;
  }
}

/** Takes the invitation for a while, and tells since when this number has been at it. */
async function claim(
  { store, clock, secret }: InvitationDeps,
  { id, expiresAtMs }: Invitation,
  userId: string,
  claimId: string,
): Promise<number> {
  const nowMs = clock.now();
  const claimant = createHmac("sha256", secret).update(`claimant:${userId}`).digest("base64url");
  const times = { nowMs, untilMs: nowMs + claimMs, expiresAtMs };
  const outcome = await store.claim({ invitationId: id, claimId, claimant, ...times });
  switch (outcome.state) {
    case "claimed":
      return outcome.sinceMs;
    case "used":
      throw new Refusal("invite_used");
    case "busy":
      throw new Refusal("unavailable", {
        message: "This invitation is being used at this moment; try again in a few seconds.",
        retryInMs: outcome.untilMs - nowMs,
      });
  }
}

async function finish<T>(
  store: InvitationStore,
  { id, claimId }: { readonly id: string; readonly claimId: string },
  result: T,
  work: InvitedWork<T>,
): Promise<T> {
  try {
    if (await store.complete(id, claimId)) return result;
  } catch (error) {
    await work.undo(result).catch(() => undefined);
    throw error;
  }
  // It took so long that the claim lapsed, and another client was faster.
  await work.undo(result);
  throw new Refusal("invite_used");
}
