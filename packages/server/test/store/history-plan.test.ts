import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "libsql";
import { historySql } from "../../src/adapters/store-sqlite/history-page.ts";
import { openSqliteStore } from "../../src/adapters/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const always = [0, 1].map((hidden) => ["v.viewer = ?", `v.hidden = ${hidden}`]);
const optional = [
  "(v.created_at_ms, v.call_id) < (?, ?)",
  "v.created_at_ms >= ?",
  "v.created_at_ms < ?",
  "v.incoming = ?",
  "v.status = ?",
];

/** Every combination of the optional conditions. */
function combinations(): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** optional.length }, (_, bits) =>
    optional.filter((_condition, place) => (bits >> place) & 1),
  );
}

test("every page of history is one scan of an index and look-ups by key, never a sort or a scan of a table", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "echoo.db");
  const store = openSqliteStore({ file });
  const raw = new Database(file);
  try {
    for (const chosen of always.flatMap((some) => combinations().map((others) => [...some, ...others]))) {
      const sql = historySql(chosen);
      const values = sql.match(/\?/g)?.map(() => 1) ?? [];
      const plan = (raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[]).map(
        (step) => step.detail,
      );
      assert.equal(plan.length, 2, plan.join("\n"));
      assert.match(plan[0] ?? "", /^SEARCH v USING PRIMARY KEY \(viewer=\?/);
      assert.match(plan[1] ?? "", /^SEARCH c USING INTEGER PRIMARY KEY \(rowid=\?\)$/);
      if (chosen[2]?.includes("created_at_ms")) assert.match(plan[0] ?? "", /created_at_ms/);
    }
  } finally {
    raw.close();
    await store.close();
    folder.remove();
  }
});
