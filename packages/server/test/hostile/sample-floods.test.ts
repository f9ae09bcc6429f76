import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { limits } from "@echoo/protocol";
import { openSqliteStore, recordBounds } from "@echoo/storage";
import { pause, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, tokenOf } from "../e2e/ask.ts";
import { somebody, talk } from "../ws/talk.ts";
import { describeTimes, residentMib, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

/*
 * Samples without end, by each of the ways they may come, and the reading of them. Others call each other meanwhile.
 * Unbounded, 25 s of this made half a gigabyte, and one look at it stopped everybody for ten seconds.
 */

const floodMs = process.env.CI ? 5_000 : 25_000;
/** What the server may grow by: large bodies and frames under way, garbage, and the JIT's code. */
const grownMibMax = 250;
/** A user's samples of a day, as large as they can be, in the journal and the store with their logs. */
const storedMibMax = 200;

function sample(number: number) {
  return {
    ...{ t: 1e12 + number, rttMs: 50.123456789, jitterMs: 3, lossPercent: 1, sendLossPercent: 1, sendKbps: 100 },
    ...{
      recvKbps: 100,
      availableKbps: 1000,
      jitterBufferMs: 40,
      concealedPercent: 1,
      fps: 30,
      width: 640,
      height: 480,
    },
    codec: "x".repeat(200),
  };
}

function storedMib(server: ServerProcess): number {
  const sizes = readdirSync(server.data).map((name) => statSync(join(server.data, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 / 1024;
}

/** A call that its caller alone tells of. */
async function toldCall(server: ServerProcess): Promise<{ phone: string; token: string; callId: string }> {
  const [phone, callee, callId] = [somebody(), somebody(), randomUUID()];
  const token = await tokenOf(server, phone);
  const times = { startTime: Date.now() - 60_000, duration: 30, status: "completed" };
  const body = { callId, caller: phone, callee, isVideo: false, ...times };
  assert.equal((await ask(server, "POST /api/calls", { token, body })).status, 201);
  return { phone, token, callId };
}

/** Batches that are new each time, one after the other, until the time is up; how often each status came. */
async function upload(server: ServerProcess, to: { token: string; callId: string }, first: number) {
  const statuses = new Map<number, number>();
  const untilMs = performance.now() + floodMs;
  for (let number = first; performance.now() < untilMs; number += 2_000) {
    const samples = Array.from({ length: limits.uploadedSamples }, (_, i) => sample(number + i));
    const { token, callId } = to;
    const { status } = await ask(server, `POST /api/stats/calls/${callId}`, { token, body: { samples } });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

test("two who upload samples without end fill neither memory nor disk, and hold up no other user", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const calls = [await toldCall(server), await toldCall(server)] as const;
  const floods = Promise.all(calls.map((call) => upload(server, call, 0)));
  t.diagnostic(`uploads: ${describeTimes(await setUpTimes(server, floods))}`);
  for (const statuses of await floods) {
    t.diagnostic(`answers ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(", ")}`);
    assert.ok([...statuses.keys()].every((status) => status === 200 || status === 429));
    assert.ok((statuses.get(200) ?? 0) * limits.uploadedSamples <= limits.samplesPerUserDay);
  }
  t.diagnostic(`${storedMib(server).toFixed(0)} MiB are stored`);
  assert.ok(storedMib(server) < 2 * storedMibMax);

  const [{ phone, token, callId }] = calls;
  const reads = Promise.all([1, 2, 3].map(() => ask(server, `GET /api/stats/${phone}/calls/${callId}`, { token })));
  t.diagnostic(`three reads of all of it: ${describeTimes(await setUpTimes(server, reads))}`);
  for (const { status, body } of await reads) {
    assert.equal(status, 200);
    assert.ok(body.sides[0].samples.length <= recordBounds.samplesPerSide);
    assert.ok(body.sides[0].summary.samples <= recordBounds.samplesPerSide);
  }
  await assertFlat(t, server, beforeMib);
});

/** Reports of the app as long as they may be, on several sockets at once, until the time is up. */
async function report(server: ServerProcess, phone: string, callId: string): Promise<number> {
  let sent = 0;
  const isOver = setTimeout(floodMs, true);
  const rounds = async (socket: number) => {
    const peer = await RawPeer.connect(server.wsUrl, { name: `flood ${socket}`, deadlineMs: 2 * floodMs });
    await peer.join(phone, { protocol: 2, deviceId: `d${socket}` });
    for (let number = socket; ; number += 4) {
      const samples = Array.from({ length: limits.reportedSamples }, (_, i) => ({
        ...{ timestamp: number * 1e8 + i * 2_000, rttMs: i + 1 / 3, packetLossPercent: 1 / 3 },
        ...{ sendBitrateKbps: i / 3, receiveBitrateKbps: i / 7 },
      }));
      peer.send({ type: "callStats", callId, samples });
      sent += 1;
      peer.send({ type: "ping" });
      // It is read slowly after a while, or closed: then nothing more of it is wanted.
      const isAnswered = peer.next("pong").then(
        () => false,
        () => true,
      );
      if (await Promise.race([isOver, isAnswered])) break;
    }
    peer.terminate();
  };
  await Promise.all([0, 1, 2, 3].map(rounds));
  return sent;
}

test("reports of calls without end, each as large as it may be, fill neither memory nor disk, and hold up no other user", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const { a, b, callId } = await talk(server);
  for (const peer of [a, b]) t.after(() => peer.terminate());
  // Of a call that is over any device of a party may report.
  a.send({ type: "hangup", callId });
  await b.next("hangup");
  const beforeMib = await residentMib(server);
  const flood = report(server, a.joined.userId, callId);
  t.diagnostic(`reports: ${describeTimes(await setUpTimes(server, flood))}`);
  t.diagnostic(`${await flood} reports sent, ${storedMib(server).toFixed(0)} MiB are stored`);
  assert.ok(storedMib(server) < storedMibMax);
  await assertFlat(t, server, beforeMib);
});

test("what an earlier version let grow ends the server neither at its start nor when more comes", async (t) => {
  const env = { ECHOO_LOG_LEVEL: "warn", NODE_OPTIONS: "--max-old-space-size=160" };
  const server = await spawnServer({ env, test: t });
  const call = await toldCall(server);
  await server.kill("SIGTERM");
  const store = openSqliteStore({ pause, file: join(server.data, "echoo.db") });
  for (let batch = 0; batch < 300; batch += 1) {
    const samples = Array.from({ length: 1_000 }, (_, i) => sample(batch * 1_000 + i));
    const { phone: reporter, callId } = call;
    await store.statistics.addSamples([{ callId, reporter, batch: `b${batch}`, receivedAtMs: Date.now(), samples }]);
  }
  await store.close();
  await server.start();
  const path = `/api/stats/calls/${call.callId}`;
  const body = { samples: [sample(400_000)] };
  const work = (async () => {
    const { token, phone, callId } = call;
    assert.equal((await ask(server, `POST ${path}`, { token, body })).status, 200);
    const read = await ask(server, `GET /api/stats/${phone}/calls/${callId}`, { token });
    assert.ok(read.body.sides[0].samples.length <= recordBounds.samplesPerSide);
  })();
  t.diagnostic(`300,000 samples of one side: ${describeTimes(await setUpTimes(server, work))}`);
  await server.restart();
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});

async function assertFlat(t: TestContext, server: ServerProcess, beforeMib: number): Promise<void> {
  const grownMib = (await residentMib(server)) - beforeMib;
  t.diagnostic(`the server grew by ${grownMib.toFixed(0)} MiB`);
  assert.ok(grownMib < grownMibMax, `the server grew by ${grownMib} MiB`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
}
