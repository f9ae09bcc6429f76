import type { ReportEvent, Sample } from "@echoo/protocol";
import type { EndedCall } from "../call/record.ts";
import { sides, type VerdictInput } from "./verdict.ts";

/** What a line says: what happened, on which connection, with what, and when. */
type Line = readonly [method: string, connection: string | null, data: unknown, t: number];

const states: Partial<Record<ReportEvent["kind"], string>> = {
  ice: "oniceconnectionstatechange",
  connection: "onconnectionstatechange",
  signaling: "onsignalingstatechange",
};

/**
 * A call in the form of rtcstats dumps, a line of JSON each, as far as it was told and measured: events and samples of
 * both sides in the order of time, each side as one connection. No address, description or label is in it.
 */
export function* rtcstatsLines({ record, sides: told }: Pick<VerdictInput, "record" | "sides">): Iterable<string> {
  yield "RTCStatsDump";
  yield JSON.stringify(headOf(record));
  const lines = sides.flatMap((side) => {
    const { timeline, samples } = told[side];
    const shiftMs = timeline?.shiftMs ?? 0;
    const events = timeline?.events.map((event) => lineOf(side, event, event.t + shiftMs)) ?? [];
    return [...events, ...samples.map((sample): Line => ["getstats", side, statsOf(sample), sample.t + shiftMs])];
  });
  yield* lines.toSorted((a, b) => a[3] - b[3]).map((line) => JSON.stringify(line));
}

function headOf({ callId, createdAtMs, endReason, isVideo }: EndedCall) {
  return { fileFormat: 2, origin: "echoo", time: createdAtMs, conference: callId, endReason, isVideo };
}

function lineOf(side: string, { n: _n, t: _t, kind, ...told }: ReportEvent, t: number): Line {
  const { state, candidate, code, audio, video, error } = told;
  const method = states[kind];
  if (method !== undefined) return [method, side, state, t];
  if (kind === "restart") return ["restartIce", side, null, t];
  if (kind === "media") {
    const asked = { audio, video };
    return error === undefined
      ? ["navigator.mediaDevices.getUserMedia", null, asked, t]
      : ["navigator.mediaDevices.getUserMediaOnFailure", null, { name: error, ...asked }, t];
  }
  if (kind === "gathering") {
    if (state !== undefined) return ["onicegatheringstatechange", side, state, t];
    const { scheme, transport } = told;
    if (code !== undefined) return ["onicecandidateerror", side, { errorCode: code, url: scheme, transport }, t];
    return ["onicecandidate", side, { type: candidate, protocol: transport, url: scheme }, t];
  }
  return [`echoo.${kind}`, side, told, t];
}

/** By the names and units of the W3C's identifiers: seconds, and bits per second where a rate is all that is known. */
function statsOf(sample: Sample): Record<string, Record<string, unknown>> {
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
  const bits = (kbps: number | undefined) => (kbps === undefined ? undefined : kbps * 1000);
  const { audioRecvKbps, videoRecvKbps, audioSendKbps, videoSendKbps, recvKbps, sendKbps } = sample;
  return {
    pair: {
      type: "candidate-pair",
      nominated: true,
      currentRoundTripTime: seconds(sample.rttMs),
      availableOutgoingBitrate: bits(sample.availableKbps),
    },
    local: {
      type: "local-candidate",
      candidateType: sample.pair,
      protocol: sample.protocol,
      networkType: sample.network,
    },
    inboundAudio: {
      type: "inbound-rtp",
      kind: "audio",
      jitter: seconds(sample.jitterMs),
      audioLevel: sample.audioLevel,
      fractionLost: sample.lossPercent === undefined ? undefined : sample.lossPercent / 100,
      bitsPerSecond: bits(audioRecvKbps ?? recvKbps),
    },
    inboundVideo: {
      type: "inbound-rtp",
      kind: "video",
      framesPerSecond: sample.fps,
      frameWidth: sample.width,
      frameHeight: sample.height,
      freezeCount: sample.freezes,
      totalFreezesDuration: seconds(sample.freezeMs),
      bitsPerSecond: bits(videoRecvKbps),
    },
    outboundAudio: { type: "outbound-rtp", kind: "audio", bitsPerSecond: bits(audioSendKbps ?? sendKbps) },
    outboundVideo: {
      type: "outbound-rtp",
      kind: "video",
      qualityLimitationReason: sample.limitation,
      bitsPerSecond: bits(videoSendKbps),
    },
  };
}
