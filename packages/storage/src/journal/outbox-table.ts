import {
  type CallRecord,
  type JournalBatch,
  journalFormat,
  type OutboxGroup,
  type ReportedStats,
  readBody,
  type SampleBatch,
} from "@echoo/core";
import type { Damaged } from "../sqlite/query.ts";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { type Kind, OutboxQuota, type QuotaMark } from "./outbox-quota.ts";
import { RewrittenTable } from "./rewritten-table.ts";
import { damagedText, type Unusable } from "./set-aside-table.ts";
import { StoringNote } from "./storing-note.ts";

interface OutboxRow {
  readonly seq: number;
  readonly kind: string;
  readonly format: number;
  readonly body: string;
}

interface KindAmount {
  /** Null for kinds that are not known. */
  readonly kind: Kind | null;
  readonly entries: number;
  readonly chars: number;
}

type FoundRow = OutboxRow | Damaged<OutboxRow>;

/** Damage may have made another word of a kind; such an entry has no room that it takes. */
const knownKind = "CASE WHEN kind IN ('record', 'samples', 'reported') THEN kind END";

function statements(file: SqliteFile) {
  const amounts = (where: string) =>
    file.prepare<KindAmount>(
      `SELECT ${knownKind} AS kind, count(*) AS entries, sum(length(body)) AS chars FROM outbox WHERE ${where} GROUP BY 1`,
    );
  return {
    insert: file.prepare(
      `INSERT INTO outbox (seq, kind, reporter, format, body) VALUES (?, ?, ?, ${journalFormat}, ?)`,
    ),
    next: file.prepare<OutboxRow>("SELECT seq, kind, format, body FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?"),
    one: file.prepare<OutboxRow>("SELECT seq, kind, format, body FROM outbox WHERE seq = ?"),
    oldestSamples: file.prepare<{ seq: number; chars: number }>(
      "SELECT seq, length(body) AS chars FROM outbox WHERE seq > ? AND kind = 'samples' ORDER BY seq LIMIT ?",
    ),
    dropOne: file.prepare("DELETE FROM outbox WHERE seq = ?"),
    drop: file.prepare("DELETE FROM outbox WHERE seq <= ?"),
    amounts: amounts("seq <= ?"),
    amountOf: amounts("seq = ?"),
    last: file.prepare<{ seq: number | null }>("SELECT max(seq) AS seq FROM outbox"),
    dropReporter: file.prepare("DELETE FROM outbox WHERE reporter = ?"),
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
  readonly #rewritten: RewrittenTable;
  readonly note: StoringNote;
  /** There are no samples up to this number. */
  #samplesAfter = 0;
  readonly room: OutboxQuota;
  /** Counted here and never used twice by one process: an entry's number must not name a later one. */
  #lastSeq: number;

  constructor(file: SqliteFile, bounds: JournalBounds) {
    this.#sql = statements(file);
    this.#groupChars = bounds.groupChars;
    this.room = new OutboxQuota(bounds);
    this.#rewritten = new RewrittenTable(file, {
      table: "outbox",
      key: "seq",
      kind: knownKind,
      // Samples name no user but their reporter.
      where: "kind <> 'samples'",
    });
    this.note = new StoringNote(file);
    this.#lastSeq = Math.max(this.#sql.last.get()?.seq ?? 0, this.note.lastSeq);
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

  /** `unusable` gets what nothing can be made of. */
  peek(maxEntries: number, unusable: (entry: Unusable) => void): OutboxGroup | undefined {
    for (;;) {
      const rows = this.#oldest(maxEntries);
      const last = rows.at(-1);
      if (last === undefined) return undefined;
      const group = new Group();
      for (const row of rows) {
        const error = group.add(row);
        if (error !== undefined) unusable(this.unusable(row, error));
      }
      if (group.seqOf.size > 0) return { ...group, throughSeq: last.seq };
    }
  }

  /** How the entry is set aside; undefined where it waits no longer. */
  find(seq: number, error: unknown): Unusable | undefined {
    const [row] = this.#sql.one.allWithDamaged(seq);
    return row && this.unusable(row, error);
  }

  unusable({ seq, kind, body }: FoundRow, error: unknown): Unusable {
    return { table: "outbox", id: seq, kind: isKind(kind) ? kind : "unknown", callId: callIdIn(body), error };
  }

  get isSuspect(): boolean {
    const [first] = this.#sql.next.allWithDamaged(0, 1);
    return first !== undefined && this.note.isSuspect(first.seq);
  }

  /** Before it is dropped or moved elsewhere. */
  releaseRoomOf(seq: number): void {
    this.#release(this.#sql.amountOf.all(seq));
  }

  drop(throughSeq: number): void {
    this.#release(this.#sql.amounts.all(throughSeq));
    this.#sql.drop.run(throughSeq);
    this.note.end();
  }

  replaceUser(id: string, replacement: string): void {
    this.#sql.dropReporter.run(id);
    this.#rewritten.replaceUser(id, replacement);
    this.recount();
  }

  /** After a transaction that failed: the counts of rows and bytes are again what they were before it. */
  backTo(mark: QuotaMark): void {
    this.room.backTo(mark);
    this.#samplesAfter = 0;
  }

  /** Counts afresh: at the start, and where entries changed their size. */
  recount(): void {
    this.room.reset();
    for (const { kind, entries, chars } of this.#sql.amounts.all(Number.MAX_SAFE_INTEGER)) {
      if (kind !== null) this.room.take(kind, entries, chars);
    }
  }

  #release(amounts: readonly KindAmount[]): void {
    for (const { kind, entries, chars } of amounts) if (kind !== null) this.room.release(kind, entries, chars);
  }

  #queue(kind: Kind, reporter: string | null, entry: CallRecord | SampleBatch | ReportedStats): void {
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
  #oldest(maxEntries: number): readonly FoundRow[] {
    const rows: FoundRow[] = [];
    let chars = 0;
    for (;;) {
      const look = this.#sql.next.allWithDamaged(rows.at(-1)?.seq ?? 0, Math.min(perLook, maxEntries - rows.length));
      for (const row of look) {
        const length = row.body?.length ?? 0;
        if (rows.length > 0 && chars + length > this.#groupChars) return rows;
        chars += length;
        rows.push(row);
      }
      if (look.length < perLook || rows.length >= maxEntries) return rows;
    }
  }
}

/** What is in a group, as it is made of its rows. */
class Group {
  readonly records: CallRecord[] = [];
  readonly samples: SampleBatch[] = [];
  readonly reported: ReportedStats[] = [];
  readonly seqOf = new Map<CallRecord | SampleBatch | ReportedStats, number>();

  /** The result is why nothing can be made of the row. */
  add({ seq, kind, format, body }: FoundRow): unknown {
    if (body === undefined || format === undefined) return damagedText;
    if (!isKind(kind)) return "it is of an unknown kind";
    try {
      switch (kind) {
        case "record":
          return this.#put(this.records, readBody(kind, body, format), seq);
        case "samples":
          return this.#put(this.samples, readBody(kind, body, format), seq);
        case "reported":
          return this.#put(this.reported, readBody(kind, body, format), seq);
      }
    } catch (error) {
      return error;
    }
  }

  #put<T extends CallRecord | SampleBatch | ReportedStats>(list: T[], entry: T, seq: number): undefined {
    list.push(entry);
    this.seqOf.set(entry, seq);
  }
}

function isKind(kind: string | undefined): kind is Kind {
  return kind === "record" || kind === "samples" || kind === "reported";
}

/** Where the body says so, whatever else is wrong with it. */
function callIdIn(body: string | undefined): string | undefined {
  try {
    const { callId } = JSON.parse(body ?? "") as { readonly callId?: unknown };
    return typeof callId === "string" ? callId : undefined;
  } catch {
    return undefined;
  }
}
