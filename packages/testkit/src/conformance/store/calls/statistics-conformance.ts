import assert from "node:assert/strict";
import type { CallFigures, Calls, SampleBatch, SideSummary } from "@echoo/core";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { allSamples } from "./all-samples.ts";

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
  check("samples come back as they were, by the names of their batches, side by side", async ({ statistics }) => {
    const batches = [3, 1, 2].map((i) => sampleBatch("a", "+491", `n${i}`, startMs + i));
    await statistics.addSamples([...batches, sampleBatch("a", "+492", "n1"), sampleBatch("b", "+491", "n1")]);
    await statistics.addSamples([sampleBatch("a", "+491", "n0", startMs + 1)]);
    const found = await allSamples(statistics, "a", "+491");
    assert.deepEqual(
      found.map(({ batch }) => batch),
      ["n0", "n1", "n2", "n3"],
    );
    assert.deepEqual(found[3], batches[0]);
    assert.deepEqual(await allSamples(statistics, "c", "+491"), []);
    await statistics.addSamples([]);
  });

  check(
    "the batches of a side come in pages, each once, also while they are thinned out between them",
    async ({ statistics }) => {
      const names = Array.from({ length: 450 }, (_, i) => `n${String(i).padStart(3, "0")}`);
      const batches = names.map((name) => sampleBatch("a", "+491", name));
      await statistics.addSamples([...batches, sampleBatch("a", "+4911", "n0"), sampleBatch("a:", "+491", "n0")]);
      const first = await statistics.samplePage("a", "+491");
      assert.ok(first.batches.length > 0 && first.batches.length < 450 && first.next !== undefined);
      await statistics.thinSamples(first.batches.map((batch) => ({ ...batch, samples: [] })));
      const rest: SampleBatch[] = [];
      let page = first;
      while (page.next !== undefined) {
        page = await statistics.samplePage("a", "+491", page.next);
        rest.push(...page.batches);
      }
      assert.deepEqual([...first.batches, ...rest], batches);
      assert.deepEqual(await allSamples(statistics, "a", "+491"), rest);
      assert.deepEqual(await statistics.samplePage("a", "+491", "n449"), { batches: [] });
    },
  );

  check("what is left of a batch stands in its place, and what is not there stays away", async ({ statistics }) => {
    const batch = sampleBatch("a", "+491", "n1");
    await statistics.addSamples([batch, sampleBatch("a", "+491", "n2")]);
    const left = { ...batch, samples: batch.samples.slice(1) };
    await statistics.thinSamples([left, { ...batch, batch: "n2", samples: [] }, { ...batch, batch: "n3" }]);
    await statistics.thinSamples([]);
    assert.deepEqual(await allSamples(statistics, "a", "+491"), [left]);
    // Thinned out, it is still the batch that it was.
    await statistics.addSamples([batch]);
    assert.deepEqual(await allSamples(statistics, "a", "+491"), [left]);
  });

  check("the same batch again changes nothing, whatever it holds", async ({ statistics }) => {
    const batch = sampleBatch("a", "+491", "n1");
    await Promise.all([statistics.addSamples([batch, batch]), statistics.addSamples([batch])]);
    await statistics.addSamples([{ ...batch, samples: [], receivedAtMs: startMs + 9 }]);
    assert.deepEqual(await allSamples(statistics, "a", "+491"), [batch]);
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

/** All figures since then, in pages of so many. */
async function allFigures(calls: Calls, viewer: string, sinceMs: number, limit: number) {
  const all: CallFigures[] = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
    const page = await calls.figures({ viewer, sinceMs, limit, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.figures);
    cursor = page.nextCursor;
    assert.ok(pages < 1000, "figures that never end");
  }
  return all;
}

export function figuresConformance(check: StoreCase): void {
  const [ann, bob] = ["+491", "+492"];
  const scored = (p50: number, dataUsedBytes?: number): SideSummary => {
    return { ...summary, mos: { p50, p5: 1 }, ...(dataUsedBytes === undefined ? {} : { dataUsedBytes }) };
  };

  check("figures are the viewer's own side's, or else the peer's score", async ({ calls, statistics }) => {
    const { mos: _, ...unscored } = summary;
    const at = (i: number) => ({ createdAtMs: startMs + i });
    await calls.record([
      endedCall("both", at(5)),
      endedCall("peer's", at(4)),
      endedCall("nobody's", at(3)),
      missedCall("missed", { ...at(2), caller: bob, callee: ann }),
      missedCall("unanswered", at(1)),
    ]);
    // More digits than a database that reads numbers anew might keep.
    await statistics.putSummary("both", ann, scored(3.1000000000000005, 2 ** 53 - 1), startMs);
    await statistics.putSummary("both", bob, scored(4.4, 5), startMs);
    await statistics.putSummary("peer's", ann, { ...unscored, dataUsedBytes: 0.1 }, startMs);
    await statistics.putSummary("peer's", bob, scored(1 / 3, 7), startMs);
    await statistics.putReported([{ callId: "nobody's", reporter: ann, receivedAtMs: startMs, body: "{}" }]);
    const call = { answered: true, missed: false, durationSec: 60 };
    const unanswered = { answered: false, missed: false, durationSec: 0 };
    for (const limit of [1, 2, 5, 9]) {
      assert.deepEqual(await allFigures(calls, ann, 0, limit), [
        { ...call, ...at(5), mos: 3.1000000000000005, dataUsedBytes: 2 ** 53 - 1 },
        { ...call, ...at(4), mos: 1 / 3, dataUsedBytes: 0.1 },
        { ...call, ...at(3) },
        { ...unanswered, ...at(2), missed: true },
        { ...unanswered, ...at(1) },
      ]);
    }
    const bobs = await allFigures(calls, bob, startMs + 4, 2);
    assert.deepEqual(
      bobs.map(({ mos, dataUsedBytes, missed }) => [mos, dataUsedBytes, missed]),
      [
        [4.4, 5, false],
        [1 / 3, 7, false],
      ],
    );
    assert.deepEqual((await allFigures(calls, bob, startMs, 9)).at(-1)?.missed, true);
  });

  check("figures leave out what is hidden, or not shown, and begin at their time", async ({ calls }) => {
    await calls.record(Array.from({ length: 9 }, (_, i) => endedCall(`call ${i}`, { createdAtMs: startMs + i })));
    await calls.record([missedCall("shadow", { callerOnly: true })]);
    for (const i of [1, 2, 3, 8]) await calls.hide(bob, `call ${i}`);
    const times = (await allFigures(calls, bob, startMs + 1, 2)).map(({ createdAtMs }) => createdAtMs - startMs);
    assert.deepEqual(times, [7, 6, 5, 4]);
    assert.equal((await allFigures(calls, ann, 0, 4)).length, 10);
    assert.equal((await allFigures(calls, bob, 0, 4)).length, 5);
    assert.deepEqual(await allFigures(calls, "+499", 0, 4), []);
  });
}
