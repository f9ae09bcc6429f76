import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requireService, startMongoSet } from "@echoo/testkit";
import { runToItsEnd } from "../e2e/start-server-process.ts";
import { Canaries, storedFiles } from "./canaries.ts";
import { goEverywhere, logsOf } from "./canary-journey.ts";
import { CanaryTour } from "./canary-tour.ts";

const { ann, annsAddress } = CanaryTour.userFacts;

describe("no secret is in a log, and none is stored in clear", () => {
  test("with MongoDB", { skip: requireService("mongod") }, async (t) => {
    const set = await startMongoSet({ nodes: 1, test: t });
    const canaries = new Canaries();
    const tour = await CanaryTour.start(t, canaries, { MONGODB_URI: set.uri });
    await goEverywhere(tour, { begin: () => set.node.kill(), end: () => set.node.startAgain() });
    assert.deepEqual(canaries.inLogs(logsOf(tour)), []);
    const database = set.client.db("echoo");
    for (const { name } of await database.listCollections().toArray()) {
      const documents = JSON.stringify(await database.collection(name).find({}).toArray());
      assert.deepEqual(canaries.inStored(name, documents), []);
    }
    assert.deepEqual(
      storedFiles(tour.server.data).flatMap(({ name, bytes }) => canaries.inStored(name, bytes)),
      [],
    );
  });

  test("of a database's address that is wrong nothing but the setting's name is told", async (t) => {
    const canaries = new Canaries();
    const password = canaries.add("MongoDB's password", "canary-mongo-password");
    const user = canaries.add("MongoDB's user", "canary-mongo-user");
    for (const uri of [
      `mongodb://${user}:${password}@host:port`,
      `mongodb//${user}:${password}@x`,
      `http://${user}:${password}@x/`,
    ]) {
      const { code, stdout, stderr } = await runToItsEnd({ MONGODB_URI: uri, PORT: "0" });
      assert.equal(code, 1);
      assert.match(stderr, /MONGODB_URI/);
      assert.deepEqual(canaries.inLogs(stdout + stderr), []);
    }
    const away = `mongodb://${user}:${password}@127.0.0.1:1/?serverSelectionTimeoutMS=200`;
    const tour = await CanaryTour.start(t, canaries, { MONGODB_URI: away });
    const known = { number: ann, token: "x".repeat(43), address: annsAddress };
    assert.ok((await tour.askInVain(known)).every((status) => status === 503 || status === 401));
    await tour.server.kill("SIGTERM");
    assert.match(tour.server.output(), /MongoDB does not answer/);
    assert.deepEqual(canaries.inLogs(logsOf(tour)), []);
  });
});
