import type { Clock, Instant, Steady } from "../ports/clock.ts";
import type { Beat } from "../ports/journal.ts";

/** A node was away for no longer than this: nothing that its journal keeps for the engine is good for longer. */
const awayAtMostMs = 24 * 3_600_000;

/**
 * Where the timeline stands that a process went by until its last beat: as far on as the wall clock is. That one is
 * the only clock that two processes share, and it may have been set between them: it cannot take the timeline back,
 * nor further on than a day.
 */
export function timelineAt(beat: Beat, now: Instant): Steady {
  return beat.steadyMs + Math.min(awayAtMostMs, Math.max(0, now - beat.atMs));
}

/**
 * The steady time that calls go by. It goes on where the last process left it, so that every moment that the journal
 * has of a call keeps its meaning over a restart. Without a last process it begins as the wall clock stands.
 */
export class Timeline {
  readonly #clock: Pick<Clock, "now" | "steady">;
  #aheadMs: number;

  constructor(clock: Pick<Clock, "now" | "steady">) {
    this.#clock = clock;
    this.#aheadMs = clock.now() - clock.steady();
  }

  /** Goes on after the last beat of the process before. Call before anything is measured. */
  resume(beat: Beat): void {
    this.#aheadMs = timelineAt(beat, this.#clock.now()) - this.#clock.steady();
  }

  now(): Steady {
    return this.#clock.steady() + this.#aheadMs;
  }

  /** What tells the next process where this one was. */
  beat(): Beat {
    return { atMs: this.#clock.now(), steadyMs: this.now() };
  }
}
