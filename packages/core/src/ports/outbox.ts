import type { CallRecord } from "../call/record.ts";
import type { ReportedStats, SampleBatch } from "./journal.ts";

/** The oldest of what waits for the store. */
export interface OutboxGroup {
  readonly records: readonly CallRecord[];
  readonly samples: readonly SampleBatch[];
  readonly reported: readonly ReportedStats[];
  /** Names what is in the group; for `drop`. */
  readonly throughSeq: number;
  /** What names one entry of it, by that entry; for `setEntryAside`. */
  readonly seqOf: ReadonlyMap<CallRecord | SampleBatch | ReportedStats, number>;
}

export interface OutboxCounts {
  readonly records: number;
  /** Batches of samples, and summaries of clients. */
  readonly samples: number;
  /** Since the start: what came when there was no more room. Samples go long before a record does. */
  readonly droppedRecords: number;
  readonly droppedSamples: number;
  /** Entries, calls among them, that wait for nothing: they were set aside and are kept for people to look at. */
  readonly setAside: number;
}

/** What the journal holds for the store: ended calls and statistics, until they are dropped. */
export interface Outbox {
  /**
   * The oldest entries, in the order they were committed; undefined when nothing waits. Changes nothing, but for
   * entries of which nothing can be made: those are set aside.
   */
  peek(maxEntries: number): OutboxGroup | undefined;
  /**
   * What `peek` gives, to be stored now, which is noted on the disk before it is given. What a process died over comes
   * one entry at a time in the next one, and an entry that two died over is set aside at the start of the third.
   */
  begin(maxEntries: number): OutboxGroup | undefined;
  /** What `begin` gave could not be stored, and this process lives: it is nothing that processes die over. */
  giveBack(): void;
  /** Whether a process died over what `begin` gives next. */
  readonly isSuspect: boolean;
  /** Forgets what `peek` or `begin` gave, once it is stored. Again: changes nothing. */
  drop(throughSeq: number): void;
  /** An entry that the store refuses: it waits no longer, and is kept for the operator to look at. */
  setEntryAside(seq: number, error: unknown): void;
  pending(): OutboxCounts;
  /**
   * An erased account: its number is replaced in all that the journal holds, queued or not, and its queued statistics
   * are dropped. For a journal that is being drained call `RecordWriter.erase`.
   */
  replaceUser(userId: string, replacement: string): void;
  /** Calls `run` after each commit that queued something; the result ends that. */
  onQueued(run: () => void): () => void;
}
