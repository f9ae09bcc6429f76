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
  /** Summaries computed at the same time. */
  summariesAtOnce: 8,
  /** A summary of a running call is renewed at most this often, and the less often the longer the call. */
  summaryEveryMs: 15_000,
  summaryAtLeastEveryMs: 600_000,
  /** Deleted in one step of the sweep, and the pause before the next. */
  sweepCalls: 100,
  sweepSamples: 500,
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
