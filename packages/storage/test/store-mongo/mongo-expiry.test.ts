import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { realClock, requireService, startMongoSet } from "@echoo/testkit";
import { openReadyStore } from "./mongo-fixture.ts";

const hourMs = 3_600_000;

describe("expiry in MongoDB", { skip: requireService("mongod") }, () => {
  test("the database deletes tokens and codes a day after they expired, and no sooner", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const store = await openReadyStore(set.uri, "expiry");
    t.after(() => store.close());
    const nowMs = realClock.now();
    for (const [id, expiresAtMs] of [
      ["long ago", nowMs - 25 * hourMs],
      ["just now", nowMs - 23 * hourMs],
      ["living", nowMs + hourMs],
      ["never", Number.MAX_SAFE_INTEGER],
    ] as const) {
      const times = { createdAtMs: nowMs, lastUsedAtMs: nowMs, expiresAtMs };
      await store.tokens.insert({ id, userId: "+491", hash: `hash of ${id}`, ...times });
      const code = { userId: "+491", asker: id, challenge: "c", hash: "h", sentAtMs: nowMs, expiresAtMs };
      await store.codes.put({ ...code, triesLeft: 3, othersTriesLeft: 2 }, 9);
    }
    const db = set.client.db("expiry");
    const ids = async (name: string) =>
      (await db.collection(name).find().toArray()).map(({ _id }) => String(_id).replace(/:.*/, ""));
    const passes = async () => (await set.command({ serverStatus: 1 })).metrics.ttl.passes as number;
    const before = await passes();
    await set.command({ setParameter: 1, ttlMonitorEnabled: true });
    // The second pass has begun when the first is over; each asking is a round trip.
    while ((await passes()) < before + 2) await set.command({ ping: 1 });
    for (const name of ["tokens", "codes"]) {
      assert.deepEqual((await ids(name)).sort(), ["just now", "living", "never"]);
    }
  });
});
