import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type SampleBatch, type Store, StoreUnavailable, summarise } from "@echoo/core";
import { allSamples, pause, startMs } from "@echoo/testkit";
import { RememberedFigures } from "../../src/records/remembered-figures.ts";
import { type SampleBounds, SideSamples } from "../../src/records/side-samples.ts";
import { withStatistics, withWriter } from "./writer-fixture.ts";

const side = { callId: "a", reporter: "+491" };

/** So many samples, one every 2 s unless told otherwise, in batches of five. */
function batches(from: number, count: number, everyMs = 2_000, callId = "a"): SampleBatch[] {
  return Array.from({ length: Math.ceil(count / 5) }, (_, number) => {
    const first = from + number * 5;
    const length = Math.min(5, from + count - first);
    const samples = Array.from({ length }, (_, i) => ({ t: startMs + (first + i) * everyMs, rttMs: first + i }));
    return { callId, reporter: "+491", batch: `n${first}-${everyMs}`, receivedAtMs: startMs + first, samples };
  });
}

interface Counted {
  readonly samples: SideSamples;
  readonly store: Store;
  /** Pages that were read, and samples that were written. */
  readonly counts: { pages: number; written: number };
}

async function withSides(bounds: Partial<SampleBounds>, run: (counted: Counted) => Promise<void>): Promise<void> {
  await withWriter(async ({ store }) => {
    const counts = { pages: 0, written: 0 };
    const counting = withStatistics(store, {
      async samplePage(...asked) {
        counts.pages += 1;
        return store.statistics.samplePage(...asked);
      },
      async addSamples(some) {
        counts.written += some.reduce((sum, batch) => sum + batch.samples.length, 0);
        await store.statistics.addSamples(some);
      },
    });
    const samples = new SideSamples({ store: counting, pause, bounds });
    await run({ samples, store, counts });
  });
}

async function storedTimes(store: Store): Promise<number[]> {
  const found = await allSamples(store.statistics, "a", "+491");
  return found.flatMap((batch) => batch.samples.map(({ t }) => (t - startMs) / 2_000)).sort((a, b) => a - b);
}

describe("the samples of a side", () => {
  test("are summed up without another look at the store, however many have come", () =>
    withSides({}, async ({ samples, counts }) => {
      for (const batch of batches(0, 1_000)) await samples.add([batch]);
      // One look, at the first of them.
      assert.equal(counts.pages, 1);
      const all = batches(0, 1_000).flatMap((batch) => batch.samples);
      assert.deepEqual(await samples.summary(side), summarise(all));
      assert.equal(counts.pages, 1);
      assert.equal(counts.written, 1_000);
    }));

  test("come to the same summary in any order, repeated or not, by this process or the next", () =>
    withSides({}, async ({ samples, store, counts }) => {
      const some = batches(0, 200);
      await samples.add(some.slice(20).toReversed());
      await samples.add([...some.slice(0, 30), ...some.slice(10, 30)]);
      const next = new SideSamples({ store, pause });
      await next.add(some.slice(0, 5));
      const expected = summarise(some.flatMap((batch) => batch.samples));
      assert.deepEqual(await samples.summary(side), expected);
      assert.deepEqual(await next.summary(side), expected);
      // The same sample in a batch of another name is the same sample.
      await next.add([{ ...batches(0, 5)[0], batch: "other" } as SampleBatch]);
      assert.equal(counts.written, 200);
      assert.equal((await storedTimes(store)).length, 200);
    }));

  test("of the longest call are all kept", () =>
    withSides({}, async ({ samples, store }) => {
      await samples.add(batches(0, 21_600));
      assert.equal((await samples.summary(side))?.samples, 21_600);
      assert.equal((await storedTimes(store)).length, 21_600);
    }));

  test("past the bound are thinned out evenly, in the store too: both ends of the call stay", () =>
    withSides({ samplesPerSide: 100, storedPerSide: 130 }, async ({ samples, store }) => {
      for (const batch of batches(0, 2_000)) await samples.add([batch]);
      const summary = await samples.summary(side);
      assert.ok(summary && summary.samples <= 100 && summary.samples > 40);
      const times = await storedTimes(store);
      assert.ok(times.length <= 130, `${times.length} are stored`);
      assert.ok((times[0] ?? 9) < 100 && (times.at(-1) ?? 0) > 1_900, `${times[0]} to ${times.at(-1)}`);
      // What is stored is what the summary is of, to whoever reads it back.
      const next = new SideSamples({
        ...{ store, pause, bounds: { samplesPerSide: 100, storedPerSide: 130 } },
      });
      assert.deepEqual(await next.summary(side), summary);
    }));

  test("cost no more each when they are many than when they are few", () =>
    withSides({ samplesPerSide: 200, storedPerSide: 250 }, async ({ samples, counts }) => {
      const pagesFor = async (from: number) => {
        const before = counts.pages;
        for (const batch of batches(from, 5_000)) await samples.add([batch]);
        return counts.pages - before;
      };
      const first = await pagesFor(0);
      const later = await pagesFor(5_000);
      assert.ok(later <= first, `${first} pages, then ${later}`);
      // A page of 16 batches for some tens of samples: so many looks a sample, whatever the call's length.
      assert.ok(later < 5_000 / 4, `${later} pages`);
    }));

  test("that an earlier version let grow are thinned out when more come", () =>
    withSides({ samplesPerSide: 100, storedPerSide: 130 }, async ({ samples, store }) => {
      await store.statistics.addSamples(batches(0, 3_000));
      await samples.add(batches(3_000, 5));
      assert.ok((await storedTimes(store)).length <= 105);
      assert.ok(((await samples.summary(side))?.samples ?? 0) <= 100);
    }));

  test("that contradict themselves for ever take up no more room than others", () =>
    withSides({ samplesPerSide: 100, storedPerSide: 130 }, async ({ samples, store }) => {
      for (let rttMs = 3_000; rttMs > 0; rttMs -= 1) {
        const once = { ...side, batch: `n${rttMs}`, receivedAtMs: startMs, samples: [{ t: startMs, rttMs }] };
        await samples.add([once]);
      }
      assert.ok((await storedTimes(store)).length <= 130);
      assert.equal((await samples.summary(side))?.samples, 1);
    }));

  test("are read back once the memory is needed for others, with the same summary", () =>
    withSides({ rememberedSamples: 200 }, async ({ samples, counts }) => {
      await samples.add(batches(0, 150));
      const summary = await samples.summary(side);
      await samples.add(batches(0, 150, 2_000, "other"));
      const before = counts.pages;
      assert.deepEqual(await samples.summary(side), summary);
      assert.ok(counts.pages > before);
      // Meanwhile what comes is stored without a look at what is there.
      await samples.add(batches(0, 150, 2_000, "other"));
      const looks = counts.pages;
      await samples.add(batches(150, 5));
      assert.equal(counts.pages, looks);
      assert.equal((await samples.summary(side))?.samples, 155);
    }));

  test("that are not remembered have the same bound in the store", () =>
    withSides({ rememberedSamples: 0, samplesPerSide: 100, storedPerSide: 130 }, async ({ samples, store }) => {
      for (const batch of batches(0, 1_000)) {
        await samples.add([batch]);
        await samples.add(batches(0, 5, 2_000, "other"));
      }
      assert.ok((await storedTimes(store)).length <= 130);
    }));

  test("are not lost where the store fails in the middle: what is tried again is stored", () =>
    withWriter(async ({ store }) => {
      let isAway = true;
      const failing = withStatistics(store, {
        async addSamples(some) {
          if (isAway) throw new StoreUnavailable(new Error("no route"));
          await store.statistics.addSamples(some);
        },
      });
      const samples = new SideSamples({ store: failing, pause });
      await assert.rejects(samples.add(batches(0, 20)), StoreUnavailable);
      isAway = false;
      await samples.add(batches(0, 20));
      assert.equal((await storedTimes(store)).length, 20);
      assert.equal((await samples.summary(side))?.samples, 20);
    }));

  test("of an account that was erased are forgotten", () =>
    withSides({}, async ({ samples, store }) => {
      await samples.add(batches(0, 20));
      await store.statistics.thinSamples(batches(0, 20).map((batch) => ({ ...batch, samples: [] })));
      samples.forgetReporter("+491");
      assert.equal(await samples.summary(side), undefined);
    }));
});

test("figures that were not used for longest go first, and those in use stay however many they are", () => {
  const figures = new RememberedFigures(40);
  const builder = (capacity: number) => ({ capacity }) as never;
  for (const key of ["a", "b"]) figures.put(key, builder(20));
  figures.use("a", () => {});
  figures.put("c", builder(16));
  assert.equal(
    figures.use("b", () => "b"),
    undefined,
  );
  assert.equal(
    figures.use("a", () => "a"),
    "a",
  );
  figures.put("d", builder(1_000));
  for (const key of ["a", "c"])
    assert.equal(
      figures.use(key, () => key),
      undefined,
    );
  assert.equal(
    figures.use("d", () => "d"),
    "d",
  );
});
