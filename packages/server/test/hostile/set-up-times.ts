import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { ServerProcess } from "@echoo/testkit";
import { answer, ring, twoPeople } from "../ws/talk.ts";

/** Between two calls, once there are enough: one after the other without a pause they would be a flood of their own. */
const restMs = 40;

/**
 * New pairs of people call each other, one pair after the other, for as long as the work lasts and at least `atLeast`
 * times: how long each waited from the offer to the answer. Every call must be set up.
 */
export async function setUpTimes(server: ServerProcess, work: Promise<unknown>, atLeast = 20): Promise<number[]> {
  const timesMs: number[] = [];
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver || timesMs.length < atLeast) {
    timesMs.push(await setUpTime(server));
    if (!isOver && timesMs.length >= atLeast) await setTimeout(restMs);
  }
  await work;
  return timesMs;
}

async function setUpTime(server: ServerProcess): Promise<number> {
  const { a, b } = await twoPeople(server);
  try {
    const begunMs = performance.now();
    const callId = await ring({ a, b });
    b.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
    assert.equal((await a.next("answer")).sdp, answer.sdp);
    return performance.now() - begunMs;
  } finally {
    a.terminate();
    b.terminate();
  }
}

/** The figures as a line of the test's print-out. */
export function describeTimes(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return `${sorted.length} calls set up, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

/** What the process takes of memory, as it says itself. */
export async function residentMib(server: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const bytes = /^echoo_process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1];
  assert.ok(bytes !== undefined, "the metrics do not tell the memory");
  return Number(bytes) / 1024 / 1024;
}
