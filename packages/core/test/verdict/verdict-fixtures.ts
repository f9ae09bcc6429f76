import type { ReportEvent, Sample } from "@echoo/protocol";
import type { EndedCall } from "../../src/call/record.ts";
import type { ServerFacts } from "../../src/verdict/server-facts.ts";
import type { SideEvidence, VerdictInput } from "../../src/verdict/verdict.ts";

const placedMs = Date.UTC(2026, 0, 1);
export const answeredMs = placedMs + 5_000;
const connectedMs = answeredMs + 800;

/** A video call of a minute, but for what is given. */
export function record(changes: Partial<EndedCall> = {}): EndedCall {
  return {
    callId: "c1",
    caller: "5550001",
    callee: "5550002",
    isVideo: true,
    createdAtMs: placedMs,
    ringingAtMs: placedMs + 300,
    answeredAtMs: answeredMs,
    connectedAtMs: connectedMs,
    endedAtMs: answeredMs + 60_000,
    endReason: "hangup",
    endedBy: "5550001",
    glare: false,
    reconnects: 0,
    durationSec: 60,
    ...changes,
  };
}

/** One that nobody answered. */
export function unanswered(changes: Partial<EndedCall> = {}): EndedCall {
  const { answeredAtMs: _a, connectedAtMs: _c, endedBy: _e, ...rest } = record();
  return { ...rest, endedAtMs: placedMs + 60_000, endReason: "no_answer", durationSec: 0, ...changes };
}

/** One that was answered and never connected. */
export function unconnected(changes: Partial<EndedCall> = {}): EndedCall {
  const { connectedAtMs: _c, ...rest } = record();
  return { ...rest, endedAtMs: answeredMs + 30_000, endReason: "connect_failed", durationSec: 30, ...changes };
}

/** An event, at so many milliseconds after the answer; its number comes of its place. */
export type Told = Omit<ReportEvent, "n" | "t"> & { readonly atMs: number };

export function timeline(told: readonly Told[]): NonNullable<SideEvidence["timeline"]> {
  return { events: told.map(({ atMs, ...event }, n) => ({ n, t: answeredMs + atMs, ...event })) };
}

/** What a side measures of an ordinary call, every 2 s from its connection to its end. */
export function ordinarySamples(
  of: Pick<EndedCall, "connectedAtMs" | "endedAtMs">,
  change: (sample: Sample, at: number) => Partial<Sample> = () => ({}),
): readonly Sample[] {
  const fromMs = of.connectedAtMs ?? connectedMs;
  const count = Math.floor((of.endedAtMs - fromMs) / 2_000) + 1;
  return Array.from({ length: count }, (_, at) => {
    const sample: Sample = {
      t: fromMs + at * 2_000,
      rttMs: 40,
      jitterMs: 4,
      lossPercent: 0,
      concealedPercent: 0,
      sendKbps: 900,
      recvKbps: 880,
      audioSendKbps: 32,
      audioRecvKbps: 31,
      videoSendKbps: 868,
      videoRecvKbps: 849,
      availableKbps: 2_500,
      audioLevel: 0.05,
      fps: 30,
      freezes: 0,
      freezeMs: 0,
      limitation: "none",
      pair: "host",
      protocol: "udp",
      network: "wifi",
    };
    return { ...sample, ...change(sample, at) };
  });
}

/** What the SDK tells of a call in which nothing happens. */
const ordinaryEvents: readonly Told[] = [
  { atMs: -900, kind: "media", audio: true, video: true },
  { atMs: -800, kind: "signaling", state: "have-local-offer" },
  { atMs: -800, kind: "gathering", state: "gathering" },
  { atMs: -780, kind: "gathering", candidate: "host", transport: "udp" },
  { atMs: -700, kind: "gathering", candidate: "srflx", transport: "udp" },
  { atMs: -600, kind: "gathering", candidate: "relay", scheme: "turn", transport: "udp" },
  { atMs: -500, kind: "gathering", state: "complete" },
  { atMs: 10, kind: "signaling", state: "stable" },
  { atMs: 20, kind: "ice", state: "checking" },
  { atMs: 20, kind: "connection", state: "connecting" },
  { atMs: 600, kind: "ice", state: "connected" },
  { atMs: 780, kind: "connection", state: "connected" },
  { atMs: 800, kind: "pair", candidate: "host", remote: "host", transport: "udp" },
];

export function input(
  of: EndedCall,
  sides: { readonly caller?: Partial<SideEvidence>; readonly callee?: Partial<SideEvidence> } = {},
  server: ServerFacts = { turn: true, sameNetwork: false },
): VerdictInput {
  return {
    record: of,
    sides: { caller: { samples: [], ...sides.caller }, callee: { samples: [], ...sides.callee } },
    server,
  };
}

/** A side of an ordinary call. */
export function ordinarySide(
  of: EndedCall,
  change?: Parameters<typeof ordinarySamples>[1],
  more: readonly Told[] = [],
) {
  return { samples: ordinarySamples(of, change), timeline: timeline([...ordinaryEvents, ...more]) };
}

/** The events of a side that tried, with these about its gathering, and whose ICE failed. */
export function failedSide(gathering: readonly Told[], more: readonly Told[] = []): Partial<SideEvidence> {
  return {
    timeline: timeline([
      { atMs: -900, kind: "media", audio: true, video: true },
      { atMs: 10, kind: "signaling", state: "stable" },
      ...gathering,
      { atMs: 20, kind: "ice", state: "checking" },
      { atMs: 20, kind: "connection", state: "connecting" },
      ...(more.length > 0
        ? more
        : ([
            { atMs: 25_000, kind: "ice", state: "failed" },
            { atMs: 25_000, kind: "connection", state: "failed" },
          ] satisfies Told[])),
    ]),
  };
}

export const gatheredHost: readonly Told[] = [
  { atMs: -800, kind: "gathering", candidate: "host", transport: "udp" },
  { atMs: -100, kind: "gathering", state: "complete" },
];
export const gatheredRelay: readonly Told[] = [
  { atMs: -700, kind: "gathering", candidate: "relay", scheme: "turn", transport: "udp" },
  ...gatheredHost,
];

/** A change of samples: from then on nothing is received. */
export function nothingSince(atMs: number) {
  return ({ t }: Sample): Partial<Sample> =>
    t < answeredMs + atMs ? {} : { recvKbps: 0, audioRecvKbps: 0, videoRecvKbps: 0 };
}
