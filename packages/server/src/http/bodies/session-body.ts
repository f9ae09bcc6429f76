import type { Token } from "@echoo/core";
import type { TokenSession } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";

/** A token as its owner sees it in a list. */
export function sessionBody(token: Token, currentId: string): TokenSession {
  return {
    id: token.id,
    ...(token.device === undefined ? {} : { device: token.device }),
    createdAt: instantOf(token.createdAtMs),
    lastUsedAt: instantOf(token.lastUsedAtMs),
    expiresAt: instantOf(token.expiresAtMs),
    current: token.id === currentId,
  };
}
