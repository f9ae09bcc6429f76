import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService, startMongoSet } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { CallLoad, passed } from "./call-load.ts";
import { assertAllRecorded, assertDegraded, assertHealthy, mongoServer } from "./mongo-server.ts";

/** In full: 60 s under 100 calls a second, which two cores that do nothing else can make. */
const isFull = process.env.ECHOO_TEST_FULL_OUTAGE === "1";
const stopped = isFull ? { ms: 60_000, perSecond: 100, pairs: 60 } : { ms: 15_000, perSecond: 20, pairs: 12 };
const frozenMs = 20_000;

describe("MongoDB away under load", { skip: requireService("mongod") }, () => {
  test(`a database stopped for ${stopped.ms / 1000} s under ${stopped.perSecond} calls a second`, async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, stopped.pairs);
    await load.during(stopped.perSecond, async () => {
      await load.reaches(stopped.perSecond + 1);
      await set.node.kill();
      await untilOver(stopped.ms, () => assertDegraded(server));
      await set.node.startAgain();
      const before = load.acknowledged.length;
      await load.reaches(before + stopped.perSecond + 1);
    });
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    const waited = server.output().match(/the database is away/g)?.length ?? 0;
    assert.ok(waited >= 1 && waited <= 5, `the log says ${waited} times that the database is away`);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });

  test(`a database that hangs for ${frozenMs / 1000} s holds up no call and no request`, async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, stopped.pairs);
    await load.during(stopped.perSecond, async () => {
      await load.reaches(stopped.perSecond + 1);
      await set.node.freeze();
      const before = load.acknowledged.length;
      await untilOver(frozenMs, () => assertDegraded(server));
      const during = load.acknowledged.length - before;
      t.diagnostic(`calls acknowledged while it hung: ${during}`);
      assert.ok(during > (frozenMs / 1000) * (stopped.perSecond / 4), `only ${during} calls came about`);
      set.node.thaw();
    });
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });
});

/** Looks again and again for so long: at its beginning, all through and at its end. */
async function untilOver(ms: number, look: () => Promise<void>): Promise<void> {
  const overMs = systemClock.now() + ms;
  do {
    await look();
    await passed(500);
  } while (systemClock.now() < overMs);
}
