import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CurrentPeer, spawnServer } from "@echoo/testkit";
import { erased, halfErase, other } from "../../../storage/test/store/half-erased.ts";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { offer, ring } from "../ws/talk.ts";
import { ask, tokenOf } from "./ask.ts";
import { ann, assertGone, erase, filesWithAnn, muchOfAnn } from "./erasure-scene.ts";

test("an account that is erased in the midst of a call is nowhere any more, in no answer and no file", async (t) => {
  const server = await spawnServer({ test: t });
  const scene = await muchOfAnn(server);
  assert.equal((await erase(server, scene)).status, 200);
  for (const peer of [scene.a, scene.b]) assert.equal((await peer.next("hangup")).reason, "admin_ended");
  assert.equal((await scene.a.closed()).code, 4401);
  await assertGone(server, scene);
  assert.deepEqual(await filesWithAnn(server), []);
});

test("an account that is erased while its call rings is nowhere, and its number begins anew", async (t) => {
  const server = await spawnServer({ test: t });
  const scene = await muchOfAnn(server);
  scene.a.send({ type: "hangup", callId: scene.callId });
  await scene.b.next("hangup");
  await ask(server, `DELETE /api/users/${scene.b.joined.userId}/blocks/${ann}`, { token: scene.others });
  await ring({ a: scene.a, b: scene.b });
  assert.equal((await erase(server, scene)).status, 200);
  const token = await tokenOf(server, ann);
  for (const path of [`/api/calls/${ann}`, `/api/users/${ann}/contacts`, `/api/users/${ann}/blocks`]) {
    const { body } = await ask(server, `GET ${path}`, { token });
    assert.deepEqual(body.calls ?? body.contacts ?? body.blocks, [], path);
  }
  const { body } = await ask(server, `GET /api/calls/${scene.b.joined.userId}`, { token: scene.others });
  assert.ok(!JSON.stringify(body).includes(ann));
});

test("an erasure that was answered outlives a crash in the same moment", async (t) => {
  const server = await spawnServer({ test: t });
  const scene = await muchOfAnn(server);
  assert.equal((await erase(server, scene)).status, 200);
  await server.restart("SIGKILL");
  const b = await CurrentPeer.connect(server.wsUrl, { userId: scene.b.joined.userId, token: scene.others });
  await assertGone(server, { ...scene, b });
  assert.deepEqual(await filesWithAnn(server), []);
});

test("an offer to a number that was erased is one to an unknown number", async (t) => {
  const server = await spawnServer({ test: t });
  const scene = await muchOfAnn(server);
  await erase(server, scene);
  scene.b.send({ type: "offer", to: ann, sdp: offer.sdp });
  const { callId } = await scene.b.next("calling");
  scene.b.send({ type: "hangup", callId });
  scene.b.send({ type: "checkUser", userId: ann });
  const { online, registered } = await scene.b.next("userStatus");
  assert.deepEqual([online, registered], [false, false]);
});

test("an erasure in which the server died is whole soon after the next start, and till then nobody sees the rest", async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const file = join(folder.path, "echoo.db");
  assert.equal(await halfErase(file, 3), true);
  const server = await spawnServer({ env: { ECHOO_DATA: folder.path }, test: t });
  // Under open access the history of a number that is nobody's is anybody's to read.
  const statuses = new Set<number>();
  for (let body: { calls?: unknown[] } = {}; body.calls === undefined; ) {
    const answer = await ask(server, `GET /api/calls/${erased}`);
    statuses.add(answer.status);
    body = answer.body;
    if (body.calls !== undefined) assert.deepEqual(body.calls, []);
  }
  assert.deepEqual([...statuses].at(-1), 200);
  assert.equal((await ask(server, `GET /api/calls/${other}`)).body.calls.length, 50);
  await server.kill("SIGTERM");
  for (const name of readdirSync(folder.path).filter((each) => each.startsWith("echoo.db"))) {
    assert.ok(!readFileSync(join(folder.path, name), "latin1").includes(erased), name);
  }
});
