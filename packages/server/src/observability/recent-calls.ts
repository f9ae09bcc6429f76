import { type Clock, type Instant, percentile } from "@echoo/core";
import type { EndReason } from "@echoo/protocol";

const minuteMs = 60_000;

export const recentBounds = {
  minutes: 60,
  /** Set-up times kept of one minute; the figures are of the first of them. */
  setUpsPerMinute: 1_000,
} as const;

/** Calls that ended within one minute. */
export interface RecentMinute {
  readonly startMs: Instant;
  readonly ended: Readonly<Partial<Record<EndReason, number>>>;
}

export interface SetUpFigures {
  readonly calls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Slot {
  readonly startMs: Instant;
  readonly ended: Partial<Record<EndReason, number>>;
  readonly setUpMs: number[];
  setUps: number;
}

/** What became of calls in the last hour, minute by minute, for who looks on. It is gone with the process. */
export class RecentCalls {
  readonly #clock: Pick<Clock, "now">;
  /** Oldest first. */
  readonly #slots: Slot[] = [];

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  ended(reason: EndReason): void {
    const { ended } = this.#slot();
    ended[reason] = (ended[reason] ?? 0) + 1;
  }

  setUp(lengthMs: number): void {
    const slot = this.#slot();
    slot.setUps += 1;
    if (slot.setUpMs.length < recentBounds.setUpsPerMinute) slot.setUpMs.push(lengthMs);
  }

  /** Minutes in which calls ended, oldest first. */
  minutes(): readonly RecentMinute[] {
    return this.#kept().filter(({ ended }) => Object.keys(ended).length > 0);
  }

  /** Undefined where no call was set up. */
  setUpFigures(): SetUpFigures | undefined {
    const slots = this.#kept();
    const sorted = Float64Array.from(slots.flatMap(({ setUpMs }) => setUpMs)).sort();
    if (sorted.length === 0) return undefined;
    const calls = slots.reduce((sum, { setUps }) => sum + setUps, 0);
    return { calls, p50Ms: Math.round(percentile(sorted, 50)), p95Ms: Math.round(percentile(sorted, 95)) };
  }

  /** What is older goes; so does what is of the future, where the clock was set back. */
  #kept(): readonly Slot[] {
    const nowMs = this.#clock.now();
    const firstMs = Math.floor(nowMs / minuteMs) * minuteMs - (recentBounds.minutes - 1) * minuteMs;
    return this.#slots.filter(({ startMs }) => startMs >= firstMs && startMs <= nowMs);
  }

  #slot(): Slot {
    const startMs = Math.floor(this.#clock.now() / minuteMs) * minuteMs;
    const last = this.#slots.at(-1);
    if (last?.startMs === startMs) return last;
    const slot: Slot = { startMs, ended: {}, setUpMs: [], setUps: 0 };
    this.#slots.push(slot);
    if (this.#slots.length > recentBounds.minutes) this.#slots.shift();
    return slot;
  }
}
