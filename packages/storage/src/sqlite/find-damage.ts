import { isUtf8 } from "node:buffer";
import type Database from "libsql";
import { soundSelect } from "./sound-select.ts";
import { isCorrupt } from "./sqlite-fault.ts";

/**
 * What is damaged in a file, in words: first what SQLite finds of its structure, then texts that are none. Reads the file
 * once or twice, and takes as long. Throws only where the file cannot be read at all.
 */
export function findDamage(database: Database.Database): readonly string[] {
  const findings = structureOf(database);
  try {
    for (const table of tablesOf(database)) {
      const damaged = countDamagedTexts(database, table);
      if (damaged > 0) findings.push(`${damaged} rows of ${table} hold a text that is damaged`);
    }
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    if (findings.length === 0) findings.push((error as Error).message);
  }
  return findings;
}

/** The first thing that is wrong with the structure of a file, or "ok". Reads the file once, without its texts. */
export const structureCheck = "SELECT quick_check AS line FROM pragma_quick_check(1)";

/** The first thing that SQLite finds: for more it may give up on the file, and what it had told is lost. */
function structureOf(database: Database.Database): string[] {
  try {
    const lines = [...rowsOf<{ line: string }>(database, structureCheck)];
    return lines.map(({ line }) => line).filter((line) => line !== "ok");
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return [(error as Error).message];
  }
}

function tablesOf(database: Database.Database): readonly string[] {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  return [...rowsOf<{ name: string }>(database, sql)].map(({ name }) => name);
}

/** One value a row is fetched, and let go of at once. */
function countDamagedTexts(database: Database.Database, table: string): number {
  const sql = `SELECT name FROM pragma_table_info('${table}') WHERE type = 'TEXT'`;
  const columns = [...rowsOf<{ name: string }>(database, sql)];
  if (columns.length === 0) return 0;
  const texts = columns.map(({ name }) => `"${name}"`).join(", ");
  const rows = database.prepare(`SELECT CAST(concat(${texts}) AS BLOB) AS texts FROM "${table}"`).iterate([]);
  let damaged = 0;
  for (const { texts: bytes } of rows as Iterable<{ texts: ArrayBuffer }>) {
    if (!isUtf8(Buffer.from(bytes))) damaged += 1;
  }
  return damaged;
}

function* rowsOf<Row>(database: Database.Database, sql: string): Iterable<Row> {
  const sound = soundSelect(sql, database.prepare(sql).columns());
  if (sound === undefined) throw new Error("only a SELECT can be read soundly");
  for (const row of database.prepare(sound.sql).iterate([])) yield sound.toRow(row) as Row;
}
