import type { Clock, Instant, Steady } from "@echoo/core";

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** How many timers one `advance` may run: a timer that renews itself with no delay would never end. */
const maxTimersPerAdvance = 1_000_000;

/** Where the steady clock begins: far from the wall clock, so that code that takes one for the other is found out. */
const steadyStartMs = 1_000_000;

/** A clock that stands still until a test moves it. Timers run inside `advance`, and nowhere else. */
export class FakeClock implements Clock {
  #steadyMs = steadyStartMs;
  /** How far ahead the wall clock is of the steady one. */
  #aheadMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#aheadMs = startMs - steadyStartMs;
  }

  now(): Instant {
    return this.#steadyMs + this.#aheadMs;
  }

  steady(): Steady {
    return this.#steadyMs;
  }

  /** Sets the wall clock, ahead or back, as an operator would. Nothing falls due by that. */
  jump(ms: number): void {
    this.#aheadMs += ms;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.#steadyMs + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /**
   * Both clocks go on. Runs what falls due, in order of time, then of creation; timers made on the way are included.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a clock does not move by ${ms} ms`);
    const untilMs = this.#steadyMs + ms;
    let runs = 0;
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      if (++runs > maxTimersPerAdvance) throw new Error(`more than ${maxTimersPerAdvance} timers in ${ms} ms`);
      this.#timers.delete(timer);
      this.#steadyMs = timer.dueMs;
      timer.run();
    }
    this.#steadyMs = untilMs;
  }

  /** Timers that are neither run nor cancelled. A test ends with none, or it leaks. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  #next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (first === undefined || timer.dueMs < first.dueMs) first = timer;
    }
    // A set keeps insertion order, so the first of equal times is the oldest.
    return first;
  }
}
