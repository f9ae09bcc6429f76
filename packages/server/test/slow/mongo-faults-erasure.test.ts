import assert from "node:assert/strict";
import { test } from "node:test";
import { requireService, spawnServer, startMongoSet } from "@echoo/testkit";
import { ask } from "../e2e/ask.ts";
import { ann, assertGone, erase, filesWithAnn, muchOfAnn } from "../e2e/erasure-scene.ts";

const skip = requireService("mongod");

test("an account erased while MongoDB is away is refused, and erased whole once it is back", { skip }, async (t) => {
  const set = await startMongoSet({ nodes: 1, test: t });
  const server = await spawnServer({ env: { MONGODB_URI: set.uri }, test: t });
  const scene = await muchOfAnn(server);
  await set.node.kill();
  scene.b.send({ type: "hangup", callId: scene.callId });
  await scene.a.next("hangup");
  assert.equal((await erase(server, scene)).status, 503);
  await set.node.startAgain();
  while ((await erase(server, scene)).status !== 200) await ask(server, "GET /livez");
  await assertGone(server, scene);
  assert.deepEqual(await filesWithAnn(server), []);
  const database = set.client.db("echoo");
  for (const { name } of await database.listCollections().toArray()) {
    const documents = JSON.stringify(await database.collection(name).find({}).toArray());
    assert.ok(!documents.includes(ann), `${name}: ${documents}`);
  }
});
