import type { Steady } from "@echoo/core";

/** A bucket that may go into debt: what it was asked for is granted, and the debt is waited off. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #atMs: Steady;

  constructor(rate: { readonly burst: number; readonly perSec: number }, nowMs: Steady) {
    this.#burst = rate.burst;
    this.#perMs = rate.perSec / 1000;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes tokens; the result is how long to wait before anything else is taken, 0 while there are some. */
  take(nowMs: Steady, count = 1): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs) - count;
    this.#atMs = nowMs;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }
}
