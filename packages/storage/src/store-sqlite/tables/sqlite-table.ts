import type { SqlValue } from "../../sqlite/query.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Key, Table } from "../../tables/store-tables.ts";

/** How a table of the file becomes entries, and the other way round. */
export interface SqliteTableSpec<Row, T> {
  readonly table: string;
  /** What the rows are selected from, where that is not the table itself. */
  readonly from?: string;
  /** The columns of the primary key, or of a unique index. */
  readonly key: readonly [string, ...string[]];
  /** A condition that every entry meets, with its value. */
  readonly living?: { readonly sql: string; readonly value: SqlValue };
  readonly keyOf: (row: Row) => Key;
  readonly toEntry: (row: Row) => T;
  /** Writes one entry; runs inside a transaction. */
  readonly put: (entry: T) => void;
}

/** Reads by the key's own index, so that a step costs the same anywhere in the table. */
export function sqliteTable<Row, T>(file: SqliteFile, spec: SqliteTableSpec<Row, T>): Table<T> {
  const { table, from: source = table, key, living, keyOf, toEntry, put } = spec;
  const [columns, marks] = [key.join(", "), key.map(() => "?").join(", ")];
  const alive = living === undefined ? "TRUE" : living.sql;
  const values = living === undefined ? [] : [living.value];
  const count = file.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${source} WHERE ${alive}`);
  const first = file.prepare<Row>(`SELECT * FROM ${source} WHERE ${alive} ORDER BY ${columns} LIMIT ?`);
  const after = file.prepare<Row>(
    `SELECT * FROM ${source} WHERE ${alive} AND (${columns}) > (${marks}) ORDER BY ${columns} LIMIT ?`,
  );
  const one = file.prepare<Row>(`SELECT * FROM ${source} WHERE ${alive} AND (${columns}) = (${marks})`);
  const clear = file.prepare(`DELETE FROM ${table}`);

  return {
    count: async () => count.get(...values)?.n ?? 0,
    async read(from, limit) {
      const rows =
        from === undefined
          ? first.all(...values, limit)
          : after.all(...values, ...(JSON.parse(from) as string[]), limit);
      const last = rows.at(-1);
      const entries = rows.map(toEntry);
      return rows.length < limit || last === undefined ? { entries } : { entries, next: JSON.stringify(keyOf(last)) };
    },
    find: async (keys) => keys.flatMap((parts) => one.all(...values, ...parts).map(toEntry)),
    async put(entries) {
      file.transaction(() => entries.forEach(put));
    },
    async clear() {
      clear.run();
    },
  };
}

/** An upsert of these columns; the first ones are the key. */
export function upsertSql(table: string, keyColumns: number, columns: readonly string[]): string {
  const [key, rest] = [columns.slice(0, keyColumns), columns.slice(keyColumns)];
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
    ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${rest.map((name) => `${name} = excluded.${name}`).join(", ")}`;
}
