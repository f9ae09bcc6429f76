import type { Steady } from "@echoo/core";
import { type LimitFamily, messageRates } from "@echoo/protocol";
import { TokenBucket } from "./token-bucket.ts";

/** What all sockets of one user may send together. */
export const userBudgetBounds = {
  /** Of what one socket may: an honest user's devices are busy one after the other, or two of them at once. */
  socketsWorth: 4,
  /** Reading is paused for so long at most, and no longer debt is remembered. */
  longestPauseMs: 10_000,
  /** Past it the one who has been quiet longest is forgotten. */
  followedUsers: 100_000,
} as const;

/** How long the slowest bucket takes to fill. */
const fullAfterMs = Math.max(...Object.values(messageRates).map(({ burst, perSec }) => (burst / perSec) * 1000));

type Bounds = { readonly [K in keyof typeof userBudgetBounds]: number };
type Buckets = { readonly [F in LimitFamily]: TokenBucket };

interface Budget {
  readonly buckets: Buckets;
  usedAtMs: Steady;
}

/**
 * The message rates of users: their sockets share them, and a new socket finds what earlier ones left. They slow
 * sockets down and close none: who floods is closed by its socket's own rates, and the user's other devices stay.
 */
export class UserBudgets {
  readonly #bounds: Bounds;
  /** In the order of their last use, so that the first is the quietest. */
  readonly #budgets = new Map<string, Budget>();

  constructor(bounds: Bounds = userBudgetBounds) {
    this.#bounds = bounds;
  }

  /** How many users are followed now. */
  get size(): number {
    return this.#budgets.size;
  }

  /** Counts one message; tells how long its socket is not to be read now. */
  charge(user: string, family: LimitFamily, nowMs: Steady): number {
    const budget = this.#budgets.get(user) ?? { buckets: this.#full(nowMs), usedAtMs: nowMs };
    budget.usedAtMs = nowMs;
    this.#budgets.delete(user);
    this.#budgets.set(user, budget);
    this.#forget(nowMs);
    return budget.buckets[family].take(nowMs);
  }

  #full(nowMs: Steady): Buckets {
    const { socketsWorth, longestPauseMs } = this.#bounds;
    const bucket = (family: LimitFamily) => {
      const { burst, perSec } = messageRates[family];
      const rate = { burst: burst * socketsWorth, perSec: perSec * socketsWorth };
      return new TokenBucket(rate, nowMs, longestPauseMs);
    };
    return {
      candidate: bucket("candidate"),
      offer: bucket("offer"),
      talk: bucket("talk"),
      stats: bucket("stats"),
      other: bucket("other"),
    };
  }

  /** Those whose buckets are full again, and the quietest where there are too many. */
  #forget(nowMs: Steady): void {
    for (const [user, { usedAtMs }] of this.#budgets) {
      const isFull = nowMs - usedAtMs >= fullAfterMs + this.#bounds.longestPauseMs;
      if (!isFull && this.#budgets.size <= this.#bounds.followedUsers) return;
      this.#budgets.delete(user);
    }
  }
}
