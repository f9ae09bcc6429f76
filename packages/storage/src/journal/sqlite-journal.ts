import {
  type Beat,
  type Clock,
  type JournalBatch,
  JournalUnavailable,
  type OutboxCounts,
  type OutboxGroup,
} from "@echoo/core";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { LiveTables } from "./live-tables.ts";
import type { OpenJournal } from "./open-journal.ts";
import { OutboxTable } from "./outbox-table.ts";
import { type SetAside, SetAsideTable, type Unusable } from "./set-aside-table.ts";
import { UnflushedBatch } from "./unflushed-batch.ts";
import { WalSyncer } from "./wal-syncer.ts";

/** How long after a failed commit the journal tries again by itself. */
const retryAfterMs = 1000;

/** Who is told of what happens to the journal by itself. */
interface Told {
  readonly onFault: (error: unknown) => void;
  readonly onSetAside: (entry: SetAside) => void;
}

const nothing: JournalBatch = { live: [], ended: [], samples: [], reported: [] };

/** The journal in a SQLite file of its own: one transaction a commit. */
export class SqliteJournal implements OpenJournal {
  readonly #file: SqliteFile;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #onSetAside: (entry: SetAside) => void;
  readonly #live: LiveTables;
  readonly #outbox: OutboxTable;
  readonly #aside: SetAsideTable;
  readonly #unwritten: UnflushedBatch;
  readonly #syncer: WalSyncer;
  readonly #queuedListeners = new Set<() => void>();
  #fault: JournalUnavailable | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(file: SqliteFile, bounds: JournalBounds, clock: Clock, told: Told) {
    this.#file = file;
    this.#clock = clock;
    this.#onFault = told.onFault;
    this.#onSetAside = told.onSetAside;
    this.#live = new LiveTables(file, bounds);
    this.#outbox = new OutboxTable(file, bounds);
    this.#aside = new SetAsideTable(file, bounds);
    this.#unwritten = new UnflushedBatch(bounds);
    this.#syncer = new WalSyncer(`${file.path}-wal`, clock, told.onFault);
  }

  /** Once, at the start: sets aside what a second process died over. */
  takeDeath(): void {
    try {
      const seq = this.#file.transaction(() => this.#outbox.note.takeDeath());
      if (seq !== undefined) this.setEntryAside(seq, "two processes died while they stored it");
    } catch (error) {
      // A full disk is no reason not to start: the note stays, and the next start reads it.
      this.#onFault(error);
    }
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
    this.#file.transaction(() => this.#live.dropOld(this.#clock.now()));
    return this.#live.load((entry) => {
      try {
        this.#setAside(entry);
      } catch (error) {
        // It stays where it is, and the next start looks at it again.
        this.#onFault(error);
      }
    });
  }

  setCallAside(kind: "live" | "ended", callId: string, error: unknown): void {
    const place = this.#live.find(kind, callId);
    if (place !== undefined) this.#setAside({ ...place, kind, callId, error });
  }

  peek(maxEntries: number): OutboxGroup | undefined {
    return this.#outbox.peek(maxEntries, (entry) => this.#setAside(entry));
  }

  get isSuspect(): boolean {
    return this.#outbox.isSuspect;
  }

  begin(maxEntries: number): OutboxGroup | undefined {
    const group = this.peek(this.isSuspect ? 1 : maxEntries);
    if (group !== undefined) this.#changeOutbox(() => this.#outbox.note.begin(group.throughSeq));
    return group;
  }

  giveBack(): void {
    this.#changeOutbox(() => this.#outbox.note.end());
  }

  setEntryAside(seq: number, error: unknown): void {
    const entry = this.#outbox.find(seq, error);
    if (entry !== undefined) this.#setAside(entry);
  }

  drop(throughSeq: number): void {
    this.#changeOutbox(() => this.#outbox.drop(throughSeq));
  }

  pending(): OutboxCounts {
    const counts = this.#outbox.room.counts();
    return {
      ...counts,
      setAside: this.#aside.entries,
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
      this.#aside.replaceUser(userId, replacement);
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
    const [first] = batches;
    if (batches.length === 1 && first && this.#live.writeAlone(first)) {
      this.#syncer.wrote();
      return;
    }
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
      this.#aside.recount();
      throw error;
    }
    this.#syncer.wrote();
  }

  #setAside(entry: Unusable): void {
    let told: SetAside | undefined;
    this.#changeOutbox(() => {
      if (entry.table === "outbox") this.#outbox.releaseRoomOf(entry.id);
      told = this.#aside.put(entry, this.#clock.now());
      if (entry.table === "live" && entry.callId !== undefined) this.#live.dropChangesOf(entry.callId);
    });
    if (told !== undefined) this.#onSetAside(told);
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
