import type { CallRecord } from "../call/record.ts";
import type { ReportedStats, SampleBatch } from "./journal.ts";

/** The oldest of what waits for the store. */
export interface OutboxGroup {
  readonly records: readonly CallRecord[];
  readonly samples: readonly SampleBatch[];
  readonly reported: readonly ReportedStats[];
  /** Names what is in the group; for `drop`. */
  readonly throughSeq: number;
}

export interface OutboxCounts {
  readonly records: number;
  /** Batches of samples, and summaries of clients. */
  readonly samples: number;
  /** Since the start: what came when there was no more room. Samples go long before a record does. */
  readonly droppedRecords: number;
  readonly droppedSamples: number;
}

/** What the journal holds for the store: ended calls and statistics, until they are dropped. */
export interface Outbox {
  /** The oldest entries, in the order they were committed; undefined when nothing waits. Changes nothing. */
  peek(maxEntries: number): OutboxGroup | undefined;
  /** Forgets what `peek` gave, once it is stored. Again: changes nothing. */
  drop(throughSeq: number): void;
  pending(): OutboxCounts;
  /**
   * An erased account: its number is replaced in all that the journal holds, queued or not, and its queued statistics
   * are dropped. For a journal that is being drained call `RecordWriter.erase`.
   */
  replaceUser(userId: string, replacement: string): void;
  /** Calls `run` after each commit that queued something; the result ends that. */
  onQueued(run: () => void): () => void;
}
