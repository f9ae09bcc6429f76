import type { EndedCall, JournalBatch, OutboxGroup, ReportedStats, SampleBatch } from "@echoo/core";
import { replaceUser } from "../../records/replace-user.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { OutboxRoom, type RoomMark } from "./outbox-room.ts";

export type Kind = "record" | "samples" | "reported";

interface OutboxRow {
  readonly seq: number;
  readonly kind: Kind;
  readonly body: string;
}

function statements(file: SqliteFile) {
  return {
    insert: file.prepare("INSERT INTO outbox (seq, kind, reporter, body) VALUES (?, ?, ?, ?)"),
    next: file.prepare<OutboxRow>("SELECT seq, kind, body FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?"),
    oldestSamples: file.prepare<{ seq: number; chars: number }>(
      "SELECT seq, length(body) AS chars FROM outbox WHERE seq > ? AND kind = 'samples' ORDER BY seq LIMIT ?",
    ),
    dropOne: file.prepare("DELETE FROM outbox WHERE seq = ?"),
    drop: file.prepare("DELETE FROM outbox WHERE seq <= ?"),
    amounts: file.prepare<{ kind: Kind; entries: number; chars: number }>(
      "SELECT kind, count(*) AS entries, sum(length(body)) AS chars FROM outbox WHERE seq <= ? GROUP BY kind",
    ),
    last: file.prepare<{ seq: number | null }>("SELECT max(seq) AS seq FROM outbox"),
    dropReporter: file.prepare("DELETE FROM outbox WHERE reporter = ?"),
    naming: file.prepare<OutboxRow>(
      "SELECT seq, kind, body FROM outbox WHERE kind <> 'samples' AND instr(body, ?) > 0",
    ),
    rewrite: file.prepare("UPDATE outbox SET body = ? WHERE seq = ?"),
  };
}

/** Entries read in one look: with the usual ones a group has many looks, with the largest one. */
const perLook = 16;
/** The oldest samples that make room together. */
const perRoom = 64;

/** The queue for the store. Each method that writes runs inside a transaction of its caller. */
export class OutboxTable {
  readonly #sql;
  readonly #groupChars: number;
  /** There are no samples up to this number. */
  #samplesAfter = 0;
  readonly room: OutboxRoom;
  /** Counted here and never used twice by one process: an entry's number must not name a later one. */
  #lastSeq: number;

  constructor(file: SqliteFile, bounds: JournalBounds) {
    this.#sql = statements(file);
    this.#groupChars = bounds.groupChars;
    this.room = new OutboxRoom(bounds);
    this.#lastSeq = this.#sql.last.get()?.seq ?? 0;
    this.recount();
  }

  /** Tells whether anything was queued. */
  write(batch: JournalBatch): boolean {
    const before = this.#lastSeq;
    for (const { record } of batch.ended) if (record !== undefined) this.#queue("record", null, record);
    for (const samples of batch.samples) this.#queue("samples", samples.reporter, samples);
    for (const reported of batch.reported) this.#queue("reported", reported.reporter, reported);
    return this.#lastSeq > before;
  }

  peek(maxEntries: number): OutboxGroup | undefined {
    const rows = this.#oldest(maxEntries);
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const of = <T>(kind: Kind) => rows.filter((row) => row.kind === kind).map((row) => JSON.parse(row.body) as T);
    return {
      records: of<EndedCall>("record"),
      samples: of<SampleBatch>("samples"),
      reported: of<ReportedStats>("reported"),
      throughSeq: last.seq,
    };
  }

  drop(throughSeq: number): void {
    const amounts = this.#sql.amounts.all(throughSeq);
    this.#sql.drop.run(throughSeq);
    for (const { kind, entries, chars } of amounts) this.room.release(kind, entries, chars);
  }

  replaceUser(id: string, replacement: string): void {
    this.#sql.dropReporter.run(id);
    for (const row of this.#sql.naming.all(id)) {
      this.#sql.rewrite.run(rewritten(row, id, replacement), row.seq);
    }
    this.recount();
  }

  /** After a transaction that failed: the rows and the room are those of before. */
  backTo(mark: RoomMark): void {
    this.room.backTo(mark);
    this.#samplesAfter = 0;
  }

  /** Counts afresh: at the start, and where entries changed their size. */
  recount(): void {
    this.room.reset();
    for (const { kind, entries, chars } of this.#sql.amounts.all(Number.MAX_SAFE_INTEGER)) {
      this.room.take(kind, entries, chars);
    }
  }

  #queue(kind: Kind, reporter: string | null, entry: EndedCall | SampleBatch | ReportedStats): void {
    const body = JSON.stringify(entry);
    if (kind === "samples" && !this.room.fits(kind, body.length)) this.#makeRoom();
    if (!this.room.fits(kind, body.length)) {
      this.room.countDropped(kind, 1);
      return;
    }
    this.room.take(kind, 1, body.length);
    this.#sql.insert.run(++this.#lastSeq, kind, reporter, body);
  }

  #makeRoom(): void {
    for (const { seq, chars } of this.#sql.oldestSamples.all(this.#samplesAfter, perRoom)) {
      this.#sql.dropOne.run(seq);
      this.room.release("samples", 1, chars);
      this.room.countDropped("samples", 1);
      this.#samplesAfter = seq;
    }
  }

  /** A few at a time, so that the texts of a group have a bound, whatever its entries are. */
  #oldest(maxEntries: number): readonly OutboxRow[] {
    const rows: OutboxRow[] = [];
    let chars = 0;
    for (;;) {
      const look = this.#sql.next.all(rows.at(-1)?.seq ?? 0, Math.min(perLook, maxEntries - rows.length));
      for (const row of look) {
        if (rows.length > 0 && chars + row.body.length > this.#groupChars) return rows;
        chars += row.body.length;
        rows.push(row);
      }
      if (look.length < perLook || rows.length >= maxEntries) return rows;
    }
  }
}

function rewritten(row: OutboxRow, id: string, replacement: string): string {
  if (row.kind !== "reported") return replaceUser(row.body, id, replacement);
  const reported = JSON.parse(row.body) as ReportedStats;
  return JSON.stringify({ ...reported, body: replaceUser(reported.body, id, replacement) });
}
