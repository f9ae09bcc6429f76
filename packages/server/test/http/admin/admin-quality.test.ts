import assert from "node:assert/strict";
import { test } from "node:test";
import { HourCount, type StoredSummary } from "@echoo/core";
import { endedCall } from "@echoo/testkit";
import { ask, type RestServer, startRest } from "../rest-server.ts";
import { administrator } from "./administrator.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Calls of one hour, each with the score of its caller, counted as the server counts them. */
async function counted(server: RestServer, atMs: number, scores: readonly number[], network = "wifi") {
  const count = new HourCount();
  const calls = scores.map((_, n) => endedCall(`call ${atMs} ${n}`, { createdAtMs: atMs + n }));
  const summaries = scores.map((p50, n): StoredSummary => {
    const summary = { mosModel: "g107-1", samples: 9, coveredMs: 9, mos: { p50, p5: p50 }, network } as const;
    return { callId: `call ${atMs} ${n}`, reporter: "+491", summary, updatedAtMs: atMs } as StoredSummary;
  });
  count.add(calls, summaries);
  const rows = [...count.groups()].map(([dimension, groups]) => ({ hourMs: atMs, dimension, groups }));
  await server.store.qualityHours.mark([atMs]);
  const hour = await server.store.qualityHours.claim(server.clock.now(), server.clock.now() + 1000);
  assert.ok(hour);
  await server.store.qualityHours.put(hour, rows, server.clock.now());
}

async function quality(server: RestServer, token: string, query: string) {
  const { status, body } = await ask(server, `GET /api/admin/quality${query}`, { token });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

test("quality is told hour by hour and in all, against the week before", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const nowHourMs = Math.floor(server.clock.now() / hourMs) * hourMs;
  await counted(server, nowHourMs - 2 * hourMs, [4.2, 4.2, 2]);
  await counted(server, nowHourMs - hourMs, [4.2]);
  await counted(server, nowHourMs - 8 * dayMs, [2, 2]);
  const body = await quality(server, token, "?days=2");
  assert.equal(body.groups.length, 1);
  assert.deepEqual([body.groups[0].sides, body.groups[0].levels], [8, { good: 3, moderate: 0, poor: 1 }]);
  assert.deepEqual(body.groups[0].figures.mos, { p50: 4.2, p95: 4.2, p99: 4.2 });
  assert.deepEqual([body.before[0].sides, body.before[0].levels.poor], [4, 2]);
  assert.deepEqual(
    body.steps.map(({ sides }: { sides: number }) => sides),
    [6, 2],
  );
});

test("it is told by network, and without calls it is empty", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  assert.deepEqual((await quality(server, token, "")).groups, []);
  const nowHourMs = Math.floor(server.clock.now() / hourMs) * hourMs;
  await counted(server, nowHourMs - hourMs, [4.2, 4.2], "wifi");
  const { groups } = await quality(server, token, "?by=network");
  assert.deepEqual(groups.map(({ name }: { name: string }) => name).sort(), ["unknown", "wifi"]);
  assert.equal((await ask(server, "GET /api/admin/quality?days=32", { token })).status, 400);
  assert.equal((await ask(server, "GET /api/admin/quality?by=number", { token })).status, 400);
});
