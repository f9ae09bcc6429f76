import assert from "node:assert/strict";
import { test } from "node:test";
import { sample as sampleSchema } from "@echoo/protocol";
import fc from "fast-check";
import { estimateMos } from "../../src/quality/mos.ts";
import { fromReportedSample } from "../../src/quality/reported-sample.ts";

test("a sample of the shipped app becomes one in the words of everybody else", () => {
  const reported = {
    timestamp: 1_700_000_000_000,
    sendBitrateKbps: 812.5,
    receiveBitrateKbps: 640,
    packetLossPercent: 0,
    rttMs: 48,
    networkQuality: "GOOD",
    dataUsedBytes: 123_456,
  };
  assert.deepEqual(fromReportedSample(reported), {
    t: 1_700_000_000_000,
    rttMs: 48,
    lossPercent: 0,
    sendKbps: 812.5,
    recvKbps: 640,
    dataUsedBytes: 123_456,
    networkQuality: "GOOD",
  });
  // Another word is nobody's, and none of the figures is lost for it.
  assert.deepEqual(fromReportedSample({ ...reported, networkQuality: "fine" }).networkQuality, undefined);
});

test("a round trip of 0 is one that the app does not know, so nothing is estimated from it", () => {
  const sample = fromReportedSample({ timestamp: 1, rttMs: 0, packetLossPercent: 0 });
  assert.deepEqual(sample, { t: 1, lossPercent: 0 });
  assert.equal(estimateMos(sample), undefined);
});

test("counters that went backwards are left out", () => {
  const sample = fromReportedSample({ timestamp: 1, packetLossPercent: -3, sendBitrateKbps: -1, dataUsedBytes: -9 });
  assert.deepEqual(sample, { t: 1 });
});

test("whatever the app says, the result is a valid sample", () => {
  const figure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(), figure, figure, figure, (timestamp, rttMs, packetLossPercent, sendBitrateKbps) => {
      const reported = { timestamp, rttMs, packetLossPercent, sendBitrateKbps };
      assert.ok(sampleSchema.safeParse(fromReportedSample(reported)).success);
    }),
  );
});
