import type { Clock, Instant, Steady } from "@echoo/core";

/** Corrections go at this rate, so that time never stands still or goes back. */
const slewRate = 0.1;
/** A moment that took longer to be told says too little. */
const roundTripMaxMs = 1_000;

/**
 * The same time on all nodes: the own steady clock, set by the store's. What is told and stored then has one order
 * wherever it was decided, and the wall clocks of the machines do not matter. While the store is away it goes on by
 * itself; before it was first asked it is the machine's.
 */
export class ClusterClock implements Clock {
  readonly #base: Clock;
  #offsetMs: number | undefined;
  #targetMs = 0;
  #slewedAtMs: Steady = 0;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): Instant {
    if (this.#offsetMs === undefined) return this.#base.now();
    return Math.floor(this.steady() + this.#slewed());
  }

  steady(): Steady {
    return this.#base.steady();
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#base.after(delayMs, run);
  }

  /** What the store's clock said between two moments of the own. */
  measured(storeMs: Instant, askedAtMs: Steady, answeredAtMs: Steady): void {
    const offsetMs = storeMs - (askedAtMs + answeredAtMs) / 2;
    if (this.#offsetMs !== undefined && answeredAtMs - askedAtMs > roundTripMaxMs) return;
    if (this.#offsetMs !== undefined) this.#slewed();
    else [this.#offsetMs, this.#slewedAtMs] = [offsetMs, answeredAtMs];
    this.#targetMs = offsetMs;
  }

  #slewed(): number {
    const nowMs = this.steady();
    const missingMs = this.#targetMs - (this.#offsetMs ?? this.#targetMs);
    const stepMs = Math.min(Math.abs(missingMs), (nowMs - this.#slewedAtMs) * slewRate);
    this.#offsetMs = (this.#offsetMs ?? 0) + Math.sign(missingMs) * stepMs;
    this.#slewedAtMs = nowMs;
    return this.#offsetMs;
  }
}
