/**
 * How much the journal holds, with the unit in each name. At 100 calls a second the records last for over an hour
 * without a database.
 *
 * Past their bound the oldest samples go: those of calls that a user may still ask about are the newest, and a call is
 * rather missing whole than cut off in the middle. Of records and of what clients report the newcomer is dropped: each
 * is all that there is of its call, and a newcomer that is dropped needs no room on a disk that is full. Of what was
 * set aside the oldest goes: the newest is what an operator looks into.
 */
export const journalBounds = {
  queuedRecords: 500_000,
  queuedRecordChars: 512 * 1024 * 1024,
  /** Batches of samples. */
  queuedSamples: 100_000,
  queuedSampleChars: 256 * 1024 * 1024,
  /** What clients report of their calls. */
  queuedReports: 100_000,
  queuedReportChars: 64 * 1024 * 1024,
  /** Looked at as one group; one entry is a group whatever its size. */
  groupChars: 1024 * 1024,
  tombstones: 100_000,
  /** Expired tombstones deleted with each new one: more than come, so that they never pile up. */
  expiredPerTombstone: 2,
  /** What nothing can be made of, with so much of why; the newest stays whatever its size. */
  setAsideEntries: 10_000,
  setAsideBytes: 64 * 1024 * 1024,
  setAsideWhyChars: 500,
  /** Kept in memory while the disk fails. */
  unwrittenEnded: 50_000,
  unwrittenSamples: 5_000,
  unwrittenReports: 5_000,
} as const;

export type JournalBounds = { readonly [K in keyof typeof journalBounds]: number };
