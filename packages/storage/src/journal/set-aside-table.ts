import type { BodyKind, Instant } from "@echoo/core";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import type { JournalBounds } from "./journal-bounds.ts";
import { RewrittenTable } from "./rewritten-table.ts";

/** An entry that cannot be read, or that the store refuses. */
export interface Unusable {
  readonly table: "live" | "tombstones" | "outbox";
  readonly id: number;
  /** "unknown" where damage took that away. */
  readonly kind: BodyKind | "unknown";
  /** Undefined where damage took it away. */
  readonly callId?: string | undefined;
  readonly error: unknown;
}

/** Why a row cannot be used of which only the numbers are left. */
export const damagedText = "a text of it is damaged";

/** What is told of an entry that was set aside. */
export interface SetAside {
  readonly kind: string;
  readonly callId: string | undefined;
  readonly why: string;
}

interface Size {
  readonly entries: number;
  readonly bytes: number;
}

const keyOf = { live: "id", tombstones: "id", outbox: "seq" } as const;

function statements(file: SqliteFile) {
  // What became of a call comes behind its body, a line each.
  const changes = "SELECT group_concat(char(10) || change, '') FROM live_changes AS c WHERE c.call_id = live.call_id";
  const move = (table: Unusable["table"]) => ({
    copy: file.prepare(
      `INSERT INTO set_aside (at_ms, kind, call_id, format, why, body)
         SELECT ?, ?, ?, format, ?, CAST(${table === "live" ? `body || coalesce((${changes}), '')` : "body"} AS BLOB) FROM ${table} WHERE ${keyOf[table]} = ?`,
    ),
    drop: file.prepare(`DELETE FROM ${table} WHERE ${keyOf[table]} = ?`),
  });
  return {
    from: { live: move("live"), tombstones: move("tombstones"), outbox: move("outbox") },
    size: file.prepare<Size>(
      "SELECT count(*) AS entries, CAST(total(length(body)) AS INTEGER) AS bytes FROM set_aside",
    ),
    oldest: file.prepare<{ id: number; bytes: number }>(
      "SELECT id, length(body) AS bytes FROM set_aside ORDER BY id LIMIT 1",
    ),
    newest: file.prepare<{ bytes: number }>(
      "SELECT length(body) AS bytes FROM set_aside WHERE id = (SELECT max(id) FROM set_aside)",
    ),
    drop: file.prepare("DELETE FROM set_aside WHERE id = ?"),
  };
}

/**
 * What nothing can be made of, kept as it was for people to look at. Past its bounds the oldest goes: what was set
 * aside last is what is being looked into. Each method that writes runs inside a transaction of its caller.
 */
export class SetAsideTable {
  readonly #sql;
  readonly #rewritten: RewrittenTable;
  readonly #bounds: JournalBounds;
  /** Undefined where a transaction may have failed since it was counted. */
  #size: Size | undefined;

  constructor(file: SqliteFile, bounds: JournalBounds) {
    this.#rewritten = new RewrittenTable(file, { table: "set_aside", key: "id", kind: "kind" });
    this.#sql = statements(file);
    this.#bounds = bounds;
  }

  get entries(): number {
    this.#size ??= this.#counted();
    return this.#size.entries;
  }

  /** Takes the entry out of its place; undefined where it is there no longer. */
  put({ table, id, kind, callId, error }: Unusable, now: Instant): SetAside | undefined {
    const size = this.#size ?? this.#counted();
    this.#size = undefined;
    const why = (error instanceof Error ? error.message : String(error)).slice(0, this.#bounds.setAsideWhyChars);
    const { copy, drop } = this.#sql.from[table];
    if (copy.run(now, kind, callId ?? null, why, id) === 0) return undefined;
    drop.run(id);
    const bytes = this.#sql.newest.get()?.bytes ?? 0;
    this.#size = this.#makeRoom({ entries: size.entries + 1, bytes: size.bytes + bytes });
    return { kind, callId, why };
  }

  /** After a transaction that failed. */
  recount(): void {
    this.#size = undefined;
  }

  replaceUser(id: string, replacement: string): void {
    this.#size = undefined;
    this.#rewritten.replaceUser(id, replacement);
  }

  #counted(): Size {
    return this.#sql.size.get() ?? { entries: 0, bytes: 0 };
  }

  #makeRoom({ entries, bytes }: Size): Size {
    const { setAsideEntries, setAsideBytes } = this.#bounds;
    if (entries <= 1 || (entries <= setAsideEntries && bytes <= setAsideBytes)) return { entries, bytes };
    const oldest = this.#sql.oldest.get();
    if (oldest === undefined) return { entries, bytes };
    this.#sql.drop.run(oldest.id);
    return this.#makeRoom({ entries: entries - 1, bytes: bytes - oldest.bytes });
  }
}
