import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { HomeState, RemoteScripts } from "@echoo/core";
import { pause, RedisProcess, realClock, requireService, seededRandom } from "@echoo/testkit";
import { MemoryStore } from "../../src/memory/memory-store.ts";
import { installation } from "../conformance/cluster-fixture.ts";
import { afar } from "../memory/afar.ts";
import { redisUnderTest } from "../redis-under-test.ts";

const seeds = 60;
const stepsPerSeed = 150;

/** Any step of any node about a few users and calls, sensible or not. */
function anyStep(random: () => number, run: { id: number }, ids: readonly string[]) {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [node, other] = [one(["n1", "n2", "n3"]), one(["n1", "n2", "n3"])];
  const [user, peer, callId] = [one(["ann", "bob", "cleo"]), one(["ann", "bob", "dan"]), one(ids)];
  const number = 1 + Math.floor(random() * 4);
  const session = { user, session: `${node}.${user}`, entry: "{}" };
  const isAnswered = random() < 0.5;
  const state: HomeState = {
    ...{ callId, gen: 1 + Math.floor(random() * 2), rev: number, sent: `{"n2":${number}}` },
    facts: {
      ...{ caller: user, callee: peer, state: isAnswered ? "answered" : "ringing", nodes: [node, other, other] },
      ...(random() < 0.3 ? { calleeAway: `${other}.${peer}` } : {}),
    },
    fields: { head: `${number}`, ...(isAnswered ? { answer: "sdp" } : {}) },
    letters: random() < 0.5 ? [{ to: other, text: `of ${callId}` }] : [],
    claims: random() < 0.2 ? [peer] : [],
    ...(random() < 0.2 ? { end: { tombstone: `{"id":"${callId}"}`, record: "{}" } } : {}),
  };
  return one<readonly [string, (scripts: RemoteScripts) => Promise<unknown>]>([
    ["hello", (s) => s.hello(node, { runId: `${run.id}`, lastRead: "0-0", ...installation })],
    ["beat", (s) => s.beat(node)],
    ["join", (s) => s.join(node, session)],
    ["join", (s) => s.join(node, session)],
    ["leave", (s) => s.leave(node, user, session.session)],
    ["place", (s) => s.place(node, { callId, caller: user, callee: peer, mayRing: false })],
    ["place", (s) => s.place(node, { callId, caller: user, callee: peer, mayRing: true })],
    ["place", (s) => s.place(node, { callId, caller: peer, callee: user, mayRing: true })],
    ["abandon", (s) => s.abandon(node, callId)],
    ["finishAtOnce", (s) => s.finishAtOnce(node, { callId, caller: user, callee: peer, tombstone: '{"at":"once"}' })],
    ["claim", (s) => s.claim(node, callId, user)],
    ["claim", (s) => s.claim(node, callId, peer)],
    ["claim", (s) => s.claim(node, callId, peer)],
    ["unclaim", (s) => s.unclaim(node, callId, user)],
    ["commit", (s) => s.commit(node, state)],
    ["commit", (s) => s.commit(node, { ...state, gen: 1 })],
    ["restore", (s) => s.restore(node, state)],
    ["adopt", (s) => s.adopt(node, callId)],
    ["handOver", (s) => s.handOver(node, { callId, gen: 1, rev: number }, other)],
    ["find", (s) => s.find(callId)],
    ["callsOf", (s) => s.callsOf(node)],
    ["tell", (s) => s.tell(node, { to: other, text: "x" })],
    ["tellAll", (s) => s.tellAll(node, "y")],
  ]);
}

/** An answer without what no two stores have alike: their clocks. */
function withoutTimes(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer ?? null, (name, value) => {
      return ["createdAtMs", "timeMs", "era", "recordId"].includes(name) ? typeof value : value;
    }),
  );
}

/** These may end a call, by the clock of the store. */
const ending = ["finishAtOnce", "commit", "restore"];

/** Ends of one millisecond have no order of their own. */
async function nextMillisecond(): Promise<void> {
  const beforeMs = realClock.now();
  while (realClock.now() === beforeMs) await pause();
}

describe("whatever nodes ask", { skip: requireService("valkey") }, () => {
  let server: Promise<RedisProcess> | undefined;
  after(async () => {
    await (await server)?.stop();
  });

  test("the scripts of Redis answer as the store in memory, and leave the same to be read", async () => {
    server ??= RedisProcess.start("valkey");
    const asked = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = seededRandom(seed);
      const redis = await redisUnderTest(await server);
      let nowMs = 10_000;
      // A millisecond for each step, here as in Redis.
      const store = new MemoryStore(() => nowMs);
      const memory = afar(store);
      const run = { id: 1 };
      for (let step = 0; step < stepsPerSeed; step += 1) {
        nowMs += 1;
        const ids = Array.from({ length: 4 }, (_, at) => `c${Math.floor(step / 30) * 4 + at}`);
        if (step === 70) run.id += 1;
        if (step % 10 === 3) {
          await redis.settle();
          store.data.era.sinceMs = 0;
        }
        if (step === 100)
          assert.equal(await redis.scripts.bury("n1", "n3", "own"), await memory.bury("n1", "n3", "own"));
        const [name, ask] = anyStep(random, run, ids);
        const [expected, actual] = [withoutTimes(await ask(memory)), withoutTimes(await ask(redis.scripts))];
        assert.deepEqual(actual, expected, `seed ${seed}, step ${step}: ${name}`);
        const looked = ["ann", "bob", "dan"];
        if (step % 5 === 0) {
          const seen = await memory.presenceOf(looked);
          assert.deepEqual(await redis.scripts.presenceOf(looked), seen, `seed ${seed}, step ${step}: who is there`);
        }
        if (ending.includes(name)) await nextMillisecond();
        const code = `${name} ${(expected as { code?: string } | null)?.code ?? ""}`;
        asked.set(code, (asked.get(code) ?? 0) + 1);
      }
      for (const node of ["n1", "n2", "n3"]) {
        const [expected, actual] = [store.read(node, "0-0"), await redis.read(node, "0-0")];
        assert.deepEqual(
          actual.map(({ text }) => text),
          expected.map(({ text }) => text),
          `seed ${seed}: what ${node} has to read`,
        );
      }
      await redis.close();
    }
    // It proves something only where it got everywhere.
    for (const code of [
      "place placed",
      "place glare",
      "claim locked",
      "commit conflict",
      "restore ok",
      "adopt adopted",
    ]) {
      assert.ok((asked.get(code) ?? 0) > 0, `${code}: ${asked.get(code) ?? 0} times`);
    }
  });
});
