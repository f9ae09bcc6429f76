import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pause } from "@echoo/testkit";
import Database from "libsql";
import { lookEndSql, pageSql } from "../../src/store-sqlite/calls/history-page.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ranges = ["(created_at_ms, call_id) < (?, ?)", "created_at_ms >= ?", "created_at_ms < ?"];
const filters = ["v.incoming = ?", "v.status = ?"];

function combinations(conditions: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** conditions.length }, (_, bits) =>
    conditions.filter((_condition, place) => (bits >> place) & 1),
  );
}

test("every page of history is one scan of an index and look-ups by key, never a sort or a scan of a table", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "echoo.db");
  const store = openSqliteStore({ pause, file });
  const raw = new Database(file);
  const planOf = (sql: string) => {
    const values = sql.match(/\?/g)?.map(() => 1) ?? [];
    return (raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(values) as { detail: string }[]).map((step) => step.detail);
  };
  try {
    for (const isHidden of [false, true]) {
      const index = isHidden ? /^SEARCH call_views USING( COVERING)? INDEX call_views_hidden/ : /USING PRIMARY KEY/;
      for (const chosen of combinations(ranges)) {
        const range = ["viewer = ?", ...(isHidden ? ["hidden = 1"] : []), ...chosen];
        const hasTimes = chosen.length > 0 ? /created_at_ms[<>,]/ : /./;
        const [end, ...none] = planOf(lookEndSql(range));
        assert.match(end ?? "", index);
        assert.match(end ?? "", hasTimes);
        assert.deepEqual(none, []);
        for (const filter of combinations(filters)) {
          const plan = planOf(pageSql(range, isHidden ? filter : ["v.hidden = 0", ...filter]));
          assert.deepEqual([plan[0], plan[2]], ["CO-ROUTINE v", "SCAN v"], plan.join("\n"));
          assert.match(plan[1] ?? "", index);
          assert.match(plan[1] ?? "", hasTimes);
          assert.deepEqual(plan.slice(3), ["SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"]);
        }
      }
    }
  } finally {
    raw.close();
    await store.close();
    folder.remove();
  }
});
