import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { endedCall } from "@echoo/testkit";
import { ask, signUp, startRest } from "../http/rest-server.ts";

const ann = "5550001";
const parties = { caller: ann, callee: "5550002" };

function posted(changes: Record<string, unknown>) {
  const startTime = "2025-12-31T12:00:00.000Z";
  return { ...parties, isVideo: true, startTime, duration: 65, status: "completed", ...changes };
}

test("one posted call past those that are kept makes the oldest go, and one that is older than all is refused", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const { store, clock } = server;
  const firstMs = clock.now() - 20_000_000;
  await store.calls.record([endedCall("seen", { ...parties, createdAtMs: 1 })]);
  for (let n = 0; n < limits.postedCallsPerUser; n += 1) {
    await store.calls.report(endedCall(`told ${n}`, { ...parties, createdAtMs: firstMs + n }), ann, false);
  }
  const save = (callId: string, startTime: number) =>
    ask(server, "POST /api/calls", { token, body: posted({ callId, startTime }) });
  assert.equal((await save("newest", clock.now())).status, 201);
  assert.equal(await store.calls.find("told 0"), undefined);
  assert.ok(await store.calls.find("told 1"));
  assert.ok(await store.calls.find("seen"));
  const refused = await save("oldest", firstMs - 1);
  assert.deepEqual([refused.status, refused.body.code], [409, "conflict"]);
  assert.match(refused.body.error, /10000 calls/);
  assert.equal(await store.calls.find("oldest"), undefined);
  // The same again is no new call.
  assert.equal((await save("newest", clock.now())).status, 200);
});

test("one new posted call past a day's is refused with the time to come back, and known ones are not counted", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const save = (callId: string) => ask(server, "POST /api/calls", { token, body: posted({ callId }) });
  for (let n = 0; n < limits.postedCallsPerDay; n += 1) {
    if (n % 1000 === 0) server.clock.advance(60_000);
    assert.equal((await save(`c${n}`)).status, 201);
  }
  server.clock.advance(60_000);
  const refused = await save("one more");
  assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  assert.ok(Number(refused.headers.get("retry-after")) > 3_600);
  assert.equal((await save("c1")).status, 200);
  server.clock.advance(24 * 3_600_000);
  assert.equal((await save("one more")).status, 201);
});
