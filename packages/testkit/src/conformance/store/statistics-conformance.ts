import assert from "node:assert/strict";
import type { SampleBatch, SideSummary } from "@echoo/core";
import { startMs } from "../ended-call.ts";
import type { StoreCase } from "./store-case.ts";

/** A batch of two samples. */
export function sampleBatch(callId: string, reporter: string, batch: string, receivedAtMs = startMs): SampleBatch {
  const samples = [
    { t: receivedAtMs - 4000, rttMs: 40.25, pair: "relay" as const },
    { t: receivedAtMs - 2000, lossPercent: 0, codec: "opus" },
  ];
  return { callId, reporter, batch, receivedAtMs, samples };
}

const summary: SideSummary = { mosModel: "g107-1", samples: 2, coveredMs: 4000, mos: { p50: 4.1, p5: 3.2 } };

export function statisticsConformance(check: StoreCase): void {
  check("samples come back as they were, oldest first, side by side", async ({ statistics }) => {
    const batches = [3, 1, 2].map((i) => sampleBatch("a", "+491", `n${i}`, startMs + i));
    await statistics.addSamples([...batches, sampleBatch("a", "+492", "n1"), sampleBatch("b", "+491", "n1")]);
    await statistics.addSamples([sampleBatch("a", "+491", "n0", startMs + 1)]);
    const found = await statistics.samples("a", "+491");
    assert.deepEqual(
      found.map(({ batch }) => batch),
      ["n0", "n1", "n2", "n3"],
    );
    assert.deepEqual(found[3], batches[0]);
    assert.deepEqual(await statistics.samples("c", "+491"), []);
    await statistics.addSamples([]);
  });

  check("the same batch again changes nothing, whatever it holds", async ({ statistics }) => {
    const batch = sampleBatch("a", "+491", "n1");
    await Promise.all([statistics.addSamples([batch, batch]), statistics.addSamples([batch])]);
    await statistics.addSamples([{ ...batch, samples: [], receivedAtMs: startMs + 9 }]);
    assert.deepEqual(await statistics.samples("a", "+491"), [batch]);
  });

  check("a summary and what the client said stand side by side", async ({ statistics }) => {
    const reported = { callId: "a", reporter: "+491", receivedAtMs: startMs + 5, body: '{"avgRttMs":12}' };
    await statistics.putSummary("a", "+491", { ...summary, samples: 1 }, startMs);
    await statistics.putReported([reported]);
    await statistics.putSummary("a", "+491", summary, startMs + 2);
    await statistics.putSummary("a", "+492", summary, startMs);
    const found = [...(await statistics.summaries(["a", "b", "a"]))].sort((x, y) => (x.reporter < y.reporter ? -1 : 1));
    assert.deepEqual(found, [
      { callId: "a", reporter: "+491", summary, reported: reported.body, updatedAtMs: startMs + 5 },
      { callId: "a", reporter: "+492", summary, updatedAtMs: startMs },
    ]);
    assert.deepEqual(await statistics.summaries([]), []);
  });

  check("of two reports of one side the later stands, in whichever order they come", async ({ statistics }) => {
    const said = (callId: string, receivedAtMs: number, body: string) => ({
      callId,
      reporter: "+491",
      receivedAtMs,
      body,
    });
    await statistics.putReported([said("a", startMs + 1, '"first"'), said("a", startMs + 2, '"second"')]);
    await statistics.putReported([said("b", startMs + 2, '"second"'), said("b", startMs + 1, '"first"')]);
    await statistics.putReported([]);
    for (const callId of ["a", "b"]) {
      const found = await statistics.summaries([callId]);
      assert.deepEqual(found, [{ callId, reporter: "+491", reported: '"second"', updatedAtMs: startMs + 2 }]);
    }
  });
}
