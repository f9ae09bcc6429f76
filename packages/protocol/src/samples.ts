import { z } from "zod";
import * as f from "./fields.ts";
import { limits } from "./limits.ts";

const finite = z.number();
const percent = z.number().min(0).max(100);
const amount = z.number().nonnegative().max(limits.sampleFigure);
const count = f.count.max(limits.sampleCount);

/** The words of the shipped app for the quality of a moment. */
export const reportedQualities = ["GOOD", "MODERATE", "POOR"] as const;

/**
 * What one side measured at one moment, every 2 s. A figure that the browser does not know is absent, never 0.
 * Source of the names: the W3C's "Identifiers for WebRTC's Statistics API".
 */
export const sample = z
  .object({
    t: f.timeMs.describe("milliseconds since the epoch"),
    rttMs: amount.optional(),
    jitterMs: amount.optional(),
    lossPercent: percent.optional().describe("received, from deltas"),
    sendLossPercent: percent.optional().describe("from remote-inbound-rtp"),
    sendKbps: amount.optional(),
    recvKbps: amount.optional(),
    availableKbps: amount.optional(),
    audioSendKbps: amount.optional(),
    audioRecvKbps: amount.optional(),
    videoSendKbps: amount.optional(),
    videoRecvKbps: amount.optional(),
    jitterBufferMs: amount.optional(),
    concealedPercent: percent.optional(),
    fps: amount.optional(),
    width: count.optional(),
    height: count.optional(),
    freezes: count.optional(),
    freezeMs: amount.optional(),
    limitation: z.enum(["none", "cpu", "bandwidth", "other"]).optional(),
    nack: count.optional(),
    pli: count.optional(),
    pair: z.enum(["host", "srflx", "prflx", "relay"]).optional(),
    protocol: z.enum(["udp", "tcp", "tls"]).optional(),
    network: z.enum(["wifi", "cellular", "ethernet"]).optional(),
    audioLevel: z.number().min(0).max(1).optional(),
    codec: f.label.optional(),
    dataUsedBytes: amount.optional().describe("since the start of the call, both directions"),
    networkQuality: z.enum(reportedQualities).optional().describe("what the shipped app made of it by itself"),
  })
  .meta({ id: "Sample" });
export type Sample = z.infer<typeof sample>;

/** A sample as the shipped Android app words it. */
export const reportedSample = z
  .object({
    timestamp: f.timeMs,
    sendBitrateKbps: finite.optional(),
    receiveBitrateKbps: finite.optional(),
    packetLossPercent: finite.optional(),
    rttMs: finite.optional(),
    networkQuality: f.text(limits.qualityWordChars).optional(),
    dataUsedBytes: finite.optional(),
  })
  .meta({ id: "ReportedSample" });

/** The summary that the shipped app sends before it hangs up; kept as reported. */
export const reportedStats = {
  callId: f.looseCallId,
  caller: f.label.optional(),
  callee: f.label.optional(),
  isVideo: f.flag.optional(),
  duration: finite.optional(),
  totalSamples: finite.optional(),
  avgSendBitrateKbps: finite.optional(),
  avgReceiveBitrateKbps: finite.optional(),
  avgPacketLossPercent: finite.optional(),
  avgRttMs: finite.optional(),
  totalDataUsedBytes: finite.optional(),
  qualityDistribution: z
    .object({ good: finite.optional(), moderate: finite.optional(), poor: finite.optional() })
    .optional(),
  samples: z.array(reportedSample).max(limits.reportedSamples).optional(),
};
export type ReportedSample = z.infer<typeof reportedSample>;
