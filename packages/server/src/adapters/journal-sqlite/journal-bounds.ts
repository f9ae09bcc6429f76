/**
 * How much the journal holds, with the unit in each name. At 100 calls a second the records last for over an hour
 * without a database. Past a bound the newcomer is dropped and counted: it costs nothing, and works on a full disk.
 */
export const journalBounds = {
  queuedRecords: 500_000,
  queuedRecordChars: 512 * 1024 * 1024,
  /** Batches of samples, and what clients report. */
  queuedSamples: 100_000,
  queuedSampleChars: 256 * 1024 * 1024,
  tombstones: 100_000,
  /** Expired tombstones deleted with each new one: more than come, so that they never pile up. */
  expiredPerTombstone: 2,
  /** Kept in memory while the disk fails. */
  unwrittenEnded: 50_000,
  unwrittenSamples: 5_000,
} as const;

export type JournalBounds = { readonly [K in keyof typeof journalBounds]: number };
