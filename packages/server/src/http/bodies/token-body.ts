import type { Token } from "@echoo/core";
import type { OwnToken } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";

/** A token as its owner sees it in the list of signed-in devices. */
export function tokenBody(token: Token, currentId: string): OwnToken {
  return {
    id: token.id,
    ...(token.device === undefined ? {} : { device: token.device }),
    createdAt: instantOf(token.createdAtMs),
    lastUsedAt: instantOf(token.lastUsedAtMs),
    expiresAt: instantOf(token.expiresAtMs),
    current: token.id === currentId,
  };
}
