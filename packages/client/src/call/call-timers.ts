import type { ClientClock } from "../client-clock.ts";

type TimerName = "expiry" | "link";

/** The deadlines that a call keeps itself, for when the server cannot say that they passed. */
export class CallTimers {
  readonly #clock: ClientClock;
  readonly #pending = new Map<TimerName, () => void>();
  readonly #run = new Set<TimerName>();

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** Replaces a timer of the same name. */
  set(name: TimerName, delayMs: number, run: () => void): void {
    this.cancel(name);
    const cancel = this.#clock.after(delayMs, () => {
      this.#pending.delete(name);
      this.#run.add(name);
      run();
    });
    this.#pending.set(name, cancel);
  }

  /** Whether it ran out and was not set or cancelled since. */
  hasRun(name: TimerName): boolean {
    return this.#run.has(name);
  }

  cancel(name: TimerName): void {
    this.#pending.get(name)?.();
    this.#pending.delete(name);
    this.#run.delete(name);
  }

  cancelAll(): void {
    this.cancel("expiry");
    this.cancel("link");
  }
}
