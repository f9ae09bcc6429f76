import { estimateMos, qualityLevel, type StoredCall, type StoredSummary } from "@echoo/core";
import type { AppStatistics, Sample } from "@echoo/protocol";
import { reportedOf } from "../bodies/call-sides.ts";
import { instantOf } from "../replies/instant.ts";
import type { JsonPieces } from "../replies/json-pieces.ts";
import { writeWithSamples } from "../requests/write-side.ts";

type Figures = Pick<
  AppStatistics,
  | "totalSamples"
  | "avgSendBitrateKbps"
  | "avgReceiveBitrateKbps"
  | "avgPacketLossPercent"
  | "avgRttMs"
  | "totalDataUsedBytes"
  | "qualityDistribution"
>;

/** The side whose statistics the viewer sees: one's own, else the peer's. */
export function sideFor(viewer: string, summaries: readonly StoredSummary[]): StoredSummary | undefined {
  const sides = summaries.filter((side) => side.reported !== undefined || (side.summary?.samples ?? 0) > 0);
  return sides.find((side) => side.reporter === viewer) ?? sides[0];
}

/** A side's averages, as its client reported them or else as the server made them of its samples. */
export function figuresOf(side: StoredSummary, reported = reportOf(side)): Figures {
  if (reported === undefined) return measuredFigures(side);
  const { totalSamples, avgSendBitrateKbps, avgReceiveBitrateKbps, avgPacketLossPercent, avgRttMs } = reported;
  const { totalDataUsedBytes, qualityDistribution } = reported;
  return {
    ...(totalSamples === undefined ? {} : { totalSamples }),
    ...(avgSendBitrateKbps === undefined ? {} : { avgSendBitrateKbps }),
    ...(avgReceiveBitrateKbps === undefined ? {} : { avgReceiveBitrateKbps }),
    ...(avgPacketLossPercent === undefined ? {} : { avgPacketLossPercent }),
    // The app writes 0 for a round trip that it does not know.
    ...(avgRttMs === undefined || avgRttMs <= 0 ? {} : { avgRttMs }),
    ...(totalDataUsedBytes === undefined ? {} : { totalDataUsedBytes }),
    ...(qualityDistribution === undefined ? {} : { qualityDistribution }),
  };
}

/** A side's statistics in the app's words. A report that an older version stored has its samples in it. */
export function writeAppStatistics(
  pieces: JsonPieces,
  call: StoredCall,
  side: StoredSummary,
  samples: readonly Sample[],
): Promise<void> {
  const reported = reportOf(side);
  const figures = figuresOf(side, reported);
  const others: Omit<AppStatistics, "samples"> = {
    _id: `${call.callId}:${side.reporter}`,
    callId: call.callId,
    caller: call.caller,
    callee: call.callee,
    isVideo: call.isVideo,
    duration: wholeSeconds(reported?.duration ?? call.durationSec),
    ...figures,
    // The app takes both to be there.
    qualityDistribution: figures.qualityDistribution ?? { good: 0, moderate: 0, poor: 0 },
    timestamp: instantOf(side.updatedAtMs),
  };
  if (reported?.samples !== undefined) return writeWithSamples(pieces, others, reported.samples, (sample) => sample);
  return writeWithSamples(pieces, others, samples, appSample);
}

function reportOf(side: StoredSummary) {
  return side.reported === undefined ? undefined : reportedOf(side.reported);
}

/** Medians stand for averages; whole numbers, for the app has fields that take nothing else. */
function measuredFigures({ summary }: StoredSummary): Figures {
  if (summary === undefined) return {};
  const { samples, sendKbps, recvKbps, lossPercent, rttMs, dataUsedBytes, levels } = summary;
  return {
    totalSamples: samples,
    ...(sendKbps === undefined ? {} : { avgSendBitrateKbps: Math.round(sendKbps.p50) }),
    ...(recvKbps === undefined ? {} : { avgReceiveBitrateKbps: Math.round(recvKbps.p50) }),
    ...(lossPercent === undefined ? {} : { avgPacketLossPercent: Math.round(lossPercent.p50 * 100) / 100 }),
    ...(rttMs === undefined ? {} : { avgRttMs: Math.round(rttMs.p50) }),
    ...(dataUsedBytes === undefined ? {} : { totalDataUsedBytes: Math.round(dataUsedBytes) }),
    ...(levels === undefined ? {} : { qualityDistribution: sharesOf(samples, levels) }),
  };
}

type Levels = Readonly<Record<"good" | "moderate" | "poor", number>>;

function sharesOf(samples: number, { good, moderate, poor }: Levels): Levels {
  const [goods, poors] = [Math.round(samples * good), Math.round(samples * poor)];
  return { good: goods, moderate: Math.round(samples * (good + moderate + poor)) - goods - poors, poor: poors };
}

function appSample(sample: Sample): NonNullable<AppStatistics["samples"]>[number] {
  return sample.networkQuality === undefined ? measuredSample(sample) : ownSample(sample, sample.networkQuality);
}

/** What the app itself reported, as it did: a round trip that it does not know is 0. */
function ownSample(sample: Sample, networkQuality: NonNullable<Sample["networkQuality"]>) {
  const { t, sendKbps, recvKbps, lossPercent, rttMs = 0, dataUsedBytes } = sample;
  return {
    timestamp: t,
    ...(sendKbps === undefined ? {} : { sendBitrateKbps: sendKbps }),
    ...(recvKbps === undefined ? {} : { receiveBitrateKbps: recvKbps }),
    ...(lossPercent === undefined ? {} : { packetLossPercent: lossPercent }),
    rttMs,
    networkQuality,
    ...(dataUsedBytes === undefined ? {} : { dataUsedBytes }),
  };
}

function measuredSample(sample: Sample) {
  const { t, sendKbps, recvKbps, lossPercent, rttMs, dataUsedBytes } = sample;
  const mos = estimateMos(sample);
  return {
    timestamp: Math.floor(t),
    ...(sendKbps === undefined ? {} : { sendBitrateKbps: Math.round(sendKbps) }),
    ...(recvKbps === undefined ? {} : { receiveBitrateKbps: Math.round(recvKbps) }),
    ...(lossPercent === undefined ? {} : { packetLossPercent: lossPercent }),
    ...(rttMs === undefined ? {} : { rttMs: Math.round(rttMs) }),
    networkQuality: (mos === undefined ? "moderate" : qualityLevel(mos)).toUpperCase(),
    ...(dataUsedBytes === undefined ? {} : { dataUsedBytes: Math.round(dataUsedBytes) }),
  };
}

function wholeSeconds(seconds: number): number {
  return Math.round(Math.min(Math.max(seconds, 0), Number.MAX_SAFE_INTEGER));
}
