import { recordBounds } from "./record-bounds.ts";

/** One side of a call, whose samples make one summary. */
export interface Side {
  readonly callId: string;
  readonly reporter: string;
}

interface Followed {
  readonly side: Side;
  readonly firstAtMs: number;
  computedAtMs: number;
  isStale: boolean;
  hasEnded: boolean;
}

/**
 * Says which summaries are due. A summary is computed from all samples of a side, so computing it with each batch
 * would cost the square of a call's length: while a call runs it is renewed only after half as long again as the call
 * has lasted. When the call's record comes it is computed for good, and from then on with each late batch.
 */
export class SummarySchedule {
  readonly #followed = new Map<string, Followed>();

  /** Samples of this side were stored; tells whether its summary is due. */
  samplesStored(side: Side, nowMs: number): boolean {
    const key = keyOf(side);
    const known = this.#followed.get(key);
    if (known === undefined) {
      this.#follow(key, { side, firstAtMs: nowMs, computedAtMs: nowMs, isStale: false, hasEnded: false });
      return true;
    }
    known.isStale = true;
    const gapMs = Math.max(recordBounds.summaryEveryMs, (nowMs - known.firstAtMs) / 2);
    return known.hasEnded || nowMs - known.computedAtMs >= gapMs;
  }

  /** The call's record was stored; tells whether the side's summary is due. */
  recordStored(side: Side, nowMs: number): boolean {
    const key = keyOf(side);
    const known = this.#followed.get(key);
    if (known === undefined) {
      this.#follow(key, { side, firstAtMs: nowMs, computedAtMs: nowMs, isStale: false, hasEnded: true });
      return true;
    }
    known.hasEnded = true;
    return known.isStale;
  }

  computed(side: Side, nowMs: number): void {
    const known = this.#followed.get(keyOf(side));
    if (known === undefined) return;
    known.computedAtMs = nowMs;
    known.isStale = false;
  }

  #follow(key: string, followed: Followed): void {
    this.#followed.set(key, followed);
    if (this.#followed.size <= recordBounds.followedSides) return;
    // A map keeps insertion order: the first is the oldest.
    for (const oldest of this.#followed.keys()) {
      this.#followed.delete(oldest);
      return;
    }
  }
}

function keyOf(side: Side): string {
  return JSON.stringify([side.callId, side.reporter]);
}
