import assert from "node:assert/strict";
import {
  HourCount,
  type QualityHour,
  type ReceivedReport,
  type SideSummary,
  type Store,
  type StoredVerdict,
  sumHours,
} from "@echoo/core";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { historyIds } from "./read-history.ts";

const ann = "+491";
const bob = "+492";
const hour = 3_600_000;

function report(callId: string, reporter: string, numbers: readonly number[], receivedAtMs = startMs): ReceivedReport {
  const events = numbers.map((n) => ({ n, t: startMs + n, kind: "ice" as const, state: "checking" }));
  return { callId, reporter, receivedAtMs, sentAtMs: startMs - 40, events };
}

function verdict(code: StoredVerdict["operator"]["code"], inputs: number): StoredVerdict {
  const evidence = [{ source: "event" as const, side: "caller" as const, what: "ice failed", t: startMs }];
  return { rules: 1, inputs, operator: { code, side: "caller", confidence: "sure", evidence } };
}

export function verdictsConformance(check: StoreCase): void {
  check("a verdict stands with its call, until one comes that is made of as much", async ({ calls }) => {
    const server = { turn: true, pushes: { tried: 1, failed: 0 }, callerClient: { name: "Phone", version: "1" } };
    await calls.record([{ ...endedCall("a"), server }, endedCall("b")]);
    await calls.putVerdicts([
      { callId: "a", verdict: verdict("poor_audio", 4) },
      { callId: "nowhere", verdict: verdict("good", 9) },
    ]);
    await calls.putVerdicts([{ callId: "a", verdict: verdict("unknown", 3) }]);
    assert.deepEqual(await calls.find("a"), { ...endedCall("a"), server, verdict: verdict("poor_audio", 4) });
    await Promise.all([
      calls.putVerdicts([{ callId: "a", verdict: verdict("good", 5) }]),
      calls.putVerdicts([{ callId: "a", verdict: verdict("frozen_video", 6) }]),
    ]);
    assert.deepEqual((await calls.find("a"))?.verdict, verdict("frozen_video", 6));
    assert.equal((await calls.find("b"))?.verdict, undefined);
    assert.equal(await calls.find("nowhere"), undefined);
    const page = await calls.page({ viewer: ann, limit: 9 });
    assert.deepEqual(page.calls.map(({ call }) => call.verdict?.operator.code).sort(), ["frozen_video", undefined]);
    // The record again changes neither.
    await calls.record([endedCall("a")]);
    assert.deepEqual((await calls.find("a"))?.verdict, verdict("frozen_video", 6));
    const many = await calls.findMany(["a", "b", "a", "nowhere"]);
    assert.deepEqual(many.map(({ callId }) => callId).sort(), ["a", "b"]);
    assert.deepEqual(await calls.findMany([]), []);
  });

  check("what a side tells is merged, in whichever order it comes and however often", async ({ reports }) => {
    const [first, second] = [report("a", ann, [0, 1, 2], startMs + 50), report("a", ann, [2, 3], startMs + 10)];
    await reports.add([first, report("a", bob, [0])]);
    await reports.add([second, first]);
    await reports.add([second, report("b", ann, [3, 2], startMs + 10), report("b", ann, [0, 1, 2], startMs + 50)]);
    await reports.add([]);
    const found = await reports.timelines(["a", "b", "c", "a"]);
    const of = (callId: string, reporter: string) =>
      found.find((one) => one.callId === callId && one.reporter === reporter);
    assert.equal(found.length, 3);
    assert.deepEqual(of("a", ann), {
      callId: "a",
      reporter: ann,
      receivedAtMs: startMs + 50,
      shiftMs: 50,
      events: report("a", ann, [0, 1, 2, 3]).events,
    });
    assert.deepEqual(of("b", ann)?.events, of("a", ann)?.events);
    await Promise.all(Array.from({ length: 8 }, (_, n) => reports.add([report("many", ann, [n])])));
    const [many] = await reports.timelines(["many"]);
    assert.deepEqual(
      many?.events.map(({ n }) => n),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(await reports.timelines([]), []);
  });

  check("what a side told goes with its age, its call and its account", async ({ calls, reports, users }) => {
    await calls.record([endedCall("old", { createdAtMs: startMs - 9 }), endedCall("a"), endedCall("mine")]);
    await reports.add([1, 2, 3].map((i) => report(`sample ${i}`, ann, [0], startMs + i)));
    assert.equal(await reports.sweep(startMs + 3, 1), 1);
    assert.equal(await reports.sweep(startMs + 3, 9), 1);
    assert.equal((await reports.timelines(["sample 1", "sample 2", "sample 3"])).length, 1);
    await reports.add([report("old", ann, [0]), report("a", ann, [0]), report("a", bob, [0])]);
    assert.equal(await calls.sweep(startMs, 9), 1);
    assert.deepEqual(await reports.timelines(["old"]), []);
    const server = { callerClient: { name: "Ann's" }, calleeClient: { name: "Bob's" }, turn: false };
    await calls.record([{ ...missedCall("facts"), server }]);
    await users.erase(ann, "deleted:1");
    assert.deepEqual(
      (await reports.timelines(["a"])).map(({ reporter }) => reporter),
      [bob],
    );
    assert.deepEqual((await calls.find("facts"))?.server, { calleeClient: { name: "Bob's" }, turn: false });
    assert.equal((await historyIds(calls, bob)).length, 3);
  });
}

export function qualityHoursConformance(check: StoreCase): void {
  const summary = (mos: number): SideSummary => ({
    mosModel: "g107-1",
    samples: 9,
    coveredMs: 9_000,
    mos: { p50: mos, p5: 1 },
    rttMs: { p50: 40 * mos, p95: 90 },
    relayed: mos < 3,
    network: mos < 3 ? "cellular" : "wifi",
  });

  /** Counts the hour as a node does. */
  async function counted({ qualityHours, statistics }: Store, hourMs: number): Promise<readonly QualityHour[]> {
    const count = new HourCount();
    let after: string | undefined;
    for (;;) {
      const calls = await qualityHours.callsOf(hourMs, after, 2);
      count.add(calls, await statistics.summaries(calls.map(({ callId }) => callId)));
      after = calls.at(-1)?.callId;
      if (calls.length < 2) break;
    }
    return [...count.groups()].map(([dimension, groups]) => ({ hourMs, dimension, groups }));
  }

  check("an hour is counted of its calls, a few at a time, and told by each dimension", async (store) => {
    const { calls, statistics, qualityHours } = store;
    const times = [0, 0, 0, 5, hour - 1, hour, -1];
    await calls.record(times.map((at, i) => endedCall(`call ${i}`, { createdAtMs: startMs + at })));
    await calls.report(endedCall("told", { createdAtMs: startMs + 7 }), ann, true);
    await calls.putVerdicts([{ callId: "call 0", verdict: verdict("good", 1) }]);
    for (let i = 0; i < 5; i++) {
      await statistics.putSummary(`call ${i}`, ann, summary(i < 2 ? 2.5 : 4.2), startMs);
      await statistics.putSummary(`call ${i}`, bob, summary(3.5), startMs);
    }
    const rows = await counted(store, startMs);
    await qualityHours.put({ hourMs: startMs, marks: 1 }, rows, 0);
    await qualityHours.put({ hourMs: startMs, marks: 1 }, await counted(store, startMs), 0);
    const read = await qualityHours.read("all", startMs, startMs + hour);
    assert.deepEqual(
      read,
      rows.filter(({ dimension }) => dimension === "all"),
    );
    const [all] = sumHours(read, 20);
    assert.deepEqual([all?.sides, all?.answered, all?.levels], [10, 10, { good: 3, moderate: 5, poor: 2 }]);
    assert.deepEqual([all?.verdicts, all?.figures.mos], [{ good: 2 }, { p50: 3.5, p95: 4.2, p99: 4.2 }]);
    const relay = sumHours(await qualityHours.read("relay", startMs - hour, startMs + hour), 20);
    assert.deepEqual(
      relay.map(({ name, sides }) => [name, sides]),
      [
        ["direct", 8],
        ["relayed", 2],
      ],
    );
    assert.deepEqual(await qualityHours.read("all", startMs + hour, startMs + 2 * hour), []);
  });

  check("a late summary, and the same one again, count once", async (store) => {
    const { calls, statistics, qualityHours } = store;
    await calls.record([endedCall("a")]);
    await statistics.putSummary("a", ann, summary(4.2), startMs);
    await qualityHours.put({ hourMs: startMs, marks: 0 }, await counted(store, startMs), 0);
    for (const _ of [1, 2]) {
      await statistics.putSummary("a", ann, summary(2), startMs + 9);
      await qualityHours.put({ hourMs: startMs, marks: 0 }, await counted(store, startMs), 0);
    }
    const [all] = sumHours(await qualityHours.read("all", startMs, startMs + hour), 20);
    assert.deepEqual([all?.sides, all?.levels], [2, { good: 0, moderate: 0, poor: 1 }]);
  });

  check("a marked hour is one node's at a time, and is counted again if it was marked meanwhile", async (store) => {
    const { qualityHours } = store;
    await qualityHours.mark([startMs, startMs, startMs + hour]);
    const claims = await Promise.all([1, 2, 3].map(() => qualityHours.claim(100, 200)));
    const hours = claims.flatMap((claim) => claim?.hourMs ?? []);
    assert.deepEqual(hours.sort(), [startMs, startMs + hour]);
    assert.equal(await qualityHours.claim(199, 300), undefined);
    const first = claims.find((claim) => claim?.hourMs === startMs);
    await qualityHours.mark([startMs]);
    await qualityHours.put(first ?? { hourMs: startMs, marks: 1 }, [], 500);
    await qualityHours.put({ hourMs: startMs + hour, marks: 1 }, [], 500);
    assert.equal(await qualityHours.claim(499, 900), undefined);
    assert.deepEqual(await qualityHours.claim(500, 900), { hourMs: startMs, marks: 2 });
    // A node that died with it loses it.
    assert.deepEqual(await qualityHours.claim(900, 1_000), { hourMs: startMs, marks: 2 });
  });

  check("hours go by their age", async ({ qualityHours }) => {
    for (const at of [0, 1, 2]) {
      const hourMs = startMs + at * hour;
      await qualityHours.put({ hourMs, marks: 0 }, [{ hourMs, dimension: "all", groups: {} }], 0);
      await qualityHours.mark([hourMs]);
    }
    assert.equal(await qualityHours.sweep(startMs + 2 * hour, 1), 1);
    assert.equal(await qualityHours.sweep(startMs + 2 * hour, 9), 1);
    assert.equal((await qualityHours.read("all", startMs, startMs + 9 * hour)).length, 1);
    assert.equal((await qualityHours.claim(0, 9))?.hourMs, startMs + 2 * hour);
    assert.equal(await qualityHours.claim(0, 9), undefined);
  });
}
