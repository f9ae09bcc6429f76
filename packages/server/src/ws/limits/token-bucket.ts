import type { Steady } from "@echoo/core";

/** A bucket that may go into debt: what it was asked for is granted, and the debt is waited off, up to a longest wait. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #debtMax: number;
  #tokens: number;
  #atMs: Steady;

  constructor(rate: { readonly burst: number; readonly perSec: number }, nowMs: Steady, longestMs = Infinity) {
    this.#burst = rate.burst;
    this.#perMs = rate.perSec / 1000;
    this.#debtMax = longestMs * this.#perMs;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes tokens; the result is how long to wait before anything else is taken, 0 while there are some. */
  take(nowMs: Steady, count = 1): number {
    const full = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
    this.#tokens = Math.max(-this.#debtMax, full - count);
    this.#atMs = nowMs;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }
}
