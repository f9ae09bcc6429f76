import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService, startMongoSet } from "@echoo/testkit";
import { CallLoad } from "./call-load.ts";
import { assertAllRecorded, assertHealthy, mongoServer } from "./mongo-server.ts";

describe("MongoDB changes its primary", { skip: requireService("mongod") }, () => {
  test("step-downs in a set of three lose no call, double none, and put nothing off for long", async (t) => {
    const set = await startMongoSet({ nodes: 3, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, 8);
    await load.during(20, async () => {
      for (let times = 1; times <= 3; times++) {
        await load.reaches(times * 20);
        await set.stepDown();
      }
    });
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });

  test("a primary that is killed leaves everything that was acknowledged to the other two", async (t) => {
    const set = await startMongoSet({ nodes: 3, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, 8);
    await load.during(20, async () => {
      await load.reaches(20);
      await (await set.primary()).kill();
      // Waits for the next primary.
      await set.command({ ping: 1 });
      const before = load.acknowledged.length;
      await load.reaches(before + 20);
    });
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });
});
