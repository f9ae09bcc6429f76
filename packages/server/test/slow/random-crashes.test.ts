import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { RawPeer, type ServerProcess, seededRandom, spawnServer } from "@echoo/testkit";
import { ask, historyOnce } from "../e2e/ask.ts";
import { RandomCaller } from "./random-caller.ts";

const kills = Number(process.env.ECHOO_TEST_KILLS ?? 15);
const seed = Number(process.env.ECHOO_TEST_SEED ?? randomInt(1_000_000));
const actionsMax = 160;
const env = {
  ECHOO_RATE_LIMITS: "off",
  ECHOO_LOG_LEVEL: "warn",
  ECHOO_RING_MS: "1500",
  ECHOO_CONNECT_MS: "1000",
  ECHOO_CALLER_LOST_MS: "500",
  ECHOO_RESUME_MS: "1000",
};

test(`${kills} kills at random moments lose no call, double none and leave nobody busy (seed ${seed})`, async (t) => {
  const server = await spawnServer({ env, test: t });
  const random = seededRandom(seed);
  const callers = Array.from({ length: 8 }, (_, i) => new RandomCaller(`555400000${i}`, i < 2, random));
  const numbers = callers.map(({ userId }) => userId);
  for (let round = 0; round < kills; round += 1) {
    for (const caller of callers) await caller.comeBack(server.wsUrl);
    const actions = Math.floor(random() * actionsMax);
    for (let i = 0; i < actions; i += 1) {
      const actor = callers[Math.floor(random() * callers.length)];
      await actor?.act(numbers);
    }
    await server.kill("SIGKILL");
    for (const caller of callers) await caller.died();
    await server.start();
  }
  await everythingOver(server);
  const told = new Set(callers.flatMap((caller) => caller.callsToldOf()));
  const records = await allRecords(server, numbers);
  t.diagnostic(`seed ${seed}: ${told.size} calls told of, ${records.size} recorded`);
  for (const callId of told) {
    const seen = () => callers.flatMap((caller) => caller.toldOf(callId)).join("\n");
    assert.ok(
      records.has(callId),
      `the call ${callId} has no record (seed ${seed}):\n${records.has(callId) || seen()}`,
    );
  }
  for (const [callId, sides] of records) {
    const seen = JSON.stringify(sides);
    assert.equal(sides.length, 2, `${callId} is in ${sides.length} histories (seed ${seed}): ${seen}`);
    assert.equal(JSON.stringify(sides[0]), JSON.stringify(sides[1]), `the histories differ (seed ${seed})`);
  }
  await nobodyIsBusy(server, numbers);
  assert.deepEqual(server.faults(), []);
});

/** Nobody comes back any more: deadlines end what is left, and each end is written. */
async function everythingOver(server: ServerProcess): Promise<void> {
  const read = async () => (await ask(server, "GET /api/health")).body.activeCalls;
  await server.stored(read, (activeCalls) => activeCalls === 0);
}

/** What each history says of each call. */
async function allRecords(server: ServerProcess, users: readonly string[]): Promise<Map<string, object[]>> {
  const records = new Map<string, object[]>();
  // The last records may still be on their way to the store, in order: whoever sees this one sees them all.
  await flushed(server);
  for (const user of users) {
    for (const call of await historyOnce(server, user, () => true)) {
      const { callId, caller, callee, startTime, answeredAt, endTime, duration, endReason } = call;
      const fact = { callId, caller, callee, startTime, answeredAt, endTime, duration, endReason };
      records.set(callId, [...(records.get(callId) ?? []), fact]);
    }
  }
  return records;
}

async function flushed(server: ServerProcess): Promise<void> {
  const [from, to] = ["5554900001", "5554900002"];
  const peer = await RawPeer.connect(server.wsUrl);
  await peer.join(from);
  peer.send({ type: "offer", to, sdp: "v=0" });
  const { callId } = await peer.next("calling");
  await historyOnce(server, from, ([call]) => call?.callId === callId);
  peer.terminate();
}

async function nobodyIsBusy(server: ServerProcess, users: readonly string[]): Promise<void> {
  for (const [i, caller] of users.entries()) {
    const callee = users[(i + 1) % users.length] ?? "";
    const [a, b] = [await RawPeer.connect(server.wsUrl), await RawPeer.connect(server.wsUrl)];
    await a.join(caller, { protocol: 2 });
    await b.join(callee, { protocol: 2 });
    a.send({ type: "offer", to: callee, sdp: "v=0" });
    const { callId } = await b.next("offer");
    b.send({ type: "reject", callId });
    assert.equal((await a.next("reject")).reason, "declined");
    for (const peer of [a, b]) peer.terminate();
  }
}
