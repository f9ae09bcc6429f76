import { limits } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import { unreachable } from "../../unreachable.ts";
import type { AnsweredCall, CandidateOrEnd, Offered, RingingCall } from "../call.ts";
import type { Deadline, Deadlines } from "../deadlines.ts";
import type { CallInput, Effect, Sender } from "../input.ts";
import { candidateChars, withCandidate } from "../kept-candidates.ts";
import { isRegained, isTakenOver, regained, replaced, takenOver } from "../leg-takeover.ts";
import {
  askedDevice,
  askedDevices,
  candidateMessage,
  isPastDevice,
  isWaitingForMerge,
  mapAsked,
  mapOffered,
  replaceOffered,
  ringingMessage,
  ringsUnresumed,
  stopOthers,
  toCaller,
  withoutExpired,
  withoutOffered,
} from "../offered-devices.ts";
import { isOwnSession } from "../push/push-slot.ts";
import { mapSlots, pushDue, pushesRestarted, stopped } from "../push/push-steps.ts";
import { refuse, type Step } from "../step.ts";
import { offerCandidates, offerMerged, offerWaiting, online, ringAgain } from "./asking.ts";
import { finish, spared } from "./finish.ts";
import { merge } from "./merging.ts";
import { screened } from "./screening.ts";
import { mayRingElsewhere, wokenStep } from "./woken-device.ts";

type InputOf<T extends CallInput["type"]> = Extract<CallInput, { type: T }>;

/** What an input does to a call that was not answered yet. */
export function ringingStep(call: RingingCall, input: CallInput, deadlines: Deadlines): Step {
  switch (input.type) {
    case "ringing":
      return acknowledged(call, input.by, input.nowMs);
    case "answer":
      return answered(call, input, deadlines);
    case "candidate":
      return candidate(call, input.by, input.candidate);
    case "reject":
      return rejected(call, input);
    case "hangup":
      return hungUp(call, input.by, input.nowMs);
    case "online":
      return online(call, input.device, input.isTaken, input.nowMs);
    case "screenTaken":
      return [mapAsked(call, input.session, (device) => ({ ...device, standing: "waiting", held: [] })), []];
    case "screenFree":
      return offerWaiting(call, input.session, input.nowMs);
    case "ringAgain":
      return ringAgain(call, input.session, input.nowMs);
    case "lost":
      return lost(call, input.session, input.nowMs, input.provenAtMs);
    case "back":
      return back(call, input.session, input.nowMs);
    case "rebound":
      return rebound(call, input);
    case "gone":
      return gone(call, input);
    case "sessionExpired":
      return [withoutExpired(call, input.session), []];
    case "calleeTaken":
      return finish(call, { reason: "busy", atMs: input.nowMs, ...spared(input.dialled) });
    case "superseded":
      return finish(call, { reason: "superseded", atMs: input.nowMs, endedBy: input.user, ...spared(input.dialled) });
    case "adminEnd":
      return finish(call, { reason: "admin_ended", atMs: input.nowMs });
    case "giveWay":
      return finish(call, { reason: "cancelled", atMs: input.nowMs, endedBy: call.caller, ...spared(input.dialled) });
    case "merge":
      return merge(call, input, deadlines);
    case "restarted":
      return restarted(call, input);
    case "screened":
      return screened(call, input, deadlines);
    case "pushRinging":
    case "pushReject":
      return wokenStep(call, input);
    case "time":
    case "connected":
    case "offerAgain":
    case "offerRefused":
    case "pushed":
      return [call, []];
    default:
      return unreachable(input);
  }
}

/** What time alone does to it. */
export function ringingDeadline(call: RingingCall, due: Deadline): Step {
  switch (due.kind) {
    case "ring":
      return rungOut(call, due.atMs);
    case "callerLost":
      return finish(call, { reason: "cancelled", atMs: due.atMs, endedBy: call.caller });
    case "push":
      return pushDue(call, due.atMs);
    case "mergedOffer":
      return offerMerged(call, due.atMs);
    case "connect":
    case "resume":
    case "maxDuration":
    case "forget":
      throw new Error(`a ringing call has no deadline ${due.kind}`);
    default:
      return unreachable(due.kind);
  }
}

function rungOut(call: RingingCall, atMs: Steady): Step {
  if (call.quiet) return finish(call, { reason: "do_not_disturb", atMs, toldCaller: "unreachable" });
  return finish(call, { reason: wasHeard(call) ? "no_answer" : "unreachable", atMs });
}

function wasHeard(call: RingingCall): boolean {
  return call.ringingAtMs !== undefined || call.offered.some((device) => device.standing === "acknowledged");
}

function acknowledged(call: RingingCall, by: Sender, nowMs: Steady): Step {
  const device = askedDevice(call, by.session);
  if (!device) return isPastDevice(call, by) ? lostRace(call) : refuse(call, "not_bound");
  if (device.standing === "acknowledged") return [call, []];
  const next = replaceOffered(call, { ...device, standing: "acknowledged" });
  if (next.state === "ringing") return [next, []];
  return [{ ...next, state: "ringing", ringingAtMs: nowMs }, [toCaller(call, ringingMessage(call))]];
}

function answered(call: RingingCall, input: InputOf<"answer">, deadlines: Deadlines): Step {
  const winner = askedDevice(call, input.by.session);
  if (!winner) return isPastDevice(call, input.by) ? lostRace(call) : refuse(call, "not_bound");
  if (isWaitingForMerge(call, winner.session)) return [call, []];
  if (input.lockedBy !== undefined) return finish(call, { reason: "busy", atMs: input.nowMs });
  const stopping = { reason: "answered_elsewhere", missed: false, atMs: input.nowMs, by: winner } as const;
  const next = stopped(bind(call, winner, input), call.offered, stopping);
  const answer = next.answer;
  const parties = { callId: call.id, from: call.callee, to: call.caller };
  const effects: Effect[] = [
    toCaller(call, { type: "answer", ...parties, ...answer }),
    ...winner.held.map((held) => toCaller(call, { type: "candidate", ...parties, candidate: held })),
    ...stopOthers(call, winner.session, "answered_elsewhere"),
  ];
  if (!winner.can.takesEarlyCandidates) effects.push(...offerCandidates(call, winner.session));
  if (call.callerLeg.lostAtMs !== undefined) {
    const resumeInMs = Math.max(0, call.callerLeg.lostAtMs + deadlines.resumeMs - input.nowMs);
    effects.push({ type: "send", to: winner.session, message: { type: "peerLost", callId: call.id, resumeInMs } });
  }
  effects.push({ type: "claim", user: call.callee, callId: call.id });
  return [next, effects];
}

function bind(call: RingingCall, winner: Offered, input: InputOf<"answer">): AnsweredCall {
  const { expiresAtMs: _ends, shadow: _shadow, reserved: _reserved, state: _state, ...rest } = call;
  const { relayed: _relayed, quiet: _quiet, unscreened: _unscreened, ...facts } = rest;
  const { standing: _standing, held, ...device } = winner;
  const isCallerLost = call.callerLeg.lostAtMs !== undefined;
  const areSilent = !call.callerLeg.can.reportsConnected && !winner.can.reportsConnected;
  const connectedBySilence = areSilent && !isCallerLost;
  return {
    ...facts,
    offered: call.offered.map((other): Offered => ({ ...other, standing: "stopped", held: [] })),
    state: isCallerLost ? "reconnecting" : connectedBySilence ? "active" : "connecting",
    answeredAtMs: input.nowMs,
    ...(connectedBySilence ? { connectedAtMs: input.nowMs } : {}),
    reconnects: call.reconnects + (isCallerLost ? 1 : 0),
    calleeLeg: { ...device, provenAtMs: input.nowMs },
    answer: { sdp: input.sdp, ...(input.neg === undefined ? {} : { neg: input.neg }) },
    calleeCandidates: held,
  };
}

function candidate(call: RingingCall, by: Sender, value: CandidateOrEnd): Step {
  if (by.session === call.callerLeg.session) return callerCandidate(call, value);
  const device = askedDevice(call, by.session);
  if (!device) return by.user === call.callee ? [call, []] : refuse(call, "not_bound");
  // What a merged device sends before its answer belongs to the attempt that is gone.
  const isOfAttempt = call.reserved?.attempting && call.reserved.session === device.session;
  if (isOfAttempt) return [call, []];
  const held = withCandidate(device.held, value, roomFor(call, device));
  return [held === undefined || held === device.held ? call : replaceOffered(call, { ...device, held }), []];
}

/** All devices that ring share one room: a user has many, and what they hold is written anew with each change. */
function roomFor(call: RingingCall, device: Offered): number {
  const others = call.offered.filter((other) => other !== device);
  const taken = others.reduce((sum, other) => sum + candidateChars(other.held), 0);
  return Math.max(0, Math.min(limits.keptCandidateChars, limits.heldCandidateChars - taken));
}

function callerCandidate(call: RingingCall, value: CandidateOrEnd): Step {
  const callerCandidates = withCandidate(call.callerCandidates, value);
  if (callerCandidates === undefined) return [call, []];
  const relayed = call.relayed ?? 0;
  // One more than any honest device has is passed on only where it is worth more than another that is kept.
  if (relayed >= limits.relayedCandidates && callerCandidates === call.callerCandidates) return [call, []];
  const message = candidateMessage(call, value);
  const effects = askedDevices(call)
    .filter((device) => device.can.takesEarlyCandidates)
    .map((device): Effect => ({ type: "send", to: device.session, message }));
  return [{ ...call, callerCandidates, relayed: relayed + 1 }, effects];
}

function rejected(call: RingingCall, input: InputOf<"reject">): Step {
  const device = askedDevice(call, input.by.session);
  if (!device) return isPastDevice(call, input.by) ? [call, []] : refuse(call, "not_bound");
  if (isWaitingForMerge(call, device.session)) return [call, []];
  if (!input.busy) return finish(call, { reason: "declined", atMs: input.nowMs, by: input.by });
  const othersAreThere = call.offered.some(
    (other) => other !== device && other.standing !== "stopped" && other.lostAtMs === undefined,
  );
  if (!othersAreThere && !mayRingElsewhere(call, (slot) => isOwnSession(slot, device))) {
    return finish(call, { reason: "busy", atMs: input.nowMs, by: input.by });
  }
  const stop: Effect = {
    type: "send",
    to: device.session,
    message: { type: "busy", callId: call.id, from: call.caller, to: call.callee, reason: "busy", endedBy: "you" },
  };
  const told = input.by.wantsAck || !device.can.namesCalls ? [] : [stop];
  const next = mapSlots(call, (slot) => (isOwnSession(slot, device) ? { ...slot, over: true } : slot));
  return [replaceOffered(next, { ...device, standing: "stopped", held: [] }), told];
}

function hungUp(call: RingingCall, by: Sender, nowMs: Steady): Step {
  if (by.session === call.callerLeg.session) return finish(call, { reason: "cancelled", atMs: nowMs, by });
  const device = askedDevice(call, by.session);
  if (!device) return isPastDevice(call, by) ? [call, []] : refuse(call, "not_bound");
  if (isWaitingForMerge(call, device.session)) return [call, []];
  return finish(call, { reason: "declined", atMs: nowMs, by });
}

function lost(call: RingingCall, session: string, nowMs: Steady, provenAtMs: Steady): Step {
  if (call.callerLeg.session === session) {
    if (call.callerLeg.lostAtMs !== undefined) return [call, []];
    return [{ ...call, callerLeg: { ...call.callerLeg, lostAtMs: nowMs, provenAtMs } }, []];
  }
  return [mapOffered(call, session, (device) => ({ ...device, lostAtMs: nowMs })), []];
}

function back(call: RingingCall, session: string, nowMs: Steady): Step {
  const { callerLeg } = call;
  if (callerLeg.session === session || isRegained(callerLeg, session)) {
    const { lostAtMs: _lost, ...leg } = callerLeg.session === session ? callerLeg : regained(callerLeg, session);
    return [{ ...call, callerLeg: leg }, []];
  }
  const next = mapOffered(call, session, ({ lostAtMs: _lost, ...device }) => device);
  const device = askedDevice(next, session);
  // The replay has just written the offer to a device that cannot say that it rings.
  if (!device || device.can.acknowledges || device.standing !== "asked") return [next, []];
  return acknowledged(next, { user: call.callee, session, wantsAck: false }, nowMs);
}

function rebound(call: RingingCall, input: InputOf<"rebound">): Step {
  if (!isTakenOver(call.callerLeg, input)) return [call, []];
  // The caller is back: from now on a loss is an ordinary one.
  const { restarted: _over, ...facts } = call;
  return [{ ...facts, callerLeg: takenOver(call.callerLeg, input) }, replaced(call.callerLeg, input, call.id)];
}

function gone(call: RingingCall, { session, by, nowMs }: InputOf<"gone">): Step {
  if (call.callerLeg.session === session) {
    return finish(call, { reason: "cancelled", atMs: nowMs, endedBy: call.caller, ...(by ? { by } : {}) });
  }
  return [withoutOffered(call, session), []];
}

function restarted(call: RingingCall, { nowMs, provenAtMs, adopted }: InputOf<"restarted">): Step {
  const { lostAtMs: _lost, ...leg } = call.callerLeg;
  // Sessions of the callee did not survive; its devices are offered the call afresh as they come back.
  const offered = call.offered
    .filter((device) => adopted || device.standing === "stopped" || ringsUnresumed(device))
    .map((device) => ({ ...device, lostAtMs: device.lostAtMs ?? nowMs }));
  const reserved = call.reserved && { reserved: { device: call.reserved.device, session: call.reserved.session } };
  const callerLeg = { ...leg, lostAtMs: nowMs, provenAtMs: call.callerLeg.provenAtMs ?? provenAtMs };
  return [{ ...pushesRestarted(call, nowMs), restarted: true, callerLeg, offered, ...reserved }, []];
}

/** Another device of this user is the only one that may take the call, or this one said that it is busy. */
function lostRace(call: RingingCall): Step {
  return refuse(call, "too_late", call.reserved ? "answered_elsewhere" : "busy");
}
