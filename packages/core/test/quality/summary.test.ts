import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sample } from "@echoo/protocol";
import fc from "fast-check";
import { percentile } from "../../src/quality/percentile.ts";
import { SummaryBuilder, summarise } from "../../src/quality/summary-builder.ts";

const amount = fc.double({ min: 0, max: 5_000, noNaN: true });
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const anySample: fc.Arbitrary<Sample> = fc.record(
  {
    t: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_200_000 }),
    rttMs: amount,
    jitterMs: amount,
    lossPercent: percent,
    sendKbps: amount,
    recvKbps: amount,
    jitterBufferMs: amount,
    freezes: fc.nat(5),
    pair: fc.constantFrom("host", "srflx", "prflx", "relay"),
    network: fc.constantFrom("wifi", "cellular", "ethernet"),
    dataUsedBytes: fc.nat(1_000_000),
  },
  { requiredKeys: ["t"] },
);
/** A set of samples, and the same set in another order with some of them repeated. */
const shuffledTwice = fc.array(anySample, { maxLength: 60 }).chain((samples) =>
  fc.tuple(
    fc.constant(samples),
    fc.shuffledSubarray([...samples, ...samples.slice(0, 20)], {
      minLength: samples.length + Math.min(20, samples.length),
    }),
  ),
);

describe("the percentile by nearest rank", () => {
  const values = [15, 20, 35, 40, 50];
  for (const [percentage, value] of [
    [0, 15],
    [5, 15],
    [30, 20],
    [40, 20],
    [50, 35],
    [95, 50],
    [100, 50],
  ] as const) {
    test(`${percentage} % of ${values.join(", ")} is ${value}`, () =>
      assert.equal(percentile(values, percentage), value));
  }

  test("of nothing is an error of ours, not a number", () => assert.throws(() => percentile([], 50), RangeError));
});

describe("a summary", () => {
  test("gives counts, spreads, shares, sums and the time covered", () => {
    const t = 1_700_000_000_000;
    const samples: Sample[] = Array.from({ length: 20 }, (_, i) => ({
      t: t + i * 2_000,
      rttMs: 20 + i,
      lossPercent: i < 15 ? 0 : 20,
      jitterMs: i,
      sendKbps: 500,
      freezes: i % 10 === 0 ? 1 : 0,
      pair: i < 10 ? "host" : "relay",
      network: i < 10 ? "wifi" : "cellular",
      dataUsedBytes: i * 1_000,
    }));
    assert.deepEqual(summarise(samples), {
      mosModel: "g107-1",
      samples: 20,
      coveredMs: 38_000,
      mos: { p50: 4.39, p5: 1.56 },
      levels: { good: 0.75, moderate: 0, poor: 0.25 },
      rttMs: { p50: 29, p95: 38 },
      jitterMs: { p50: 9, p95: 18 },
      lossPercent: { p50: 0, p95: 20 },
      network: "wifi",
      sendKbps: { p50: 500, p95: 500 },
      freezes: 2,
      dataUsedBytes: 19_000,
      relayed: true,
      networkChanges: 1,
    });
  });

  test("leaves out what nobody measured", () => {
    assert.deepEqual(summarise([]), { mosModel: "g107-1", samples: 0, coveredMs: 0 });
    assert.deepEqual(summarise([{ t: 5, rttMs: 30 }]), {
      mosModel: "g107-1",
      samples: 1,
      coveredMs: 0,
      rttMs: { p50: 30, p95: 30 },
    });
  });

  test("counts a gap in the samples as 10 s at most", () => {
    assert.equal(summarise([{ t: 0 }, { t: 2_000 }, { t: 600_000 }, { t: 602_000 }]).coveredMs, 14_000);
  });

  test("counts changes of the network in the order of time, over samples that do not know it", () => {
    const samples: Sample[] = [
      { t: 4, network: "wifi" },
      { t: 1, network: "wifi" },
      { t: 2 },
      { t: 3, network: "cellular" },
    ];
    assert.equal(summarise(samples).networkChanges, 2);
  });

  test("is the same for samples in any order, repeated or not, also where two contradict each other", () => {
    fc.assert(
      fc.property(shuffledTwice, ([samples, shuffled]) => {
        assert.deepEqual(summarise(shuffled), summarise(samples));
      }),
    );
  });

  test("is the same for any order also past the bound, where samples are thinned out", () => {
    fc.assert(
      fc.property(shuffledTwice, fc.integer({ min: 1, max: 10 }), ([samples, shuffled], maxSamples) => {
        const [a, b] = [new SummaryBuilder(maxSamples), new SummaryBuilder(maxSamples)];
        for (const sample of samples) a.add(sample);
        for (const sample of shuffled) b.add(sample);
        assert.deepEqual(b.summary(), a.summary());
        assert.ok(a.summary().samples <= maxSamples);
      }),
    );
  });

  test("does not change when it is asked for, or when a batch comes again", () => {
    const builder = new SummaryBuilder();
    const batch: Sample[] = [
      { t: 0, freezes: 1 },
      { t: 2_000, freezes: 2 },
    ];
    for (const sample of [...batch, ...batch]) builder.add(sample);
    assert.equal(builder.summary().freezes, 3);
    for (const sample of batch) builder.add(sample);
    assert.deepEqual(builder.summary(), summarise(batch));
  });

  test("keeps every sample of the longest call, and no more than its bound of a flood", () => {
    const longest = Array.from({ length: 21_600 }, (_, i) => ({ t: 1_700_000_000_000 + i * 2_000 }));
    assert.equal(summarise(longest).samples, 21_600);
    const one = { t: 1_700_000_000_001 };
    const flooded = summarise([...longest, one]);
    assert.ok(flooded.samples <= 21_600 && flooded.samples > 10_000);
    // Thinned out, it still tells of the whole call.
    assert.ok(flooded.coveredMs > 0.99 * 21_599 * 2_000);
  });

  test("survives times that no clock shows", () => {
    const builder = new SummaryBuilder(4);
    for (let power = 0; power < 300; power += 10) builder.add({ t: 10 ** power });
    assert.ok(builder.summary().samples <= 4);
  });
});

test("a figure that no browser measures, of before there was a bound, leaves every figure a number", () => {
  const huge = { t: 2_000, rttMs: Number.MAX_VALUE, lossPercent: 1, sendKbps: 1e15, recvKbps: Number.MAX_VALUE };
  const summary = summarise([{ t: 0, rttMs: 5, lossPercent: 0 }, huge]);
  assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
  assert.equal(summary.sendKbps?.p95, 1e15);
});
