import type { EndedCall, JournalBatch, OutboxGroup, ReportedStats, SampleBatch } from "@echoo/core";
import { replaceUser } from "../../records/replace-user.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { OutboxRoom } from "./outbox-room.ts";

export type Kind = "record" | "samples" | "reported";

interface OutboxRow {
  readonly seq: number;
  readonly kind: Kind;
  readonly body: string;
}

function statements(file: SqliteFile) {
  return {
    insert: file.prepare("INSERT INTO outbox (seq, kind, reporter, body) VALUES (?, ?, ?, ?)"),
    oldest: file.prepare<OutboxRow>("SELECT seq, kind, body FROM outbox ORDER BY seq LIMIT ?"),
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

/** The queue for the store. Each method that writes runs inside a transaction of its caller. */
export class OutboxTable {
  readonly #sql;
  readonly room: OutboxRoom;
  /** Counted here and never used twice by one process: an entry's number must not name a later one. */
  #lastSeq: number;

  constructor(file: SqliteFile, bounds: JournalBounds) {
    this.#sql = statements(file);
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
    const rows = this.#sql.oldest.all(maxEntries);
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

  /** Counts afresh: at the start, and where entries changed their size. */
  recount(): void {
    this.room.reset();
    for (const { kind, entries, chars } of this.#sql.amounts.all(Number.MAX_SAFE_INTEGER)) {
      this.room.take(kind, entries, chars);
    }
  }

  #queue(kind: Kind, reporter: string | null, entry: EndedCall | SampleBatch | ReportedStats): void {
    const body = JSON.stringify(entry);
    if (!this.room.admit(kind, body.length)) return;
    this.#sql.insert.run(++this.#lastSeq, kind, reporter, body);
  }
}

function rewritten(row: OutboxRow, id: string, replacement: string): string {
  if (row.kind !== "reported") return replaceUser(row.body, id, replacement);
  const reported = JSON.parse(row.body) as ReportedStats;
  return JSON.stringify({ ...reported, body: replaceUser(reported.body, id, replacement) });
}
