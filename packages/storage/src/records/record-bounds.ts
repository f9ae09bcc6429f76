import { samplesPerSideMax } from "@echoo/core";

/** How the writer and the sweeper pace themselves. */
export const recordBounds = {
  /** Entries of the outbox stored together. */
  groupEntries: 500,
  /** The least time between two groups; what is queued waits no longer than this for its group. */
  groupEveryMs: 20,
  /** Waits while the store is away: doubled each time, with as much again by chance. */
  firstBackoffMs: 100,
  longestBackoffMs: 10_000,
  /** Sides whose summary is followed at once; past it the oldest is forgotten, and merely computed once more. */
  followedSides: 20_000,
  /**
   * Samples of one side: what its summary is of, the longest call at one every 2 s; and what the store may have before
   * it is brought down to that.
   */
  samplesPerSide: samplesPerSideMax,
  storedPerSide: 27_000,
  /**
   * Samples whose figures stay in memory, 88 bytes each; past it those of the sides go for which none came for longest,
   * and are read back when a summary is due.
   */
  rememberedSamples: 800_000,
  /** What of a side is read at once: a few milliseconds' work. One batch is read whatever its size. */
  batchesPerPage: 200,
  charsPerPage: 256 * 1024,
  /** Samples taken in before anything else gets a turn. */
  samplesPerStep: 300,
  /** Summaries computed at the same time. */
  summariesAtOnce: 8,
  /**
   * A summary of a running call is renewed at most this often, and the less often the longer the call. After the end of
   * the call it is renewed sooner where so many times the late samples are at least as many as it is of.
   */
  summaryEveryMs: 15_000,
  lateShare: 10,
  summaryAtLeastEveryMs: 600_000,
  /** Calls whose verdicts are made in one step, and told of so long after their ends; of more that wait the oldest at once. */
  verdictsPerStep: 25,
  verdictAfterMs: 60_000,
  waitingVerdicts: 100_000,
  /** How long ago an hour may be that is counted anew, and how long what was counted is kept: 13 months. */
  recountedDays: 7,
  qualityHoursDays: 396,
  /** How often marked hours are looked for, how long one node has a claimed one, and calls counted in one step. */
  countEveryMs: 60_000,
  hourClaimMs: 600_000,
  countedPerStep: 100,
  /**
   * What makes room in one go for a call that a client told of: more than come, so that what was over the bound before
   * there was one goes in time.
   */
  roomPerReport: 20,
  /** Deleted in one step of the sweep, and the pause before the next. */
  sweepCalls: 100,
  sweepSamples: 500,
  sweepHours: 500,
  sweepDevices: 200,
  sweepWebhooks: 100,
  sweepPauseMs: 50,
  sweepEveryMs: 3_600_000,
} as const;

/** How far what is asked of a history looks. */
export const historyBounds = {
  /** One page, for calls that pass its filter. */
  lookedPerStep: 1_000,
  stepsPerPage: 20,
  /** Missed calls that wait to be seen. */
  unseenCounted: 100_000,
} as const;
