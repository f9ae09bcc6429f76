import {
  type Beat,
  type Clock,
  type JournalBatch,
  JournalUnavailable,
  type OutboxCounts,
  type OutboxGroup,
} from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { LiveTables } from "./live-tables.ts";
import type { OpenJournal } from "./open-sqlite-journal.ts";
import { OutboxTable } from "./outbox-table.ts";
import { Unwritten } from "./unwritten.ts";
import { WalSyncer } from "./wal-syncer.ts";

/** How long after a failed commit the journal tries again by itself. */
const retryAfterMs = 1000;

const nothing: JournalBatch = { live: [], ended: [], samples: [], reported: [] };

/** The journal in a SQLite file of its own: one transaction a commit. */
export class SqliteJournal implements OpenJournal {
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #live: LiveTables;
  readonly #outbox: OutboxTable;
  readonly #unwritten: Unwritten;
  readonly #syncer: WalSyncer;
  readonly #queuedListeners = new Set<() => void>();
  #fault: JournalUnavailable | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(file: SqliteFile, bounds: JournalBounds, clock: Clock, onFault: (error: unknown) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#live = new LiveTables(file, bounds);
    this.#outbox = new OutboxTable(file, bounds);
    this.#unwritten = new Unwritten(bounds);
    this.#syncer = new WalSyncer(`${file.path}-wal`, clock, onFault);
  }

  get fault(): JournalUnavailable | undefined {
    return this.#fault;
  }

  commit(batch: JournalBatch): void {
    try {
      if (!this.#unwritten.isEmpty) {
        this.#write(this.#unwritten.toBatch(), batch);
        this.#unwritten.clear();
      } else {
        this.#write(batch);
      }
      this.#fault = undefined;
    } catch (error) {
      if (error instanceof JournalUnavailable) this.#keep(batch, error);
      throw error;
    }
  }

  beat(beat: Beat): void {
    this.#file.transaction(() => this.#live.beat(beat));
    this.#syncer.wrote();
  }

  get lastBeat(): Beat | undefined {
    return this.#live.lastBeat();
  }

  load() {
    return this.#file.transaction(() => this.#live.load(this.#clock.now()));
  }

  peek(maxEntries: number): OutboxGroup | undefined {
    return this.#outbox.peek(maxEntries);
  }

  drop(throughSeq: number): void {
    this.#changeOutbox(() => this.#outbox.drop(throughSeq));
  }

  pending(): OutboxCounts {
    const counts = this.#outbox.room.counts();
    return {
      ...counts,
      droppedRecords: counts.droppedRecords + this.#unwritten.droppedRecords,
      droppedSamples: counts.droppedSamples + this.#unwritten.droppedSamples,
    };
  }

  replaceUser(userId: string, replacement: string): void {
    // What waits in memory must not bring the number back later.
    if (!this.#unwritten.isEmpty) this.commit(nothing);
    this.#changeOutbox(() => {
      this.#live.replaceUser(userId, replacement);
      this.#outbox.replaceUser(userId, replacement);
    });
  }

  onQueued(run: () => void): () => void {
    this.#queuedListeners.add(run);
    return () => void this.#queuedListeners.delete(run);
  }

  async close(): Promise<void> {
    this.#cancelRetry?.();
    try {
      if (!this.#unwritten.isEmpty) this.commit(nothing);
    } finally {
      this.#cancelRetry?.();
      await this.#syncer.close();
      this.#file.close();
    }
  }

  #write(...batches: readonly JournalBatch[]): void {
    let hasQueued = false;
    this.#changeOutbox(() => {
      for (const batch of batches) {
        this.#live.write(batch);
        hasQueued = this.#outbox.write(batch) || hasQueued;
      }
    });
    if (hasQueued) for (const run of this.#queuedListeners) run();
  }

  /** One transaction; when it fails, the counts are those of before, as the file is. */
  #changeOutbox(change: () => void): void {
    const mark = this.#outbox.room.mark();
    try {
      this.#file.transaction(change);
    } catch (error) {
      this.#outbox.backTo(mark);
      throw error;
    }
    this.#syncer.wrote();
  }

  #keep(batch: JournalBatch, error: JournalUnavailable): void {
    this.#unwritten.add(batch);
    this.#fault = error;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.after(retryAfterMs, () => this.#retry());
  }

  #retry(): void {
    this.#cancelRetry = undefined;
    if (this.#unwritten.isEmpty) return;
    try {
      this.commit(nothing);
    } catch (error) {
      this.#onFault(error);
    }
  }
}
