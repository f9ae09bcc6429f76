import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CurrentPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { somebody } from "../ws/talk.ts";
import { residentMib } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

const program = fileURLToPath(new URL("flood-candidates.ts", import.meta.url));
const floodMs = { ringing: 8_000, stray: 4_000 };
/**
 * How many times fewer answers a witness may get than beside the same frames that lead to nothing. Both are counted on this
 * machine, one after the other, and whatever else it does: no figure here is a time.
 */
const fewerTimesMax = 4;

/** A user who has nothing to do with it asks again 30 ms after each answer, until the work is done: how long each took. */
async function pongTimes(server: ServerProcess, work: Promise<unknown>): Promise<number[]> {
  const witness = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
  const timesMs: number[] = [];
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const begunMs = performance.now();
    witness.send({ type: "ping" });
    await witness.next("pong");
    timesMs.push(performance.now() - begunMs);
    await setTimeout(30);
  }
  witness.terminate();
  return timesMs.toSorted((a, b) => a - b);
}

async function flood(t: TestContext, server: ServerProcess, kind: keyof typeof floodMs) {
  const args = [server.wsUrl, String(floodMs[kind]), kind];
  const child = fork(program, args, { execArgv: ["--conditions=source", "--import", "tsx"], stdio: "inherit" });
  t.after(() => child.kill());
  const [told] = await once(child, "message");
  return told as { sent: number; closed: number; rings: number };
}

/** How many answers a second the witness gets meanwhile. */
async function witnessed(t: TestContext, server: ServerProcess, kind: keyof typeof floodMs): Promise<number> {
  const begunMs = performance.now();
  const flooding = flood(t, server, kind);
  const timesMs = await pongTimes(server, flooding);
  const perSec = timesMs.length / ((performance.now() - begunMs) / 1000);
  const at = (share: number) => Math.round(timesMs[Math.ceil(timesMs.length * share) - 1] ?? 0);
  const { sent, closed, rings } = await flooding;
  t.diagnostic(`${kind}: ${sent} candidates, ${rings} rings, ${closed} sockets closed`);
  t.diagnostic(`${timesMs.length} pings of a witness: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  return perSec;
}

test("sixty-four sockets that pour candidates into an unanswered ring hold up no other user", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const beside = { ringing: await witnessed(t, server, "ringing"), stray: await witnessed(t, server, "stray") };
  t.diagnostic(`the server grew by ${Math.round((await residentMib(server)) - beforeMib)} MiB`);
  assert.ok(beside.ringing * fewerTimesMax > beside.stray, JSON.stringify(beside));
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});
