import type { Steady } from "@echoo/core";
import { type LimitFamily, messageRates } from "@echoo/protocol";
import { TokenBucket } from "./token-bucket.ts";

/** A socket that is over its limits for this long is closed. */
const patienceMs = 5_000;
/** One that keeps within them for this long is no longer counted as being over. */
const forgivenAfterMs = 1_000;

/** The message rates of one socket. */
export class FloodGuard {
  readonly #buckets: Record<LimitFamily, TokenBucket>;
  #overSinceMs: Steady | undefined;
  #lastOverMs: Steady = Number.NEGATIVE_INFINITY;

  constructor(nowMs: Steady) {
    const bucket = (family: LimitFamily) => new TokenBucket(messageRates[family], nowMs);
    this.#buckets = {
      candidate: bucket("candidate"),
      offer: bucket("offer"),
      talk: bucket("talk"),
      stats: bucket("stats"),
      other: bucket("other"),
    };
  }

  /** Counts one message: how long the socket must not be read now, or that its time is up. */
  count(family: LimitFamily, nowMs: Steady): number | "flooding" {
    const waitMs = this.#buckets[family].take(nowMs);
    if (waitMs === 0) {
      if (nowMs - this.#lastOverMs > forgivenAfterMs) this.#overSinceMs = undefined;
      return 0;
    }
    this.#overSinceMs ??= nowMs;
    this.#lastOverMs = nowMs + waitMs;
    return nowMs - this.#overSinceMs >= patienceMs ? "flooding" : waitMs;
  }
}
