import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pause } from "@echoo/testkit";
import Database from "libsql";
import { SqliteFile } from "../../src/sqlite/sqlite-file.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What reads a whole table on purpose, because one row ends it or the table is small. */
const mayScan = new Set([
  "SELECT id FROM users LIMIT 1",
  // Asked once at a start, of a table that is nearly always empty.
  "SELECT * FROM erasures ORDER BY user_id LIMIT ?",
  // Asked once at a start.
  "SELECT 1 FROM users WHERE admin = 1 LIMIT 1",
]);
/** Lists of one owner or one side of a call, bounded, and sorted after they were found by an index. */
const maySort = [/FROM call_samples WHERE call_id = \? AND reporter = \?/];

test("every statement of the embedded store finds its rows by an index, and those over many rows sort nothing", async (t) => {
  const folder = temporaryFolder();
  const prepare = t.mock.method(SqliteFile.prototype, "prepare");
  const file = join(folder.path, "echoo.db");
  const store = openSqliteStore({ pause, file });
  const statements = [...new Set(prepare.mock.calls.map(({ arguments: [sql] }) => sql))];
  const raw = new Database(file);
  try {
    assert.ok(statements.length > 40, `only ${statements.length} statements were prepared`);
    for (const sql of statements) {
      const values = [...sql.matchAll(/\?(\d*)/g)].map(() => 1);
      const steps = raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[];
      for (const { detail } of steps) {
        const scans =
          /^SCAN (?!CONSTANT ROW|sqlite_master|\(subquery)/.test(detail) &&
          !/^SCAN .* USING (COVERING )?INDEX/.test(detail);
        assert.ok(!scans || mayScan.has(sql), `${detail}: ${sql}`);
        const sorts = /TEMP B-TREE FOR/.test(detail);
        assert.ok(!sorts || maySort.some((known) => known.test(sql)), `${detail}: ${sql}`);
      }
    }
  } finally {
    raw.close();
    await store.close();
    folder.remove();
  }
});
