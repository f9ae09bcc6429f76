import type { Clock, Instant, Steady } from "@echoo/core";
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
  /** Whether it was withdrawn, by itself or with all of its user's after it was issued, which the host's clock says. */
  covers(token: GoodToken, issuedAtSec: number | undefined): boolean;
  /** Whether one that was good at that moment was withdrawn since. */
  hasEnded(token: GoodToken, goodAtMs: Steady): boolean;
}

/** When it was: as the host product's clock may say as well, and for what happened before or after it here. */
interface Withdrawal {
  readonly atMs: Instant;
  readonly steadyMs: Steady;
}

export function createWithdrawnTokens(clock: Clock): WithdrawnTokens {
  // In the order of their withdrawal, so that the first is the oldest. A user's id and a token's are never alike.
  const withdrawals = new Map<string, Withdrawal>();
  const ofUser = (userId: string) => `user ${userId}`;

  function note(key: string): void {
    withdrawals.delete(key);
    withdrawals.set(key, { atMs: clock.now(), steadyMs: clock.steady() });
    const [oldest] = withdrawals.keys();
    if (withdrawals.size > maxWithdrawn && oldest !== undefined) withdrawals.delete(oldest);
  }

  function find(key: string): Withdrawal | undefined {
    const found = withdrawals.get(key);
    return found !== undefined && clock.steady() - found.steadyMs < rememberedMs ? found : undefined;
  }

  return {
    withdraw: ({ id }) => note(id),
    withdrawAll: (userId) => note(ofUser(userId)),
    covers(token, issuedAtSec) {
      if (find(token.id) !== undefined) return true;
      const all = find(ofUser(token.userId));
      // A token that does not say when it was issued may be an old one.
      return all !== undefined && (issuedAtSec === undefined || issuedAtSec * 1000 <= all.atMs);
    },
    hasEnded(token, goodAtMs) {
      // It was issued before it was good: whatever ended all of its user's tokens since ended it as well.
      const all = find(ofUser(token.userId));
      return find(token.id) !== undefined || (all !== undefined && goodAtMs <= all.steadyMs);
    },
  };
}
