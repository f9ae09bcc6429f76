import type { Instant } from "../ports/clock.ts";

/** How far ahead of the clock the last moment may be: for as long as the tombstone of its call is kept. */
const aheadAtMostMs = 24 * 3_600_000;

/**
 * Gives moments that tell calls apart and put them in order: each is later than the one before, also where the
 * clock was set back by up to a day. One that is further ahead than that comes of a clock that was wrong by days, and
 * does not hold back the right one.
 */
export class RisingInstant {
  #last: Instant = Number.NEGATIVE_INFINITY;

  next(now: Instant): Instant {
    const isAhead = this.#last >= now && this.#last - now <= aheadAtMostMs;
    this.#last = isAhead ? this.#last + 1 : now;
    return this.#last;
  }

  /** There was one then already: the next one comes after it. */
  note(at: Instant): void {
    this.#last = Math.max(this.#last, at);
  }
}
