import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndedCall } from "@echoo/core";
import { recordBounds } from "@echoo/storage";
import { ask, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const cid = "5550003";
const dayMs = 24 * 3_600_000;

function answeredCall(callId: string, createdAtMs: number, durationSec: number): EndedCall {
  return {
    callId,
    caller: ann,
    callee: bob,
    isVideo: false,
    createdAtMs,
    answeredAtMs: createdAtMs,
    endedAtMs: createdAtMs + durationSec * 1000,
    endReason: "hangup",
    glare: false,
    reconnects: 0,
    durationSec,
  };
}

function missedCall(callId: string, createdAtMs: number): EndedCall {
  const { answeredAtMs: _, ...call } = answeredCall(callId, createdAtMs, 0);
  return { ...call, caller: bob, callee: ann, endReason: "no_answer" };
}

const summary = (mos: number) =>
  ({ mosModel: "g107-1", samples: 30, coveredMs: 60_000, mos: { p50: mos, p5: 3 }, dataUsedBytes: 1000 }) as const;

test("statistics come in all and by day, with percentiles of MOS", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const nowMs = server.clock.now() + 3_600_000;
  server.clock.advance(3_600_000);
  await server.store.calls.record([
    answeredCall("old", nowMs - 40 * dayMs, 600),
    answeredCall("c1", nowMs - dayMs, 90),
    answeredCall("c2", nowMs - dayMs + 1, 30),
    answeredCall("c3", nowMs, 60),
    missedCall("c4", nowMs),
  ]);
  await server.store.statistics.putSummary("c1", ann, summary(4.2), nowMs);
  await server.store.statistics.putSummary("c2", bob, summary(3.2), nowMs);
  const { body } = await ask(server, `GET /api/stats/${ann}`, { token });
  const { days, ...totals } = body;
  assert.deepEqual(totals, {
    calls: 4,
    minutes: 3,
    missed: 1,
    answerRate: 0.75,
    mos: { p5: 3.2, p50: 3.2, p95: 4.2 },
    dataUsedBytes: 1000,
  });
  assert.deepEqual(
    days.map(({ date, calls, missed }: { date: string; calls: number; missed: number }) => [date, calls, missed]),
    [
      ["2025-12-31", 2, 0],
      ["2026-01-01", 2, 1],
    ],
  );
  assert.equal((await ask(server, `GET /api/stats/${ann}?days=1`, { token })).body.calls, 2);
  assert.equal((await ask(server, `GET /api/stats/${ann}?days=0`, { token })).status, 400);
  assert.equal((await ask(server, `GET /api/stats/${ann}?days=367`, { token })).status, 400);
});

test("a user without calls has statistics of nothing", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const { body } = await ask(server, `GET /api/stats/${ann}`, { token });
  assert.deepEqual(body, { calls: 0, minutes: 0, missed: 0, dataUsedBytes: 0, days: [] });
});

test("more calls than a page are all summed up", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const startMs = server.clock.now();
  server.clock.advance(3_600_000);
  await server.store.calls.record(Array.from({ length: 450 }, (_, n) => answeredCall(`c${n}`, startMs + n, 6)));
  const { body } = await ask(server, `GET /api/stats/${ann}`, { token });
  assert.deepEqual([body.calls, body.minutes], [450, 45]);
});

test("both parties see both sides of a call's statistics, in order of time; nobody else does", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const bobs = await signUp(server, bob);
  const cids = await signUp(server, cid);
  const nowMs = server.clock.now();
  await server.store.calls.record([answeredCall("c1", nowMs, 60)]);
  const batch = { callId: "c1", reporter: ann };
  await server.store.statistics.addSamples([
    { ...batch, batch: "late", receivedAtMs: nowMs, samples: [{ t: nowMs + 2000, rttMs: 50 }] },
    { ...batch, batch: "early", receivedAtMs: nowMs + 1, samples: [{ t: nowMs, rttMs: 40 }] },
  ]);
  await server.store.statistics.putSummary("c1", ann, summary(4.2), nowMs);
  const body = JSON.stringify({ callId: "c1", totalSamples: 30, avgRttMs: 44 });
  await server.store.statistics.putReported([{ callId: "c1", reporter: bob, receivedAtMs: nowMs, body }]);
  const expected = {
    callId: "c1",
    sides: [
      {
        phone: ann,
        role: "caller",
        summary: summary(4.2),
        samples: [
          { t: nowMs, rttMs: 40 },
          { t: nowMs + 2000, rttMs: 50 },
        ],
      },
      { phone: bob, role: "callee", reported: { callId: "c1", totalSamples: 30, avgRttMs: 44 }, samples: [] },
    ],
  };
  assert.deepEqual((await ask(server, `GET /api/stats/${ann}/calls/c1`, { token })).body, expected);
  assert.deepEqual((await ask(server, `GET /api/stats/${bob}/calls/c1`, { token: bobs })).body, expected);
  const stranger = await ask(server, `GET /api/stats/${cid}/calls/c1`, { token: cids });
  assert.deepEqual([stranger.status, stranger.body.code], [404, "unknown_call"]);
  assert.equal((await ask(server, `GET /api/stats/${ann}/calls/c1`, { token: cids })).status, 403);
});

test("samples are taken from the parties of a running or ended call, and named by their content", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const cids = await signUp(server, cid);
  server.live.parties.set("c1", { caller: ann, callee: bob });
  const body = { samples: [{ t: server.clock.now(), rttMs: 40 }] };
  for (let n = 0; n < 2; n += 1) {
    assert.deepEqual((await ask(server, "POST /api/stats/calls/c1", { token, body })).body, { stored: 1 });
  }
  const [first, second] = server.submitted;
  assert.deepEqual(first, second);
  assert.deepEqual([first?.callId, first?.reporter, first?.samples], ["c1", ann, body.samples]);
  await ask(server, "POST /api/stats/calls/c1", { token, body: { ...body, batch: "mine" } });
  assert.equal(server.submitted[2]?.batch, "mine");
  server.live.parties.clear();
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { token, body })).body.code, "unknown_call");
  await server.store.calls.record([answeredCall("c1", server.clock.now(), 60)]);
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { token, body })).status, 200);
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { token: cids, body })).body.code, "unknown_call");
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { body })).status, 401);
  assert.equal(server.submitted.length, 4);
});

test("samples beyond those of a day are 429 and say when there is a day again", async (t) => {
  const server = await startRest(t, { samplesWaitMs: 7_200_500 });
  const token = await signUp(server, ann);
  server.live.parties.set("c1", { caller: ann, callee: bob });
  const refused = await ask(server, "POST /api/stats/calls/c1", { token, body: { samples: [{ t: 1 }] } });
  assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  assert.match(refused.body.error, /86400 samples within 24 hours/);
  assert.equal(refused.headers.get("retry-after"), "7201");
});

test("of more samples than a side is kept with as many are shown, evenly, with both ends of the call", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const nowMs = server.clock.now();
  await server.store.calls.record([answeredCall("c1", nowMs, 60)]);
  const count = recordBounds.samplesPerSide + 5_000;
  const batches = Array.from({ length: count / 100 }, (_, batch) => ({
    ...{ callId: "c1", reporter: ann, batch: `b${batch}`, receivedAtMs: nowMs },
    samples: Array.from({ length: 100 }, (_, i) => ({ t: batch * 100 + i })),
  }));
  await server.store.statistics.addSamples(batches.toReversed());
  const { sides } = (await ask(server, `GET /api/stats/${ann}/calls/c1`, { token })).body;
  const times = sides[0].samples.map((sample: { t: number }) => sample.t);
  assert.deepEqual([times.length, times[0], times.at(-1)], [recordBounds.samplesPerSide, 0, count - 1]);
  assert.ok(times.every((time: number, i: number) => i === 0 || [1, 2].includes(time - times[i - 1])));
});

test("samples beyond what they may be are 400", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  server.live.parties.set("c1", { caller: ann, callee: bob });
  for (const samples of [[], [{ rttMs: 1 }], [{ t: 1, lossPercent: 101 }], Array(1001).fill({ t: 1 }), "x", null]) {
    assert.equal((await ask(server, "POST /api/stats/calls/c1", { token, body: { samples } })).status, 400);
  }
});

test("statistics are one's own and need a token, open access or not", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (const path of ["/api/stats/:who", "/api/stats/:who/calls/c1"]) {
    assert.equal((await ask(server, `GET ${path.replace(":who", bob)}`, { token })).status, 403);
    assert.equal((await ask(server, `GET ${path.replace(":who", ann)}`)).status, 401);
  }
});
