import type { Call } from "../call/call.ts";
import { type Deadlines, nextDeadline } from "../call/deadlines.ts";
import type { Clock, Steady } from "../ports/clock.ts";
import type { Timeline } from "../time/timeline.ts";

interface Timer {
  readonly atMs: Steady;
  readonly cancel: () => void;
}

/** One timer for each unfinished call, at its next deadline; the call's state says which that is. */
export class CallTimers {
  readonly #timers = new Map<string, Timer>();
  readonly #clock: Pick<Clock, "after">;
  readonly #timeline: Timeline;
  readonly #deadlines: Deadlines;
  readonly #onDue: (callId: string) => void;

  constructor(clock: Pick<Clock, "after">, timeline: Timeline, deadlines: Deadlines, onDue: (callId: string) => void) {
    this.#clock = clock;
    this.#timeline = timeline;
    this.#deadlines = deadlines;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** Follows a change of the call. */
  follow(call: Call): void {
    const due = nextDeadline(call, this.#deadlines);
    const atMs = due.kind === "forget" ? undefined : due.atMs;
    const timer = this.#timers.get(call.id);
    if (timer?.atMs === atMs) return;
    timer?.cancel();
    this.#timers.delete(call.id);
    if (atMs === undefined) return;
    const cancel = this.#clock.after(Math.max(0, atMs - this.#timeline.now()), () => {
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
