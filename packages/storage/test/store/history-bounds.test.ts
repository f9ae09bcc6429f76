import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { missedCall, pause } from "@echoo/testkit";
import Database from "libsql";
import { historyBounds } from "../../src/records/record-bounds.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const viewer = "+492";

/** A store with one missed call, and so many more of one kind that came after it. */
async function storeWith(t: TestContext, more: number, status: "completed" | "missed") {
  const folder = temporaryFolder();
  const file = join(folder.path, "echoo.db");
  const store = openSqliteStore({ pause, file });
  t.after(async () => {
    await store.close();
    folder.remove();
  });
  await store.calls.record([missedCall("first", { createdAtMs: 1 })]);
  const raw = new Database(file);
  const addViews = raw.prepare(`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO call_views (viewer, created_at_ms, call_id, call, incoming, status, seen, hidden)
    SELECT ?, 1000 + n, 'call ' || n, id, 1, ?, 0, 0 FROM numbers, calls`);
  addViews.run(more, viewer, status);
  raw.close();
  return store;
}

test("a filtered page looks at so many calls and not at one more, and the next one goes on from there", async (t) => {
  const lookedAt = historyBounds.lookedPerStep * historyBounds.stepsPerPage;
  const query = { viewer, status: "missed", limit: 5 } as const;
  const within = await (await storeWith(t, lookedAt - 1, "completed")).calls.page(query);
  assert.equal(within.calls.length, 1);
  const { calls } = await storeWith(t, lookedAt, "completed");
  const first = await calls.page(query);
  assert.deepEqual(first.calls, []);
  const next = await calls.page({ ...query, cursor: first.nextCursor ?? "none" });
  assert.deepEqual([next.calls.length, next.nextCursor], [1, undefined]);
});

test("so many missed calls are counted, and one more is not", async (t) => {
  const { unseenCounted } = historyBounds;
  assert.equal(await (await storeWith(t, unseenCounted - 2, "missed")).calls.unseenMissed(viewer), unseenCounted - 1);
  assert.equal(await (await storeWith(t, unseenCounted, "missed")).calls.unseenMissed(viewer), unseenCounted);
});
