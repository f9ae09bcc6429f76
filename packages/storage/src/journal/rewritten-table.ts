import { replaceUser } from "../records/replace-user.ts";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";

interface Row {
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
}

export interface RewrittenOptions {
  readonly table: "live" | "tombstones" | "outbox" | "set_aside";
  readonly key: "id" | "seq";
  /** The kind of a row's body, in SQL. */
  readonly kind: string;
  /** Which rows are looked at, in SQL; all where absent. */
  readonly where?: string;
}

/** Bodies in which the name of a user is replaced. */
export class RewrittenTable {
  readonly #naming;
  readonly #rewrite;
  readonly #drop;

  constructor(file: SqliteFile, { table, key, kind, where = "true" }: RewrittenOptions) {
    // Bytes are looked for in bytes: SQLite is not asked what a damaged text is.
    this.#naming = file.prepare<Row>(
      `SELECT ${key} AS seq, ${kind} AS kind, CAST(body AS TEXT) AS body FROM ${table}
         WHERE ${key} > ? AND ${where} AND instr(CAST(body AS BLOB), CAST(? AS BLOB)) > 0 ORDER BY ${key} LIMIT 1`,
    );
    this.#rewrite = file.prepare(
      `UPDATE ${table} SET body = CASE typeof(body) WHEN 'blob' THEN CAST(?1 AS BLOB) ELSE ?1 END WHERE ${key} = ?2`,
    );
    this.#drop = file.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
  }

  /** Inside a transaction of its caller. What names the user and cannot be rewritten goes. */
  replaceUser(id: string, replacement: string): void {
    for (let after = 0; ; ) {
      const [row] = this.#naming.allWithDamaged(after, id);
      if (row === undefined) return;
      after = row.seq;
      const body = row.body === undefined ? undefined : rewritten(row.kind, row.body, id, replacement);
      if (body === undefined) this.#drop.run(row.seq);
      else this.#rewrite.run(body, row.seq);
    }
  }
}

/** Undefined where there is nothing to be had: it is all the user's own, or no JSON. */
function rewritten(kind: string, body: string, id: string, replacement: string): string | undefined {
  try {
    if (kind !== "samples" && kind !== "reported") return replaceUser(body, id, replacement);
    const said = JSON.parse(body) as { readonly reporter?: unknown; readonly body?: unknown };
    if (said.reporter === id) return undefined;
    if (typeof said.body !== "string") return replaceUser(body, id, replacement);
    return JSON.stringify({ ...said, body: replaceUser(said.body, id, replacement) });
  } catch {
    return undefined;
  }
}
