import type { VerdictCode } from "@echoo/protocol";
import type { Phase } from "../../src/verdict/facts.ts";
import type { Side, VerdictInput } from "../../src/verdict/verdict.ts";
import {
  answeredMs,
  failedSide,
  gatheredHost,
  gatheredRelay,
  input,
  nothingSince,
  ordinarySide,
  record,
  type Told,
  timeline,
  unanswered,
  unconnected,
} from "./verdict-fixtures.ts";

export interface RecordedVerdict {
  readonly phase: Phase;
  readonly code: VerdictCode;
  readonly side?: Side;
  readonly input: VerdictInput;
}

const video = record();
const audio = record({ isVideo: false });
const denied = (error: Told["error"]) => ({ timeline: timeline([{ atMs: 0, kind: "media", audio: true, error }]) });
const bothFailed = (gathering: readonly Told[]) => ({ caller: failedSide(gathering), callee: failedSide(gathering) });
const fine = (of = video) => ({ caller: ordinarySide(of), callee: ordinarySide(of) });
const told = (more: readonly Told[]) => ({ ...fine(), callee: ordinarySide(video, undefined, more) });
const measured = (change: Parameters<typeof ordinarySide>[1]) => ({ ...fine(), callee: ordinarySide(video, change) });

/** What was told and measured of a call for each row of the table. */
export const recordedVerdicts: readonly RecordedVerdict[] = [
  ...(["NotAllowedError", "NotFoundError", "NotReadableError"] as const).flatMap((error, at): RecordedVerdict[] => {
    const code = (["permission_denied", "no_device", "device_in_use"] as const)[at] ?? "no_device";
    return [
      { phase: "no answer", code, side: "callee", input: input(unanswered(), { callee: denied(error) }) },
      {
        phase: "never connected",
        code,
        side: "caller",
        input: input(unconnected(), { caller: denied(error), callee: failedSide(gatheredRelay) }),
      },
    ];
  }),
  {
    phase: "no answer",
    code: "push_failed",
    side: "callee",
    input: input(
      { ...unanswered({ endReason: "unreachable" }), ringingAtMs: undefined } as never,
      {},
      { turn: true, pushes: { tried: 2, failed: 2 } },
    ),
  },
  { phase: "no answer", code: "callee_offline", input: input(unanswered({ endReason: "unreachable" })) },
  { phase: "no answer", code: "not_answered", input: input(unanswered()) },
  { phase: "no answer", code: "declined", input: input(unanswered({ endReason: "declined" })) },
  { phase: "no answer", code: "busy", input: input(unanswered({ endReason: "busy" })) },
  { phase: "no answer", code: "cancelled", input: input(unanswered({ endReason: "cancelled" })) },
  { phase: "no answer", code: "superseded", input: input(unanswered({ endReason: "superseded" })) },
  { phase: "no answer", code: "ended_by_admin", input: input(unanswered({ endReason: "admin_ended" })) },
  {
    phase: "never connected",
    code: "unknown",
    input: input(unconnected({ endReason: "hangup", endedAtMs: answeredMs + 4_000 })),
  },
  { phase: "never connected", code: "signaling_lost", input: input(unconnected({ endReason: "server_restart" })) },
  {
    phase: "never connected",
    code: "negotiation_failed",
    side: "callee",
    input: input(unconnected(), {
      caller: failedSide(gatheredRelay),
      callee: {
        timeline: timeline([
          { atMs: -900, kind: "media", audio: true },
          { atMs: 0, kind: "signaling", state: "have-remote-offer" },
        ]),
      },
    }),
  },
  {
    phase: "never connected",
    code: "dtls_failed",
    side: "caller",
    input: input(unconnected(), {
      caller: failedSide(gatheredRelay, [{ atMs: 500, kind: "ice", state: "connected" }]),
      callee: failedSide(gatheredRelay, [{ atMs: 600, kind: "ice", state: "connected" }]),
    }),
  },
  {
    phase: "never connected",
    code: "turn_refused",
    side: "caller",
    input: input(
      unconnected(),
      bothFailed([{ atMs: -700, kind: "gathering", scheme: "turn", code: 401 }, ...gatheredHost]),
    ),
  },
  {
    phase: "never connected",
    code: "turn_unreachable",
    side: "callee",
    input: input(unconnected(), { caller: failedSide(gatheredRelay), callee: failedSide(gatheredHost) }),
  },
  {
    phase: "never connected",
    code: "turn_missing",
    input: input(unconnected(), bothFailed(gatheredHost), { turn: false, sameNetwork: false }),
  },
  { phase: "never connected", code: "relay_dead", input: input(unconnected(), bothFailed(gatheredRelay)) },
  {
    phase: "never connected",
    code: "no_direct_path",
    input: input(unconnected(), bothFailed(gatheredHost), { turn: false, sameNetwork: true }),
  },
  { phase: "never connected", code: "not_connected", input: input(unconnected()) },
  { phase: "connected", code: "signaling_lost", input: input(record({ endReason: "connection_lost" }), fine()) },
  {
    phase: "connected",
    code: "network_lost",
    side: "callee",
    input: input(video, {
      ...fine(),
      callee: ordinarySide(video, nothingSince(52_000), [{ atMs: 52_000, kind: "ice", state: "disconnected" }]),
    }),
  },
  {
    phase: "connected",
    code: "device_lost",
    side: "callee",
    input: input(
      video,
      told([{ atMs: 30_000, kind: "track", media: "audio", side: "local", state: "ended", cause: "device" }]),
    ),
  },
  {
    phase: "connected",
    code: "playback_blocked",
    side: "callee",
    input: input(video, told([{ atMs: 900, kind: "playback", state: "refused" }])),
  },
  {
    phase: "connected",
    code: "one_way_audio",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at > 10 && at < 18 ? { audioRecvKbps: 0 } : {})),
    ),
  },
  {
    phase: "connected",
    code: "one_way_video",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at > 10 && at < 18 ? { videoRecvKbps: 0 } : {})),
    ),
  },
  {
    phase: "connected",
    code: "silent_microphone",
    side: "caller",
    input: input(audio, { ...fine(audio), callee: ordinarySide(audio, () => ({ audioLevel: 0 })) }),
  },
  {
    phase: "connected",
    code: "poor_audio",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at % 3 === 0 ? { lossPercent: 8 } : {})),
    ),
  },
  {
    phase: "connected",
    code: "network_unstable",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at > 3 && at < 9 ? { pair: at % 2 ? "relay" : "srflx" } : {})),
    ),
  },
  {
    phase: "connected",
    code: "frozen_video",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at % 2 ? { freezes: 1, freezeMs: 1_500 } : {})),
    ),
  },
  {
    phase: "connected",
    code: "limited_by_cpu",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at % 2 ? { limitation: "cpu" as const } : {})),
    ),
  },
  {
    phase: "connected",
    code: "limited_by_bandwidth",
    side: "callee",
    input: input(
      video,
      measured((_, at) => (at % 2 ? { limitation: "bandwidth" as const, availableKbps: 80 } : {})),
    ),
  },
  {
    phase: "connected",
    code: "slow_setup",
    input: input(record({ connectedAtMs: answeredMs + 7_000 }), {
      caller: { samples: ordinarySide(record({ connectedAtMs: answeredMs + 7_000 })).samples },
      callee: { samples: ordinarySide(record({ connectedAtMs: answeredMs + 7_000 })).samples },
    }),
  },
  { phase: "connected", code: "good", input: input(video, fine()) },
];
