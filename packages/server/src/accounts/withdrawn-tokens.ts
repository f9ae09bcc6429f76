import type { Clock } from "@echoo/core";
import type { GoodToken } from "./credentials.ts";

const maxWithdrawn = 20_000;
/** Host products' tokens that live longer than this are not for sockets; longer than this nothing is remembered. */
const rememberedMs = 30 * 24 * 3_600_000;

/**
 * Tokens of the host product that were logged out, and users whose tokens all were. Echoo cannot take such a token
 * back; it can refuse it for as long as it remembers: in memory, until the token expires or the server restarts.
 */
export interface WithdrawnTokens {
  withdraw(token: GoodToken): void;
  /** Every token that was issued to this user until now. */
  withdrawAll(userId: string): void;
  covers(token: GoodToken, issuedAtSec: number | undefined): boolean;
}

export function createWithdrawnTokens(clock: Clock): WithdrawnTokens {
  // In the order of their withdrawal, so that the first is the oldest. A user's id and a token's are never alike.
  const withdrawnAtMs = new Map<string, number>();
  const ofUser = (userId: string) => `user ${userId}`;

  function note(key: string): void {
    withdrawnAtMs.delete(key);
    withdrawnAtMs.set(key, clock.now());
    const [oldest] = withdrawnAtMs.keys();
    if (withdrawnAtMs.size > maxWithdrawn && oldest !== undefined) withdrawnAtMs.delete(oldest);
  }

  function since(key: string): number | undefined {
    const atMs = withdrawnAtMs.get(key);
    return atMs !== undefined && clock.now() - atMs < rememberedMs ? atMs : undefined;
  }

  return {
    withdraw: ({ id }) => note(id),
    withdrawAll: (userId) => note(ofUser(userId)),
    covers(token, issuedAtSec) {
      if (since(token.id) !== undefined) return true;
      const atMs = since(ofUser(token.userId));
      // A token that does not say when it was issued may be an old one.
      return atMs !== undefined && (issuedAtSec === undefined || issuedAtSec * 1000 <= atMs);
    },
  };
}
