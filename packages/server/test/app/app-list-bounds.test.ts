import assert from "node:assert/strict";
import { test } from "node:test";
import { endedCall } from "@echoo/testkit";
import { listedMax, maxCalls } from "../../src/http/app/app-call-routes.ts";
import { startRest } from "../http/rest-server.ts";
import { appRequest, appSignIn } from "./app-request.ts";

const [ann, bob] = ["5551230001", "5551230002"];

test("a list of statistics looks at so many calls, the newest, and not at one more", async (t) => {
  const server = await startRest(t);
  const { store, clock } = server;
  const token = await appSignIn(server, ann);
  const call = (n: number) => endedCall(`c${n}`, { caller: ann, callee: bob, createdAtMs: clock.now() + n });
  const listed = async () => {
    const { body } = await appRequest(server, "GET /calls/stats?limit=20", { token });
    return body.stats.map(({ callId }: { readonly callId: string }) => callId);
  };
  await store.calls.record(Array.from({ length: maxCalls }, (_, n) => call(n)));
  const report = { callId: "c0", reporter: ann, receivedAtMs: clock.now(), body: JSON.stringify({ callId: "c0" }) };
  await store.statistics.putReported([report]);
  assert.deepEqual(await listed(), ["c0"]);
  await store.calls.record([call(maxCalls)]);
  assert.deepEqual(await listed(), []);
});

test("of each call's samples a list shows so many, evenly, with both ends", async (t) => {
  const server = await startRest(t);
  const token = await appSignIn(server, ann);
  const nowMs = server.clock.now();
  await server.store.calls.record([endedCall("c1", { caller: ann, callee: bob, createdAtMs: nowMs })]);
  const report = { callId: "c1", reporter: ann, receivedAtMs: nowMs, body: JSON.stringify({ callId: "c1" }) };
  await server.store.statistics.putReported([report]);
  const samples = Array.from({ length: listedMax + 1 }, (_, n) => ({ t: nowMs + n * 3_000 }));
  await server.store.statistics.addSamples([{ callId: "c1", reporter: ann, batch: "1", receivedAtMs: nowMs, samples }]);
  const { body } = await appRequest(server, "GET /calls/stats?limit=20", { token });
  const times = body.stats[0].samples.map(({ timestamp }: { readonly timestamp: number }) => timestamp);
  assert.deepEqual([times.length, times[0], times.at(-1)], [listedMax, samples[0]?.t, samples.at(-1)?.t]);
});
