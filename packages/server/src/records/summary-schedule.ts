import type { Steady } from "@echoo/core";
import { recordBounds } from "./record-bounds.ts";

/** One side of a call, whose samples make one summary. */
export interface Side {
  readonly callId: string;
  readonly reporter: string;
}

interface Followed {
  readonly side: Side;
  readonly firstAtMs: Steady;
  computedAtMs: Steady;
  hasEnded: boolean;
  isScored: boolean;
}

/**
 * Says which summaries are due. A summary is computed from all samples of a side, so computing it with each batch
 * would cost the square of a call's length: while a call runs it is renewed only after half as long again as the call
 * has lasted. When the call's record comes it is computed, and from then on with each late batch. What is left stale,
 * as where another node stores the record, is due in the end by time.
 */
export class SummarySchedule {
  readonly #followed = new Map<string, Followed>();
  readonly #stale = new Set<Followed>();

  /** Samples of this side were stored; tells whether its summary is due. */
  samplesStored(side: Side, nowMs: Steady): boolean {
    const key = keyOf(side);
    const known = this.#followed.get(key);
    if (known === undefined) {
      this.#follow(key, { side, firstAtMs: nowMs, computedAtMs: nowMs, hasEnded: false, isScored: false });
      return true;
    }
    this.#stale.add(known);
    return known.hasEnded || isDue(known, nowMs);
  }

  /** The call's record was stored; tells whether the side's summary is due. */
  recordStored(side: Side, nowMs: Steady): boolean {
    const key = keyOf(side);
    const known = this.#followed.get(key);
    if (known === undefined) {
      this.#follow(key, { side, firstAtMs: nowMs, computedAtMs: nowMs, hasEnded: true, isScored: false });
      return true;
    }
    known.hasEnded = true;
    return true;
  }

  /** Whether this is the first summary with a score since the side's record was stored. */
  isFirstAfterEnd(side: Side): boolean {
    const known = this.#followed.get(keyOf(side));
    if (!known?.hasEnded || known.isScored) return false;
    known.isScored = true;
    return true;
  }

  get hasStale(): boolean {
    return this.#stale.size > 0;
  }

  /** Sides whose last samples no summary has yet, though enough time has gone by. */
  overdue(nowMs: Steady): readonly Side[] {
    return [...this.#stale].filter((followed) => isDue(followed, nowMs)).map((followed) => followed.side);
  }

  computed(side: Side, nowMs: Steady): void {
    const known = this.#followed.get(keyOf(side));
    if (known === undefined) return;
    known.computedAtMs = nowMs;
    this.#stale.delete(known);
  }

  #follow(key: string, followed: Followed): void {
    this.#followed.set(key, followed);
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
  const gapMs = Math.min(summaryAtLeastEveryMs, Math.max(summaryEveryMs, (nowMs - followed.firstAtMs) / 2));
  return nowMs - followed.computedAtMs >= gapMs;
}

function keyOf(side: Side): string {
  return JSON.stringify([side.callId, side.reporter]);
}
