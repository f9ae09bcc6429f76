import type { Call } from "../call/call.ts";
import { type Deadlines, nextDeadline } from "../call/deadlines.ts";
import type { Clock } from "../ports/clock.ts";

interface Timer {
  readonly atMs: number;
  readonly cancel: () => void;
}

/** One timer for each unfinished call, at its next deadline; the call's state says which that is. */
export class CallTimers {
  readonly #timers = new Map<string, Timer>();
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #onDue: (callId: string) => void;

  constructor(clock: Clock, deadlines: Deadlines, onDue: (callId: string) => void) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** Follows a change of the call. */
  follow(call: Call): void {
    const atMs = call.state === "ended" ? undefined : nextDeadline(call, this.#deadlines).atMs;
    const timer = this.#timers.get(call.id);
    if (timer?.atMs === atMs) return;
    timer?.cancel();
    this.#timers.delete(call.id);
    if (atMs === undefined) return;
    const cancel = this.#clock.after(Math.max(0, atMs - this.#clock.now()), () => {
      this.#timers.delete(call.id);
      this.#onDue(call.id);
    });
    this.#timers.set(call.id, { atMs, cancel });
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
