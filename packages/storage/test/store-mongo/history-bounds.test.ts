import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { missedCall, requireService } from "@echoo/testkit";
import { historyBounds } from "../../src/records/record-bounds.ts";
import { mongoFixture } from "./mongo-fixture.ts";

const viewer = "+492";

describe("the bounds of a history on MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = mongoFixture("history-bounds");

  test("a filtered page looks at so many calls and not at one more, and as many missed calls are counted", async (t) => {
    const { raw, database, emptyStore } = fixture();
    const { calls } = await emptyStore(t);
    await calls.record([missedCall("first", { createdAtMs: 1 })]);
    const documents = raw.db(database).collection<{ _id: string }>("calls");
    const add = (from: number, count: number, fields: object) =>
      documents.insertMany(
        Array.from({ length: count }, (_, n) => ({
          ...{ _id: `call ${from + n}`, createdAtMs: 1000 + from + n, caller: "+491", callee: viewer },
          ...{ viewers: [viewer], ...fields },
        })),
      );
    const lookedAt = historyBounds.lookedPerStep * historyBounds.stepsPerPage;
    const query = { viewer, status: "missed", limit: 5 } as const;
    await add(0, lookedAt - 1, { status: "completed" });
    assert.equal((await calls.page(query)).calls.length, 1);
    await add(lookedAt, 1, { status: "completed" });
    const first = await calls.page(query);
    assert.deepEqual(first.calls, []);
    const next = await calls.page({ ...query, cursor: first.nextCursor ?? "none" });
    assert.deepEqual([next.calls.length, next.nextCursor], [1, undefined]);
    const { unseenCounted } = historyBounds;
    await documents.deleteMany({ _id: { $ne: "first" } });
    for (let from = 0; from < unseenCounted; from += 10_000) {
      await add(from, 10_000, { status: "missed", unseenBy: viewer });
      assert.equal(await calls.unseenMissed(viewer), Math.min(from + 10_001, unseenCounted));
    }
  });
});
