import type { Beat, Journal, JournalUnavailable, Outbox } from "@echoo/core";

/** A journal that can also be drained, and says whether it is well. */
export interface OpenJournal extends Journal, Outbox {
  /** The newest one, of this process or of the one before. */
  readonly lastBeat: Beat | undefined;
  /** What the disk last failed with, while something still waits in memory for it. */
  readonly fault: JournalUnavailable | undefined;
  close(): Promise<void>;
}
