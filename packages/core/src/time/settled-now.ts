import type { Clock, Instant, Steady } from "../ports/clock.ts";

/** How long a clock that was set ahead has to stay so before anything is deleted by it. */
export const settledAfterMs = 24 * 3_600_000;
/** Further steps ahead within this time are one: no more than 25 wait at once to be believed. */
const stepEveryMs = 3_600_000;

interface Step {
  /** Since then the wall clock has been at least so far ahead of the steady one. */
  readonly sinceMs: Steady;
  readonly aheadMs: number;
}

/**
 * The wall clock for deleting what is old. A clock that jumps ahead by a year for a minute, as a machine's may
 * before it has asked for the time, must not cost a year of history: it is believed once it has stood for a day. Set
 * back it is believed at once, for then merely less is deleted.
 */
export class SettledNow {
  readonly #clock: Pick<Clock, "now" | "steady">;
  /** Oldest first, each further ahead; the first is believed. */
  #steps: readonly Step[];

  constructor(clock: Pick<Clock, "now" | "steady">) {
    this.#clock = clock;
    const sinceMs = clock.steady();
    this.#steps = [{ sinceMs, aheadMs: clock.now() - sinceMs }];
  }

  /** Steps ahead that are not believed yet; bounded by their least distance. */
  get waiting(): number {
    return this.#steps.length - 1;
  }

  /** A process before this one lived then: on its first day this one takes it to be no more than a day later. */
  lived(atMs: Instant): void {
    const nowMs = this.#clock.steady();
    this.#look(nowMs, atMs + settledAfterMs - nowMs);
  }

  now(): Instant {
    const nowMs = this.#clock.steady();
    this.#look(nowMs, this.#clock.now() - nowMs);
    const waiting = this.#steps.findLastIndex(({ sinceMs }) => nowMs - sinceMs >= settledAfterMs);
    if (waiting > 0) this.#steps = this.#steps.slice(waiting);
    return nowMs + (this.#steps[0]?.aheadMs ?? 0);
  }

  #look(nowMs: Steady, aheadMs: number): void {
    const lower = this.#steps.filter((step) => step.aheadMs < aheadMs);
    const passed = this.#steps[lower.length];
    const last = lower.at(-1);
    if (passed === undefined && last !== undefined && nowMs - last.sinceMs < stepEveryMs) return;
    this.#steps = [...lower, { sinceMs: passed?.sinceMs ?? nowMs, aheadMs }];
  }
}
