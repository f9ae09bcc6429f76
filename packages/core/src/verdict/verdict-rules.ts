import type { VerdictCode } from "@echoo/protocol";
import type { Phase, Rule } from "./facts.ts";
import {
  blockedPlayback,
  good,
  lostDevice,
  lostNetwork,
  lostSignalingInCall,
  slowSetup,
  unstableNetwork,
} from "./rules/connected.ts";
import { calleeDevices, devicesOfASide } from "./rules/devices.ts";
import * as media from "./rules/media.ts";
import * as never from "./rules/never-connected.ts";
import { endedBecause, pushFailed } from "./rules/no-answer.ts";

export interface VerdictRow {
  readonly phase: Phase;
  readonly code: VerdictCode;
  /** When it matches, for people. */
  readonly rule: string;
  /** Where the rule is from. */
  readonly source: string;
  readonly likely?: true;
  readonly find: Rule;
}

const capture = "Media Capture and Streams (W3C), 10.2.2";
const machine = "the call machine's end reason";
const ice = "RFC 8445; WebRTC 1.0, 5.6";
const turn = "RFC 8656, 18; RFC 8489, 14.8";
const stats = "Identifiers for WebRTC's Statistics API (W3C)";

/**
 * Every verdict but `unknown`, which is left where none matches. Of the rows of a call's phase the first that matches
 * wins; what is not known matches nothing. Sentence and advice of each code are in `verdictSentences`.
 */
export const verdictRows: readonly VerdictRow[] = [
  {
    phase: "no answer",
    code: "permission_denied",
    rule: "every getUserMedia of the callee failed, the last with NotAllowedError; not where it was declined. For the callee and administrators",
    source: capture,
    find: calleeDevices("permission_denied"),
  },
  {
    phase: "no answer",
    code: "no_device",
    rule: "likewise, with NotFoundError",
    source: capture,
    find: calleeDevices("no_device"),
  },
  {
    phase: "no answer",
    code: "device_in_use",
    rule: "likewise, with NotReadableError",
    source: capture,
    find: calleeDevices("device_in_use"),
  },
  {
    phase: "no answer",
    code: "push_failed",
    rule: "nothing rang, and every push was refused or its device gone. For administrators",
    source: "RFC 8030, 7.3; FCM HTTP v1; APNs",
    find: pushFailed,
  },
  {
    phase: "no answer",
    code: "callee_offline",
    rule: "it ended unreachable",
    source: machine,
    find: endedBecause("unreachable"),
  },
  {
    phase: "no answer",
    code: "not_answered",
    rule: "it ended no_answer; or do_not_disturb, for the callee and administrators",
    source: machine,
    find: endedBecause("no_answer", "do_not_disturb"),
  },
  { phase: "no answer", code: "declined", rule: "it ended declined", source: machine, find: endedBecause("declined") },
  { phase: "no answer", code: "busy", rule: "it ended busy", source: machine, find: endedBecause("busy") },
  {
    phase: "no answer",
    code: "cancelled",
    rule: "it ended cancelled",
    source: machine,
    find: endedBecause("cancelled"),
  },
  {
    phase: "no answer",
    code: "superseded",
    rule: "it ended superseded",
    source: machine,
    find: endedBecause("superseded"),
  },
  {
    phase: "no answer",
    code: "ended_by_admin",
    rule: "it ended admin_ended",
    source: machine,
    find: endedBecause("admin_ended"),
  },
  {
    phase: "never connected",
    code: "unknown",
    rule: "hung up within 10 s of the answer, and nothing had failed",
    source: machine,
    find: never.tooShort,
  },
  {
    phase: "never connected",
    code: "permission_denied",
    rule: "every getUserMedia of a side failed, the last with NotAllowedError",
    source: capture,
    find: devicesOfASide("permission_denied"),
  },
  {
    phase: "never connected",
    code: "no_device",
    rule: "likewise, with NotFoundError",
    source: capture,
    find: devicesOfASide("no_device"),
  },
  {
    phase: "never connected",
    code: "device_in_use",
    rule: "likewise, with NotReadableError",
    source: capture,
    find: devicesOfASide("device_in_use"),
  },
  {
    phase: "never connected",
    code: "signaling_lost",
    rule: "it ended connection_lost or server_restart",
    source: machine,
    find: never.lostSignaling,
  },
  {
    phase: "never connected",
    code: "negotiation_failed",
    rule: "a side's description could not be applied, or its negotiation was not stable for the last 10 s",
    source: "RFC 8829 (JSEP), 3.2",
    find: never.failedNegotiation,
  },
  {
    phase: "never connected",
    code: "dtls_failed",
    rule: "ICE of a side stood for 5 s, and its connection never did",
    source: "RFC 8827, 6.5; WebRTC 1.0, 4.3.3",
    find: never.failedDtls,
  },
  {
    phase: "never connected",
    code: "turn_refused",
    rule: "a side has no relay candidate, and an icecandidateerror 401, 403, 437, 441, 486 or 508",
    source: turn,
    find: never.refusedByTurn,
  },
  {
    phase: "never connected",
    code: "turn_unreachable",
    rule: "a relay is configured, a side has ended its gathering, or gathered for 10 s of the call, and has no relay candidate",
    source: turn,
    find: never.unreachableTurn,
  },
  {
    phase: "never connected",
    code: "turn_missing",
    rule: "no relay is configured, and the networks are different ones or all media must be relayed",
    source: ice,
    find: never.missingTurn,
  },
  {
    phase: "never connected",
    code: "relay_dead",
    rule: "both sides have relay candidates all the same",
    source: turn,
    likely: true,
    find: never.deadRelay,
  },
  {
    phase: "never connected",
    code: "no_direct_path",
    rule: "both sides have ended their gathering, and neither has a relay candidate",
    source: ice,
    find: never.noDirectPath,
  },
  {
    phase: "never connected",
    code: "not_connected",
    rule: "it ended connect_failed or a side tried for more than 10 s, and nothing says why",
    source: machine,
    find: never.notConnected,
  },
  {
    phase: "connected",
    code: "signaling_lost",
    rule: "it ended connection_lost or server_restart",
    source: machine,
    find: lostSignalingInCall,
  },
  {
    phase: "connected",
    code: "network_lost",
    rule: "ICE of a side was disconnected or failed for the last 5 s",
    source: ice,
    find: lostNetwork,
  },
  {
    phase: "connected",
    code: "device_lost",
    rule: "a side's track ended by itself, not within the last 5 s, and none took its place within 5 s",
    source: "Media Capture and Streams (W3C), 4.3.1",
    find: lostDevice,
  },
  {
    phase: "connected",
    code: "playback_blocked",
    rule: "a side's browser refused to play for 5 s",
    source: "HTML, 4.8.11.8 (play)",
    find: blockedPlayback,
  },
  {
    phase: "connected",
    code: "one_way_audio",
    rule: "a side received no sound for 10 s, or ever, while the other's sent bytes rose; not muted or hidden",
    source: stats,
    find: media.oneWay("audio"),
  },
  {
    phase: "connected",
    code: "one_way_video",
    rule: "likewise of the picture",
    source: stats,
    find: media.oneWay("video"),
  },
  {
    phase: "connected",
    code: "silent_microphone",
    rule: "the other side received a level below 0.0001 all along, for 30 s or more, and this one never muted",
    source: stats,
    likely: true,
    find: media.silentMicrophone,
  },
  {
    phase: "connected",
    code: "poor_audio",
    rule: "round trip over 400 ms, loss over 3 %, jitter over 30 ms or concealment over 10 % for more than 20 % of 30 s or more",
    source: "ITU-T G.107, G.114",
    find: media.poorAudio,
  },
  {
    phase: "connected",
    code: "network_unstable",
    rule: "three changes of a side's path within 30 s",
    source: ice,
    find: unstableNetwork,
  },
  {
    phase: "connected",
    code: "frozen_video",
    rule: "more than 30 % of a side's picture frozen, or three freezes of more than 1 s; not while it is off or hidden",
    source: stats,
    find: media.frozenVideo,
  },
  {
    phase: "connected",
    code: "limited_by_cpu",
    rule: "a side's picture limited by the processor for more than 30 % of the time",
    source: stats,
    find: media.limitedByCpu,
  },
  {
    phase: "connected",
    code: "limited_by_bandwidth",
    rule: "likewise by the network, or with less than 100 kbit/s for it",
    source: stats,
    find: media.limitedByBandwidth,
  },
  {
    phase: "connected",
    code: "slow_setup",
    rule: "more than 5 s from the answer to media",
    source: "ITU-T E.721",
    find: slowSetup,
  },
  {
    phase: "connected",
    code: "good",
    rule: "both sides measured all of it, 10 s or more, without a gap of 5 s",
    source: "none of the rows above",
    find: good,
  },
];
