import type { Steady } from "@echoo/core";
import { recordBounds } from "./record-bounds.ts";
import { type Side, sideKey } from "./side.ts";

interface Followed {
  readonly side: Side;
  readonly firstAtMs: Steady;
  computedAtMs: Steady;
  hasEnded: boolean;
  isScored: boolean;
  /** Samples since the last summary. */
  late: number;
}

/**
 * Says which summaries are due. A summary is computed from all samples of a side, so computing it with each batch
 * would cost the square of a call's length: while a call runs it is renewed only after half as long again as the call
 * has lasted. When the call's record comes it is computed, and from then on where late samples are many beside those
 * that it is of. What is left stale, as where another node stores the record, is due in the end by time. So what a
 * sample costs does not grow with their number.
 */
export class SummarySchedule {
  readonly #followed = new Map<string, Followed>();
  readonly #stale = new Set<Followed>();

  /** Samples of this side were stored, which has `size` now; tells whether its summary is due. */
  samplesStored(side: Side, { added, size }: { added: number; size: number }, nowMs: Steady): boolean {
    const known = this.#followed.get(sideKey(side));
    if (known === undefined) {
      this.#follow(side, nowMs, false);
      return true;
    }
    this.#stale.add(known);
    known.late += added;
    const areMany = known.late * recordBounds.lateShare >= size;
    return (known.hasEnded && areMany) || isDue(known, nowMs);
  }

  /** The call's record was stored; tells whether the side's summary is due. */
  recordStored(side: Side, nowMs: Steady): boolean {
    const known = this.#followed.get(sideKey(side));
    if (known === undefined) this.#follow(side, nowMs, true);
    else known.hasEnded = true;
    return true;
  }

  /** Whether this is the first summary with a score since the side's record was stored. */
  isFirstAfterEnd(side: Side): boolean {
    const known = this.#followed.get(sideKey(side));
    if (!known?.hasEnded || known.isScored) return false;
    known.isScored = true;
    return true;
  }

  /** Whether the record of the side's call was stored. */
  hasEnded(side: Side): boolean {
    return this.#followed.get(sideKey(side))?.hasEnded === true;
  }

  forgetReporter(reporter: string): void {
    for (const [key, followed] of this.#followed) {
      if (followed.side.reporter !== reporter) continue;
      this.#followed.delete(key);
      this.#stale.delete(followed);
    }
  }

  get hasStale(): boolean {
    return this.#stale.size > 0;
  }

  /** Sides whose last samples no summary has yet, though enough time has gone by. */
  overdue(nowMs: Steady): readonly Side[] {
    return [...this.#stale].filter((followed) => isDue(followed, nowMs)).map((followed) => followed.side);
  }

  computed(side: Side, nowMs: Steady): void {
    const known = this.#followed.get(sideKey(side));
    if (known === undefined) return;
    known.computedAtMs = nowMs;
    known.late = 0;
    this.#stale.delete(known);
  }

  #follow({ callId, reporter }: Side, nowMs: Steady, hasEnded: boolean): void {
    const side = { callId, reporter };
    const times = { firstAtMs: nowMs, computedAtMs: nowMs };
    this.#followed.set(sideKey(side), { side, ...times, hasEnded, isScored: false, late: 0 });
    if (this.#followed.size <= recordBounds.followedSides) return;
    // A map keeps insertion order: the first is the oldest.
    for (const [oldestKey, oldest] of this.#followed) {
      this.#followed.delete(oldestKey);
      this.#stale.delete(oldest);
      return;
    }
  }
}

function isDue(followed: Followed, nowMs: Steady): boolean {
  const { summaryEveryMs, summaryAtLeastEveryMs } = recordBounds;
  const soFarMs = followed.hasEnded ? 0 : nowMs - followed.firstAtMs;
  const gapMs = Math.min(summaryAtLeastEveryMs, Math.max(summaryEveryMs, soFarMs / 2));
  return nowMs - followed.computedAtMs >= gapMs;
}
