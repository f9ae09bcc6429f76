import assert from "node:assert/strict";
import { endedCall, startMs } from "../ended-call.ts";
import { allSamples } from "./calls/all-samples.ts";
import { historyIds } from "./calls/read-history.ts";
import { sampleBatch } from "./calls/statistics-conformance.ts";
import type { StoreCase } from "./store-case.ts";

const ann = "+491";

export function retentionConformance(check: StoreCase): void {
  check("a sweep deletes the oldest calls with their statistics, no more than its limit", async (store) => {
    const { calls, statistics } = store;
    for (const i of [3, 1, 4, 2, 5]) {
      await calls.record([endedCall(`call ${i}`, { createdAtMs: startMs + i })]);
      await statistics.addSamples([sampleBatch(`call ${i}`, ann, "n1")]);
      await statistics.putSummary(`call ${i}`, ann, { mosModel: "g107-1", samples: 2, coveredMs: 9 }, startMs + 9);
    }
    assert.equal(await calls.sweep(startMs + 4, 2), 2);
    assert.deepEqual(await historyIds(calls, ann), ["call 5", "call 4", "call 3"]);
    assert.equal(await calls.sweep(startMs + 4, 2), 1);
    assert.equal(await calls.sweep(startMs + 4, 2), 0);
    assert.deepEqual(await historyIds(calls, ann), ["call 5", "call 4"]);
    for (const i of [1, 2, 3]) {
      assert.equal(await calls.find(`call ${i}`), undefined);
      assert.deepEqual(await allSamples(statistics, `call ${i}`, ann), []);
      assert.deepEqual(await statistics.summaries([`call ${i}`]), []);
    }
    assert.equal((await allSamples(statistics, "call 4", ann)).length, 1);
    assert.equal((await statistics.summaries(["call 4"])).length, 1);
  });

  check("a sweep takes old statistics that no call belongs to", async ({ calls, statistics }) => {
    const body = "{}";
    await statistics.putReported([{ callId: "stray", reporter: ann, receivedAtMs: startMs, body }]);
    await statistics.putReported([{ callId: "young", reporter: ann, receivedAtMs: startMs + 5, body }]);
    await statistics.putReported([{ callId: "kept", reporter: ann, receivedAtMs: startMs, body }]);
    await calls.record([endedCall("kept", { createdAtMs: startMs + 5 })]);
    assert.equal(await calls.sweep(startMs + 5, 10), 0);
    const left = await statistics.summaries(["stray", "young", "kept"]);
    assert.deepEqual(left.map(({ callId }) => callId).sort(), ["kept", "young"]);
  });

  check("a sweep deletes many calls with many samples whole", async ({ calls, statistics }) => {
    await calls.record(Array.from({ length: 45 }, (_, i) => endedCall(`call ${i}`, { createdAtMs: startMs + i })));
    const many = Array.from({ length: 230 }, (_, i) => sampleBatch("call 3", ann, `n${i}`, startMs));
    await statistics.addSamples([...many, sampleBatch("call 44", ann, "n")]);
    assert.equal(await calls.sweep(startMs + 43, 40), 40);
    assert.deepEqual(await allSamples(statistics, "call 3", ann), []);
    assert.equal(await calls.sweep(startMs + 43, 40), 3);
    assert.deepEqual(await historyIds(calls, ann), ["call 44", "call 43"]);
    assert.equal(await statistics.sweepSamples(startMs + 1, 500), 1);
  });

  check("old statistics of no call are found among those of calls", async ({ calls, statistics }) => {
    const body = "{}";
    const said = (callId: string, i: number) => ({ callId, reporter: ann, receivedAtMs: startMs + i, body });
    const ids = Array.from({ length: 450 }, (_, i) => `call ${i}`);
    await calls.record(ids.map((callId) => endedCall(callId, { createdAtMs: startMs + 900 })));
    await statistics.putReported(ids.map(said));
    await statistics.putReported([said("stray 1", 5), said("stray 2", 449), said("stray 3", 449)]);
    assert.equal(await calls.sweep(startMs + 500, 2), 0);
    const strays = ["stray 1", "stray 2", "stray 3"];
    assert.deepEqual(
      (await statistics.summaries(strays)).map(({ callId }) => callId),
      ["stray 3"],
    );
    assert.equal(await calls.sweep(startMs + 500, 2), 0);
    assert.deepEqual(await statistics.summaries(strays), []);
    assert.equal((await statistics.summaries(ids)).length, 450);
  });

  check("a sweep of samples leaves calls and summaries", async ({ calls, statistics }) => {
    await calls.record([endedCall("a")]);
    await statistics.addSamples([1, 2, 3].map((i) => sampleBatch("a", ann, `n${i}`, startMs + i)));
    await statistics.putSummary("a", ann, { mosModel: "g107-1", samples: 6, coveredMs: 9 }, startMs);
    assert.equal(await statistics.sweepSamples(startMs + 3, 1), 1);
    assert.equal(await statistics.sweepSamples(startMs + 3, 5), 1);
    const left = await allSamples(statistics, "a", ann);
    assert.deepEqual(
      left.map(({ batch }) => batch),
      ["n3"],
    );
    assert.equal((await statistics.summaries(["a"])).length, 1);
    assert.ok(await calls.find("a"));
  });
}
