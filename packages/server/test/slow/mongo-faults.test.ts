import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawPeer, requireService, startMongoSet } from "@echoo/testkit";
import { CallLoad } from "./call-load.ts";
import { assertAllRecorded, assertDegraded, assertHealthy, mongoServer } from "./mongo-server.ts";

describe("MongoDB comes and goes", { skip: requireService("mongod") }, () => {
  test("a server that starts while the database is away says so, and works once it comes", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    await set.node.kill();
    const server = await mongoServer(set, t);
    await assertDegraded(server);
    await server.said(/MongoDB does not answer/);
    const early = await RawPeer.connect(server.wsUrl, { test: t });
    early.send({ type: "join", userId: "5550000001" });
    assert.equal((await early.next("error")).code, "unavailable");
    await set.node.startAgain();
    await assertHealthy(server);
    await server.said(/MongoDB answers, and has its indexes/);
    const indexes = await set.client.db("echoo").collection("calls").indexes();
    assert.ok(indexes.some(({ name }) => name === "history"));
    const load = await CallLoad.join(server, 2);
    await load.make(5);
    await assertAllRecorded(t, set, load);
    load.leave();
    assert.deepEqual(server.faults(), []);
    assert.doesNotMatch(server.output(), /mongodb:\/\//, "the log names the connection string");
  });

  test("a database that is killed and started again loses nothing that was acknowledged", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, 8);
    await load.during(20, async () => {
      for (let times = 0; times < 3; times++) {
        await load.reaches((times + 1) * 15);
        await set.node.kill();
        await set.node.startAgain();
      }
    });
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });

  test("our process killed while the database is away loses nothing that was acknowledged", async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const server = await mongoServer(set, t);
    const load = await CallLoad.join(server, 8);
    await load.make(10);
    await set.node.kill();
    await load.make(40);
    await load.leaveOpen();
    await server.kill("SIGKILL");
    await server.start();
    await assertDegraded(server);
    await set.node.startAgain();
    // Those left open end by their deadline, since nobody comes back.
    await assertAllRecorded(t, set, load);
    await assertHealthy(server);
    load.leave();
    assert.deepEqual(server.faults(), []);
  });
});
