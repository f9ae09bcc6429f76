import { type BodyKind, JournalUnavailable, readBody, UnusableBody } from "@echoo/core";
import type { Damaged, Query } from "../sqlite/query.ts";
import { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { JournalContent } from "../tables/check/journal-content.ts";
import { ChangesReader } from "./live-changes.ts";
import { journalMigrations } from "./migrations/journal-migrations.ts";
import { damagedText } from "./set-aside-table.ts";

/** How many bodies are read at once; the longest has some hundred kilobytes. */
const perStep = 100;

interface Row {
  readonly id: number;
  readonly kind: string;
  readonly call_id: string | null;
  readonly format: number;
  readonly body: string;
}

interface AsideRow extends Pick<Row, "id" | "kind" | "call_id"> {
  readonly why: string;
}

const tables = ["live", "tombstones", "outbox"] as const;
type Table = (typeof tables)[number];

const entriesOf: Readonly<Record<Table, string>> = {
  live: "SELECT id, 'live' AS kind, call_id, format, body FROM live",
  tombstones: "SELECT id, 'ended' AS kind, call_id, format, body FROM tombstones",
  outbox: "SELECT seq AS id, kind, NULL AS call_id, format, body FROM outbox",
};

/** Reads the journal of a server that does not run, and changes nothing in it. Throws while a server has it. */
export function readJournal(path: string): JournalContent & { close(): void } {
  const file = new SqliteFile({
    path,
    migrations: journalMigrations,
    checkpointPages: 8192,
    cacheKiB: 16_384,
    busyTimeoutMs: 50,
    unavailable: (cause) => new JournalUnavailable(cause),
    exclusive: true,
    asItIs: true,
    olderRemedy: "Start the server once, which brings its journal up to date, and stop it.",
  });
  const paged = <R>(sql: string) => file.prepare<R>(`SELECT * FROM (${sql}) WHERE id > ? ORDER BY id LIMIT ${perStep}`);
  const read = {
    live: paged<Row>(entriesOf.live),
    tombstones: paged<Row>(entriesOf.tombstones),
    outbox: paged<Row>(entriesOf.outbox),
  };
  const changes = new ChangesReader(file);
  const aside = paged<AsideRow>("SELECT id, kind, call_id, why FROM set_aside");

  const sound = function* <K extends BodyKind>(table: Table, kind: K) {
    for (const row of rowsOf(read[table])) {
      const entry = row.kind === kind ? entryOf(kind, row, changes) : undefined;
      if (entry !== undefined && !(entry instanceof UnusableBody)) yield entry;
    }
  };
  return {
    unfinished: () => sound("live", "live"),
    ended: () => sound("tombstones", "ended"),
    waitingRecords: () => sound("outbox", "record"),
    *setAside() {
      for (const { kind, call_id, why } of rowsOf(aside)) {
        yield { kind: kind ?? "unknown", callId: call_id ?? "an unknown call", why: why ?? damagedText };
      }
    },
    *useless() {
      for (const table of tables) {
        for (const row of rowsOf(read[table])) {
          const why = whyUseless(row, changes);
          if (why !== undefined) yield { kind: row.kind ?? table, callId: row.call_id ?? `entry ${row.id}`, why };
        }
      }
    },
    close: () => file.close(),
  };
}

/** Those in which a text is damaged as well, of which only the numbers come. */
function* rowsOf<R extends { readonly id: number }>(query: Query<R>): Generator<R | Damaged<R>, undefined> {
  for (let after = -1; ; ) {
    const rows = query.allWithDamaged(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function whyUseless(row: Row | Damaged<Row>, changes: ChangesReader): string | undefined {
  if (row.body === undefined) return damagedText;
  if (!isBodyKind(row.kind)) return "it is of an unknown kind";
  const entry = entryOf(row.kind, row, changes);
  return entry instanceof UnusableBody ? entry.message : undefined;
}

function entryOf<K extends BodyKind>(kind: K, { call_id, body, format }: Row, changes: ChangesReader) {
  try {
    const isChanged = kind === "live" && call_id !== null;
    return readBody(kind, isChanged ? changes.bodiesOf([call_id])(call_id, body).body : body, format);
  } catch (error) {
    if (error instanceof UnusableBody) return error;
    throw error;
  }
}

function isBodyKind(kind: string): kind is BodyKind {
  return ["live", "ended", "record", "samples", "reported"].includes(kind);
}
