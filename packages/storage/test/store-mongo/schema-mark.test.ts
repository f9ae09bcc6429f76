import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StoreRefused, StoreUnavailable } from "@echoo/core";
import { pause, realClock, requireService, spawnServer, startMongoSet } from "@echoo/testkit";
import { openMongoStore } from "../../src/store-mongo/open-mongo-store.ts";
import { mongoFixture, openReadyStore } from "./mongo-fixture.ts";

interface Mark {
  readonly _id: string;
  readonly version: number;
}

/** The server looks for its database again by and by. */
const patientMs = 60_000;
const newer = /was written by a newer version of Echoo \(its schema is 99, this program knows 1\)/;

describe("the mark of the schema in MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = mongoFixture("mark");

  test("several nodes that start at once make it once, and all of them work", async () => {
    const { uri, raw, database, emptyStore } = fixture();
    await (await emptyStore()).close();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openReadyStore(uri, database)));
    const ensured = await Promise.all(stores.map((store, i) => store.users.ensure(`+49${i}`, {}, 1)));
    assert.ok(ensured.every(({ created }) => created));
    assert.deepEqual(await raw.db(database).collection<Mark>("meta").find().toArray(), [{ _id: "schema", version: 1 }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a database of a newer program is refused with both versions, and nothing is asked of it", async () => {
    const { uri, raw, database, emptyStore } = fixture();
    await (await emptyStore()).close();
    const marks = raw.db(database).collection<Mark>("meta");
    await marks.updateOne({ _id: "schema" }, { $set: { version: 99 } }, { upsert: true });
    const faults: unknown[] = [];
    const onAway = (error: unknown) => void faults.push(error);
    const store = openMongoStore({ pause, uri, database, clock: realClock, onAway, onReady() {} });
    await assert.rejects(store.ping(), (error) => error instanceof StoreRefused && newer.test(error.message));
    // Whoever writes takes it for a database that is away, so that what is to be stored waits.
    await assert.rejects(store.users.ensure("+49", {}, 1), StoreUnavailable);
    await store.close();
    assert.ok(faults.length === 1 && faults[0] instanceof StoreRefused);
    assert.equal(await raw.db(database).collection("users").countDocuments(), 0);
    assert.equal((await marks.findOne({ _id: "schema" }))?.version, 99);
    await assert.rejects(spawnServer({ env: { MONGODB_URI: uri, ECHOO_DB: database } }), newer);
    await marks.deleteMany({});
  });
});

test("a newer database that was away at the start is not written to when it comes back", {
  skip: requireService("mongod"),
}, async (t) => {
  const set = await startMongoSet({ nodes: 1, test: t });
  await set.client.db("echoo").collection<Mark>("meta").insertOne({ _id: "schema", version: 99 });
  await set.node.kill();
  const server = await spawnServer({ test: t, env: { MONGODB_URI: set.uri } });
  await set.node.startAgain();
  const isUnavailable = async () => assert.equal((await fetch(`${server.url}/api/calls/5550001`)).status, 503);
  await isUnavailable();
  await server.said(newer, patientMs);
  await isUnavailable();
  const names = await set.client.db("echoo").listCollections().toArray();
  assert.deepEqual(
    names.map(({ name }) => name),
    ["meta"],
  );
});
