import {
  type Beat,
  type BodyKind,
  currentBody,
  type Instant,
  type Journal,
  type JournalBatch,
  journalFormat,
  type LiveCallEntry,
  type LoadedCall,
  type Steady,
  type TombstoneEntry,
  timelineAt,
  UnusableBody,
} from "@echoo/core";
import type { Damaged } from "../sqlite/query.ts";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { ChangesReader, LiveChanges, type WholeBody } from "./live-changes.ts";
import { RewrittenTable } from "./rewritten-table.ts";
import { damagedText, type Unusable } from "./set-aside-table.ts";

interface EntryRow {
  readonly id: number;
  readonly call_id: string;
  readonly format: number;
  readonly body: string;
  readonly expires_at_ms: Steady;
}

interface BeatRow {
  readonly alive_at_ms: number;
  /** Absent in a journal of an older version: its times are of the wall clock. */
  readonly steady_ms: number | null;
}

/** Entries read in one look: a body may have some hundred kilobytes. */
const perLook = 64;

/** A commit notes that the node lives where it last did so this long ago: the note is 10 µs of a small commit's 35. */
const beatEveryMs = 20;

const tableOf = { live: "live", ended: "tombstones" } as const;
type Kind = keyof typeof tableOf & BodyKind;

function statements(file: SqliteFile) {
  const oldest = "SELECT id FROM tombstones";
  const entries = (columns: string, table: string) => ({
    page: file.prepare<EntryRow>(
      `SELECT id, call_id, format, body, ${columns} FROM ${table} WHERE id > ? ORDER BY id LIMIT ${perLook}`,
    ),
    idOf: file.prepare<{ id: number }>(`SELECT id FROM ${table} WHERE call_id = ?`),
  });
  return {
    putLive: file.prepare(
      `INSERT INTO live (call_id, format, body) VALUES (?, ${journalFormat}, ?)
         ON CONFLICT (call_id) DO UPDATE SET format = excluded.format, body = excluded.body`,
    ),
    dropLive: file.prepare("DELETE FROM live WHERE call_id = ?"),
    bury: file.prepare(
      `INSERT OR REPLACE INTO tombstones (call_id, expires_at_ms, format, body) VALUES (?, ?, ${journalFormat}, ?)`,
    ),
    dropExpired: file.prepare(
      `DELETE FROM tombstones WHERE id IN (${oldest} WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?)`,
    ),
    dropOldest: file.prepare(`DELETE FROM tombstones WHERE id IN (${oldest} ORDER BY expires_at_ms LIMIT ?)`),
    countTombstones: file.prepare<{ n: number }>("SELECT count(*) AS n FROM tombstones"),
    beat: file.prepare("INSERT OR REPLACE INTO beat (id, alive_at_ms, steady_ms) VALUES (1, ?, ?)"),
    lastBeat: file.prepare<BeatRow>("SELECT alive_at_ms, steady_ms FROM beat"),
    live: entries("0 AS expires_at_ms", "live"),
    ended: entries("expires_at_ms", "tombstones"),
  };
}

/** Unfinished calls and tombstones. Each method that writes runs inside a transaction of its caller. */
export class LiveTables {
  readonly #bounds: Pick<JournalBounds, "tombstones" | "expiredPerTombstone">;
  readonly #sql;
  readonly #changes: LiveChanges;
  readonly #changesOf: ChangesReader;
  readonly #rewritten: readonly RewrittenTable[];
  #beatAtMs: Steady = Number.NEGATIVE_INFINITY;

  constructor(file: SqliteFile, bounds: Pick<JournalBounds, "tombstones" | "expiredPerTombstone">) {
    this.#bounds = bounds;
    this.#sql = statements(file);
    this.#changes = new LiveChanges(file);
    this.#changesOf = new ChangesReader(file);
    this.#rewritten = [
      new RewrittenTable(file, { table: "live", key: "id", kind: "'live'" }),
      new RewrittenTable(file, { table: "tombstones", key: "id", kind: "'ended'" }),
    ];
  }

  write(batch: Pick<JournalBatch, "live" | "ended" | "beat">): void {
    const { beat } = batch;
    if (this.#isBeatDue(beat)) this.beat(beat);
    for (const entry of batch.live) {
      if ("change" in entry) this.#changes.add(entry.callId, entry.number, entry.change);
      else this.#putWhole(entry);
    }
    for (const { tombstone } of batch.ended) {
      this.#sql.dropLive.run(tombstone.callId);
      this.#changes.dropOf(tombstone.callId);
      this.#sql.bury.run(tombstone.callId, tombstone.expiresAtMs, tombstone.body);
    }
    if (!beat || batch.ended.length === 0) return;
    this.#sql.dropExpired.run(beat.steadyMs, batch.ended.length * this.#bounds.expiredPerTombstone);
  }

  /**
   * Writes a batch that is one change of one call, outside of any transaction: what most turns come to. Between `BEGIN`
   * and `COMMIT` it takes a fifth longer. False where there is more in it, and nothing was written.
   */
  writeAlone({ live, ended, samples, reported, beat }: JournalBatch): boolean {
    const [only] = live;
    if (only === undefined || !("change" in only) || live.length > 1) return false;
    if (ended.length + samples.length + reported.length > 0 || this.#isBeatDue(beat)) return false;
    this.#changes.addAlone(only);
    return true;
  }

  #isBeatDue(beat: Beat | undefined): beat is Beat {
    return beat !== undefined && Math.abs(beat.steadyMs - this.#beatAtMs) >= beatEveryMs;
  }

  #putWhole({ callId, body }: LiveCallEntry): void {
    this.#changes.dropOf(callId);
    this.#sql.putLive.run(callId, body);
  }

  beat({ atMs, steadyMs }: Beat): void {
    this.#sql.beat.run(atMs, steadyMs);
    this.#beatAtMs = steadyMs;
  }

  /** A damaged one is ignored. In a journal of a version without the steady clock its times are of the wall clock. */
  lastBeat(): Beat | undefined {
    const [row] = this.#sql.lastBeat.allWithDamaged();
    if (row?.alive_at_ms === undefined || row.steady_ms === undefined) return undefined;
    return { atMs: row.alive_at_ms, steadyMs: row.steady_ms ?? row.alive_at_ms };
  }

  /** Another name for a user, in what is left of its calls. */
  replaceUser(id: string, replacement: string): void {
    for (const table of this.#rewritten) table.replaceUser(id, replacement);
  }

  /** Drops what has expired since the last beat, and tombstones beyond the bound. */
  dropOld(now: Instant): void {
    const beat = this.lastBeat();
    this.#changes.dropStray();
    if (beat) this.#sql.dropExpired.run(timelineAt(beat, now), Number.MAX_SAFE_INTEGER);
    const excess = (this.#sql.countTombstones.get()?.n ?? 0) - this.#bounds.tombstones;
    if (excess > 0) this.#sql.dropOldest.run(excess);
  }

  /** What the last process left, a look at a time. `setAside` gets what nothing can be made of. */
  load(setAside: (entry: Unusable) => void): ReturnType<Journal["load"]> {
    const beat = this.lastBeat();
    return {
      ...(beat === undefined ? {} : { beat }),
      live: this.#read("live", setAside, (rows) => {
        const bodyOf = this.#changesOf.bodiesOf(rows.map(({ call_id }) => call_id ?? ""));
        return (row) => liveEntry(row, bodyOf(row.call_id, row.body));
      }),
      ended: this.#read("ended", setAside, () => endedEntry),
    };
  }

  /** What became of a call whose body is not there any more. */
  dropChangesOf(callId: string): void {
    this.#changes.dropOf(callId);
  }

  /** Where an entry is that cannot be used after all. */
  find(kind: Kind, callId: string): Pick<Unusable, "table" | "id"> | undefined {
    const row = this.#sql[kind].idOf.get(callId);
    return row && { table: tableOf[kind], id: row.id };
  }

  *#read<T>(
    kind: Kind,
    setAside: (entry: Unusable) => void,
    reader: (rows: readonly FoundRow[]) => (row: EntryRow) => T,
  ): Generator<T, undefined> {
    for (let after = 0; ; ) {
      const rows: readonly FoundRow[] = this.#sql[kind].page.allWithDamaged(after);
      const read = reader(rows);
      for (const row of rows) {
        after = row.id;
        const entry = row.body === undefined ? new UnusableBody(damagedText) : orUnusable(() => read(row));
        if (!(entry instanceof UnusableBody)) yield entry;
        else setAside({ table: tableOf[kind], id: row.id, kind, callId: row.call_id, error: entry });
      }
      if (rows.length < perLook) return;
    }
  }
}

type FoundRow = EntryRow | Damaged<EntryRow>;

/** As this program would have written it. Throws `UnusableBody`. */
function liveEntry({ call_id: callId, format }: EntryRow, whole: WholeBody): LoadedCall {
  // A change is of the format that its call's body has: to one of an older format nothing is added.
  if (format !== journalFormat) return { callId, body: currentBody("live", whole.body, format) };
  return {
    callId,
    since: whole.since,
    ...(whole.value === undefined ? {} : { value: whole.value }),
    get body() {
      return whole.body;
    },
  };
}

function endedEntry({ call_id, format, body, expires_at_ms }: EntryRow): TombstoneEntry {
  return { callId: call_id, body: currentBody("ended", body, format), expiresAtMs: expires_at_ms };
}

function orUnusable<T>(read: () => T): T | UnusableBody {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnusableBody) return error;
    throw error;
  }
}
