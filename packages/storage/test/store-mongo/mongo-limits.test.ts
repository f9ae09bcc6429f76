import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { allSamples, endedCall, pause, realClock, requireService, startMongoSet, startMs } from "@echoo/testkit";
import { openMongoStore } from "../../src/store-mongo/open-mongo-store.ts";
import { openReadyStore } from "./mongo-fixture.ts";

/** Each request may take 4 s; the rest is for a machine that is busy. */
const boundMs = 6_000;

describe("time limits of the store on MongoDB", { skip: requireService("mongod") }, () => {
  test("every method of a database that hangs, and then of one that is gone, gives up within its limit", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const store = await openReadyStore(set.uri, "limits");
    t.after(() => store.close());
    await store.calls.record([endedCall("a")]);
    const body = "{}";
    const methods = {
      ping: () => store.ping(),
      find: () => store.users.find("+491"),
      ensure: () => store.users.ensure("+491", {}, startMs),
      list: () => store.contacts.list("+491"),
      put: () => store.contacts.put("+491", { contact: "+492", name: "Bob", createdAtMs: startMs }, 5),
      takeTry: () => store.codes.takeTry("+491", "home", "asker", startMs),
      record: () => store.calls.record([endedCall("b")]),
      report: () => store.calls.report(endedCall("c"), "+491", false),
      page: () => store.calls.page({ viewer: "+491", limit: 5 }),
      hide: () => store.calls.hide("+491", "a"),
      sweep: () => store.calls.sweep(startMs + 1, 5),
      samples: () => allSamples(store.statistics, "a", "+491"),
      putReported: () => store.statistics.putReported([{ callId: "a", reporter: "+491", receivedAtMs: startMs, body }]),
      erase: () => store.users.erase("+491", "deleted:1"),
    };
    const assertAway = async () => {
      await Promise.all(
        Object.entries(methods).map(async ([name, method]) => {
          const startedMs = realClock.now();
          await assert.rejects(method(), StoreUnavailable, name);
          const tookMs = realClock.now() - startedMs;
          assert.ok(tookMs < boundMs, `${name} took ${tookMs} ms`);
        }),
      );
    };
    await set.node.freeze();
    await assertAway();
    await assertAway();
    set.node.thaw();
    await store.ping();
    await set.node.kill();
    await assertAway();
    await set.node.startAgain();
    await store.ping();
    assert.ok(await store.calls.find("a"), "what was there before is there");
  });

  test("a store closes while its database hangs, and holds nothing open", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const store = await openReadyStore(set.uri, "limits");
    await set.node.freeze();
    const asked = assert.rejects(store.users.find("+491"), StoreUnavailable);
    const startedMs = realClock.now();
    await store.close();
    await asked;
    assert.ok(realClock.now() - startedMs < boundMs);
    await assert.rejects(store.ping(), StoreUnavailable);
  });

  test("a store that was opened before its database, or with a wrong one, tells so once and keeps trying", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    await set.node.kill();
    const away: unknown[] = [];
    const store = openMongoStore({
      pause,
      uri: set.uri,
      database: "limits",
      clock: realClock,
      onAway: (error) => away.push(error),
      onReady: () => {},
    });
    t.after(() => store.close());
    await assert.rejects(store.ping(), StoreUnavailable);
    await assert.rejects(store.ping(), StoreUnavailable);
    assert.ok(away.length <= 1);
    await set.node.startAgain();
    await store.ready;
    assert.equal(away.length, 1);
    assert.ok(away[0] instanceof StoreUnavailable);
    await store.ping();
  });
});
