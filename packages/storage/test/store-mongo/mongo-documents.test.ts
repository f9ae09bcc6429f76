import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type SampleBatch, StoreUnavailable } from "@echoo/core";
import { allSamples, endedCall, pause, realClock, requireService, startMs } from "@echoo/testkit";
import { openMongoStore } from "../../src/store-mongo/open-mongo-store.ts";
import { mongoFixture } from "./mongo-fixture.ts";

/** What somebody could send where a text belongs, if nothing checked it before. */
const instructions: readonly unknown[] = [{ $ne: null }, { $gt: "" }, { $regex: ".*" }, ["+491"], null, 7, true];

describe("documents of the store on MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = mongoFixture("documents");

  test("nothing but a text gets into a query", async (t) => {
    const { users, tokens, codes, contacts, calls, statistics } = await fixture().emptyStore(t);
    await users.ensure("+491", {}, startMs);
    await calls.record([endedCall("a")]);
    for (const given of instructions as readonly string[]) {
      for (const ask of [
        () => users.find(given),
        () => users.findMany([given]),
        () => users.update(given, { admin: true }),
        () => users.update("+491", { displayName: given ?? 7 }),
        () => tokens.findByHash(given, 0),
        () => tokens.revoke("+491", given),
        () => codes.list(given, 0),
        () => codes.takeTry("+491", given, "asker", 0),
        () => codes.consume("+491", "home", given),
        () => codes.consume("+491", given, "hash"),
        () => contacts.remove(given, "+492"),
        () => calls.find(given),
        () => calls.page({ viewer: given, limit: 5 }),
        () => calls.hide(given, "a"),
        () => calls.report(endedCall("b"), given, true),
        () => allSamples(statistics, "a", given),
        () => statistics.summaries([given]),
        () => users.erase(given, "deleted:1"),
      ]) {
        await assert.rejects(async () => ask(), TypeError, `${ask} with ${JSON.stringify(given)}`);
      }
    }
    assert.ok(await users.find("+491"));
  });

  test("fields that a caller adds to what it passes are not kept", async (t) => {
    const { users, calls } = await fixture().emptyStore(t);
    await users.ensure("+491", { $where: "1", other: 1 } as object, startMs);
    assert.deepEqual(Object.keys((await users.find("+491")) ?? {}).sort(), [
      "admin",
      "createdAtMs",
      "doNotDisturb",
      "id",
      "presence",
    ]);
    await calls.record([{ ...endedCall("a"), viewers: ["+499"], $set: 1 } as ReturnType<typeof endedCall>]);
    assert.deepEqual(await calls.find("a"), endedCall("a"));
    assert.deepEqual((await calls.page({ viewer: "+499", limit: 5 })).calls, []);
  });

  test("ids with colons never share a key", async (t) => {
    const { statistics } = await fixture().emptyStore(t);
    const batch = (callId: string, reporter: string, name: string): SampleBatch => {
      return { callId, reporter, batch: name, receivedAtMs: startMs, samples: [] };
    };
    const batches = [batch("a:b", "c", "d"), batch("a", "b:c", "d"), batch("a", "b", "c:d"), batch("a%3Ab", "c", "d")];
    await statistics.addSamples(batches);
    for (const one of batches) assert.deepEqual(await allSamples(statistics, one.callId, one.reporter), [one]);
    assert.deepEqual(await allSamples(statistics, "a", "b:"), []);
  });

  test("several nodes that start at once make the indexes once; a document has no second way in", async () => {
    const { uri, raw, database } = fixture();
    await raw.db(database).dropDatabase();
    const onAway = (error: unknown) => assert.fail(String(error));
    const open = () => openMongoStore({ pause, uri, database, clock: realClock, onAway, onReady: () => {} });
    const stores = Array.from({ length: 5 }, open);
    await Promise.all(stores.map((store) => store.ready));
    const indexes = await raw.db(database).collection("tokens").indexes();
    assert.deepEqual(indexes.map(({ name }) => name).sort(), ["_id_", "expiry", "hash", "user"]);
    assert.equal(indexes.find(({ name }) => name === "hash")?.unique, true);
    assert.equal(indexes.find(({ name }) => name === "expiry")?.expireAfterSeconds, 86_400);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("what is too large for a document is refused, not taken for a database that is away", async (t) => {
    const { statistics } = await fixture().emptyStore(t);
    const body = JSON.stringify("x".repeat(17 * 1024 * 1024));
    const reported = { callId: "a", reporter: "+491", receivedAtMs: startMs, body };
    await assert.rejects(statistics.putReported([reported]), (error: unknown) => !(error instanceof StoreUnavailable));
    await statistics.putReported([{ ...reported, body: "1" }]);
    assert.equal((await statistics.summaries(["a"]))[0]?.reported, "1");
  });
});
