import { type StoredCall, type StoredSummary, statusOf } from "@echoo/core";
import type { AppCall } from "@echoo/protocol";
import { instantOf } from "../replies/instant.ts";
import { figuresOf, sideFor } from "./app-statistics.ts";

const bytesPerMb = 1024 * 1024;

/** A call as the app's history shows it to one of its parties. */
export function appCall(viewer: string, call: StoredCall, summaries: readonly StoredSummary[]): AppCall {
  const status = statusOf(call);
  return {
    _id: call.callId,
    callId: call.callId,
    caller: call.caller,
    callee: call.callee,
    isVideo: call.isVideo,
    duration: Math.floor(call.durationSec),
    // The app knows no calls that failed.
    status: status === "failed" ? "missed" : status,
    startTime: instantOf(call.createdAtMs),
    endTime: instantOf(call.endedAtMs),
    hasStats: summaries.length > 0,
    ...shownFigures(sideFor(viewer, summaries)),
  };
}

type ShownFigures = Pick<AppCall, "avgBitrateKbps" | "avgPacketLossPercent" | "avgRttMs" | "totalDataUsedMB">;

function shownFigures(side: StoredSummary | undefined): ShownFigures {
  if (side === undefined) return {};
  const { avgSendBitrateKbps, avgReceiveBitrateKbps, avgPacketLossPercent, avgRttMs, totalDataUsedBytes } =
    figuresOf(side);
  const bitrates = [avgSendBitrateKbps, avgReceiveBitrateKbps].filter((rate) => rate !== undefined);
  const bitrate = bitrates.reduce((sum, rate) => sum + rate, 0) / bitrates.length;
  return {
    ...(bitrates.length === 0 ? {} : { avgBitrateKbps: Math.round(bitrate) }),
    ...(avgPacketLossPercent === undefined ? {} : { avgPacketLossPercent }),
    ...(avgRttMs === undefined ? {} : { avgRttMs }),
    ...(totalDataUsedBytes === undefined ? {} : { totalDataUsedMB: megabytes(totalDataUsedBytes) }),
  };
}

function megabytes(bytes: number): string {
  return (Math.min(Math.max(bytes, 0), Number.MAX_SAFE_INTEGER) / bytesPerMb).toFixed(2);
}
