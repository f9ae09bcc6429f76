import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sample as sampleSchema } from "@echoo/protocol";
import fc from "fast-check";
import { StatsSampler } from "../src/statistics/stats-sampler.ts";
import type { StatsEntry } from "../src/statistics/stats-snapshot.ts";
import { altered, chromiumReport } from "./fixtures/chromium-stats.ts";

const now = { t: 1_767_225_602_000, video: true };

function sampleOf(first: Map<string, StatsEntry>, second: Map<string, StatsEntry>, moment = now) {
  const sampler = new StatsSampler();
  sampler.read(first, moment);
  return sampler.read(second, moment);
}

describe("a sample", () => {
  it("has every figure that Chromium knows, from the differences of two reports", () => {
    assert.deepEqual(sampleOf(chromiumReport(0), chromiumReport(2)), {
      t: now.t,
      rttMs: 62.4,
      availableKbps: 1843.21,
      pair: "relay",
      protocol: "tls",
      network: "cellular",
      dataUsedBytes: 88_000 + 30_716 + 2_300_000 + 60_000 + 88_800 + 28_000 + 2_250_000 + 60_000,
      jitterMs: 12.3,
      // 3 lost of 100 in these two seconds.
      lossPercent: 3,
      jitterBufferMs: 45,
      // 2,400 of 96,000.
      concealedPercent: 2.5,
      audioLevel: 0.1337,
      codec: "audio/opus",
      // (8,000 + 300,000) bytes in 2 s.
      recvKbps: 1232,
      nack: 3,
      pli: 1,
      sendLossPercent: 1.95,
      // (8,800 + 250,000) bytes in 2 s.
      sendKbps: 1035.2,
      audioSendKbps: 35.2,
      videoSendKbps: 1000,
      audioRecvKbps: 32,
      videoRecvKbps: 1200,
      limitation: "bandwidth",
      fps: 29,
      width: 1280,
      height: 720,
      freezes: 2,
      freezeMs: 750,
    });
  });

  it("leaves out what needs two reports the first time, rather than saying 0", () => {
    const sample = new StatsSampler().read(chromiumReport(0), now);
    for (const field of [
      "lossPercent",
      "sendKbps",
      "recvKbps",
      "jitterBufferMs",
      "concealedPercent",
      "freezes",
      "nack",
    ]) {
      assert.equal(field in sample, false, field);
    }
    assert.equal(sample.rttMs, 62.4);
  });

  it("leaves out what the browser does not know", () => {
    const sample = sampleOf(
      altered(chromiumReport(0), "IT01A1111", { concealedSamples: undefined, audioLevel: undefined }),
      altered(chromiumReport(2), "IT01A1111", {
        concealedSamples: undefined,
        audioLevel: undefined,
        jitter: undefined,
      }),
    );
    assert.deepEqual([sample.concealedPercent, sample.audioLevel, sample.jitterMs], [undefined, undefined, undefined]);
  });

  it("finds the pair of a browser whose transport names none by its state", () => {
    const unnamed = altered(chromiumReport(0), "T01", { selectedCandidatePairId: undefined });
    const report = altered(unnamed, "CPa", { nominated: false });
    assert.equal(new StatsSampler().read(report, now).rttMs, 62.4);
  });

  it("takes the round trip of the peer's reports where the pair has none", () => {
    const report = altered(chromiumReport(0), "CPb", { currentRoundTripTime: undefined });
    assert.equal(new StatsSampler().read(report, now).rttMs, 70);
  });

  it("names the protocol of the way to the relay only for a relay, and no network that it does not know", () => {
    const direct = { candidateType: "prflx", relayProtocol: undefined, networkType: "vpn" };
    const sample = new StatsSampler().read(altered(chromiumReport(0), "Lb", direct), now);
    assert.deepEqual([sample.pair, sample.protocol, sample.network], ["prflx", "udp", undefined]);
  });

  it("counts no loss where a packet that was given up arrives after all", () => {
    const late = altered(chromiumReport(2), "IT01A1111", { packetsLost: -2 });
    assert.equal(sampleOf(chromiumReport(0), late).lossPercent, 0);
  });

  it("has no rates across a replaced track, whose counters start over", () => {
    const replaced = altered(chromiumReport(2), "IT01A1111", { ssrc: 9999, packetsReceived: 10, bytesReceived: 800 });
    const sample = sampleOf(chromiumReport(0), replaced);
    assert.equal(sample.lossPercent, undefined);
    // The picture's alone.
    assert.equal(sample.recvKbps, 1200);
    const other = altered(chromiumReport(2), "OT01V4444", { mediaSourceId: "SV3", bytesSent: 2_900_000 });
    assert.equal(sampleOf(chromiumReport(0), other).sendKbps, 35.2);
  });

  it("starts over after a reset", () => {
    const sampler = new StatsSampler();
    sampler.read(chromiumReport(0), now);
    sampler.reset();
    assert.equal("recvKbps" in sampler.read(chromiumReport(2), now), false);
  });

  it("says nothing of a picture that the peer does not send", () => {
    const sample = sampleOf(chromiumReport(0), chromiumReport(2), { ...now, video: false });
    for (const field of ["fps", "width", "height", "freezes", "freezeMs"]) assert.equal(field in sample, false, field);
  });

  it("is valid by the protocol whatever the counters do", () => {
    const figure = fc.oneof(
      fc.integer({ min: -1000, max: 2_000_000 }),
      fc.constant(Number.NaN),
      fc.constant(undefined),
    );
    const ids = ["IT01A1111", "IT01V2222", "OT01A3333", "RIA3333", "CPb"];
    const names = [
      "packetsLost",
      "packetsReceived",
      "bytesReceived",
      "bytesSent",
      "jitterBufferDelay",
      "concealedSamples",
    ];
    const more = [
      "totalSamplesReceived",
      "freezeCount",
      "totalFreezesDuration",
      "fractionLost",
      "nackCount",
      "timestamp",
    ];
    const figures = fc.dictionary(fc.constantFrom(...names, ...more), figure);
    fc.assert(
      fc.property(fc.constantFrom(...ids), figures, figures, (id, before, after) => {
        const sample = sampleOf(altered(chromiumReport(0), id, before), altered(chromiumReport(2), id, after));
        assert.deepEqual(sampleSchema.parse(sample), sample);
        assert.equal(Object.values(sample).includes(undefined), false);
      }),
    );
  });
});
