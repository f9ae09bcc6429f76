import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../../ports/clock.ts";
import { unreachable } from "../../unreachable.ts";
import type { AnsweredCall, CandidateOrEnd, Leg } from "../call.ts";
import type { Deadline, Deadlines } from "../deadlines.ts";
import type { CallInput, Effect, Sender } from "../input.ts";
import { withCandidate } from "../kept-candidates.ts";
import { isRegained, isTakenOver, regained, replaced, takenOver } from "../leg-takeover.ts";
import { isLegLost, partiesFrom, peerLeg, type Side, sideOf, sides, waitedSince } from "../legs.ts";
import { pushDue, pushesRestarted } from "../push/push-steps.ts";
import { pushTooLate, refuse, type Step } from "../step.ts";
import { finish, spared } from "./finish.ts";
import { answerAgain, offerAgain, refuseOffer } from "./renegotiation.ts";

/** What an input does to a call that was answered. */
export function answeredStep(call: AnsweredCall, input: CallInput, deadlines: Deadlines): Step {
  switch (input.type) {
    case "answer":
      return bound(call, input.by, (side) => answerAgain(call, side, input));
    case "offerAgain":
      return bound(call, input.by, (side) => offerAgain(call, side, input));
    case "offerRefused":
      return bound(call, input.by, (side) => refuseOffer(call, side, input));
    case "candidate":
      return candidate(call, input);
    case "connected":
      return bound(call, input.by, () => connected(call, input.nowMs));
    case "ringing":
    case "reject":
      return bound(call, input.by, () => [call, []]);
    case "hangup":
      return bound(call, input.by, () => hungUp(call, input.by, input.iceFailed, input.nowMs));
    case "lost":
      return lost(call, input, deadlines);
    case "back":
      return back(call, input.session, input.nowMs);
    case "rebound":
      return rebound(call, input);
    case "gone":
      return gone(call, input);
    case "superseded":
      return finish(call, { reason: "superseded", atMs: input.nowMs, endedBy: input.user, ...spared(input.dialled) });
    case "adminEnd":
      return finish(call, { reason: "admin_ended", atMs: input.nowMs });
    case "restarted": {
      const next = pushesRestarted(restarted(call, input.nowMs, input.provenAtMs), input.nowMs);
      return [next, input.adopted ? bothAway(call, deadlines) : []];
    }
    case "time":
    case "online":
    case "sessionExpired":
    case "calleeTaken":
    case "giveWay":
    case "merge":
    case "screenTaken":
    case "screenFree":
    case "ringAgain":
    case "screened":
    case "pushed":
    case "pushReject":
      return [call, []];
    case "pushRinging":
      return pushTooLate(call, input.device, "answered_elsewhere");
    default:
      return unreachable(input);
  }
}

/** What time alone does to it. */
export function answeredDeadline(call: AnsweredCall, due: Deadline): Step {
  switch (due.kind) {
    case "connect":
      return finish(call, { reason: "connect_failed", atMs: due.atMs });
    case "maxDuration":
      return finish(call, { reason: "max_duration", atMs: due.atMs });
    case "resume":
      return finish(call, { reason: call.restarted ? "server_restart" : "connection_lost", atMs: lastProof(call) });
    case "ring":
    case "callerLost":
    case "push":
      return pushDue(call, due.atMs);
    case "mergedOffer":
    case "forget":
      throw new Error(`an answered call has no deadline ${due.kind}`);
    default:
      return unreachable(due.kind);
  }
}

/** When the leg that was waited for was last known to be there, or media flowed; the talk lasted no longer. */
function lastProof(call: AnsweredCall): number {
  const sinceMs = waitedSince(call);
  const proven = [call.callerLeg, call.calleeLeg]
    .filter((leg) => leg.lostAtMs !== undefined && leg.lostAtMs === sinceMs)
    .map((leg) => leg.provenAtMs ?? leg.lostAtMs ?? call.answeredAtMs);
  return Math.max(call.answeredAtMs, call.connectedAtMs ?? call.answeredAtMs, ...proven);
}

function bound(call: AnsweredCall, by: Sender, act: (side: Side) => Step): Step {
  const side = sideOf(call, by.session);
  if (side) return act(side);
  const lostIt = call.offered.some((device) => device.session === by.session);
  return lostIt ? refuse(call, "too_late", "answered_elsewhere") : refuse(call, "not_bound");
}

function candidate(call: AnsweredCall, input: Extract<CallInput, { type: "candidate" }>): Step {
  const side = sideOf(call, input.by.session);
  if (!side) {
    // A callee device that lost the race gathers candidates for a moment yet; they are dropped without an error.
    return call.offered.some((device) => device.session === input.by.session) ? [call, []] : refuse(call, "not_bound");
  }
  const message: ServerMessage = { type: "candidate", ...partiesFrom(call, input.by.user), candidate: input.candidate };
  const next = keeping(call, side, input.candidate);
  return next === undefined ? [call, []] : [next, [{ type: "send", to: peerLeg(call, side).session, message }]];
}

/** The call with one candidate more, where it keeps them; undefined where it has that one already. */
export function keeping(call: AnsweredCall, side: Side, candidate: CandidateOrEnd): AnsweredCall | undefined {
  if (!isKept(call)) return call;
  const before = side === "callerLeg" ? call.callerCandidates : call.calleeCandidates;
  const kept = withCandidate(before, candidate);
  if (kept === undefined || kept === before) return kept && call;
  return side === "callerLeg" ? { ...call, callerCandidates: kept } : { ...call, calleeCandidates: kept };
}

/** Until media flows, the first negotiation's candidates are kept for a side whose queue gets lost. */
function isKept(call: AnsweredCall): boolean {
  const { callerLeg, calleeLeg, connectedAtMs } = call;
  if (hasRenegotiated(callerLeg) || hasRenegotiated(calleeLeg)) return false;
  return connectedAtMs === undefined || !(callerLeg.can.reportsConnected || calleeLeg.can.reportsConnected);
}

function hasRenegotiated({ offeredNeg, openOffer, lastAnswer }: Leg): boolean {
  return offeredNeg !== undefined || openOffer !== undefined || lastAnswer !== undefined;
}

function connected(call: AnsweredCall, nowMs: Steady): Step {
  if (call.connectedAtMs !== undefined) return [call, []];
  return [{ ...call, connectedAtMs: nowMs, state: call.state === "connecting" ? "active" : call.state }, []];
}

function hungUp(call: AnsweredCall, by: Sender, iceFailed: boolean, nowMs: Steady): Step {
  const neverConnected = call.connectedAtMs === undefined;
  const reason = iceFailed && neverConnected ? "connect_failed" : "hangup";
  return finish(call, { reason, atMs: nowMs, by });
}

function lost(call: AnsweredCall, input: Extract<CallInput, { type: "lost" }>, deadlines: Deadlines): Step {
  const { session, nowMs, provenAtMs, returnsInMs = deadlines.resumeMs } = input;
  const side = sideOf(call, session);
  if (!side || call[side].lostAtMs !== undefined) return [call, []];
  const reconnects = call.reconnects + 1;
  const leg = { ...call[side], lostAtMs: nowMs, provenAtMs };
  const next: AnsweredCall = { ...call, [side]: leg, state: "reconnecting", reconnects };
  // A client that cannot resume is waited for as long as the other one stays.
  const resume = leg.can.resumes ? { resumeInMs: Math.min(returnsInMs, deadlines.resumeMs) } : {};
  const message: ServerMessage = { type: "peerLost", callId: call.id, ...resume };
  return [next, [{ type: "send", to: peerLeg(call, side).session, message }]];
}

function back(call: AnsweredCall, session: string, nowMs: Steady): Step {
  const side = sideOf(call, session);
  if (side) return returned(call, side, call[side], nowMs);
  const former = sides.find((one) => isRegained(call[one], session));
  return former ? returned(call, former, regained(call[former], session), nowMs) : [call, []];
}

function rebound(call: AnsweredCall, input: Extract<CallInput, { type: "rebound" }>): Step {
  const side = sides.find((one) => isTakenOver(call[one], input));
  if (!side) return [call, []];
  const [next, effects] = returned(call, side, takenOver(call[side], input), input.nowMs);
  return [next, [...replaced(call[side], input, call.id), ...effects]];
}

/** The leg as it is from now on; that it was lost is over. */
function returned(call: AnsweredCall, side: Side, { lostAtMs: _lost, ...leg }: Leg, nowMs: Steady): Step {
  const { lostAtMs } = call[side];
  const next = { ...call, [side]: leg };
  if (lostAtMs === undefined) return [next, []];
  const effects: Effect[] = [
    { type: "send", to: peerLeg(call, side).session, message: { type: "peerBack", callId: call.id } },
    // What rang elsewhere while this side was away does so no more.
    { type: "claim", user: side === "callerLeg" ? call.caller : call.callee, callId: call.id },
  ];
  if (waitedSince(next) !== undefined) return [{ ...next, returnedAtMs: nowMs }, effects];
  // Neither side is waited for any more: from now on a loss is an ordinary one.
  const { restarted: _over, ...resumed } = next;
  const state = isLegLost(next) ? "reconnecting" : call.connectedAtMs === undefined ? "connecting" : "active";
  return [{ ...resumed, state, returnedAtMs: nowMs }, effects];
}

function gone(call: AnsweredCall, { session, by, nowMs }: Extract<CallInput, { type: "gone" }>): Step {
  const side = sideOf(call, session);
  if (!side) return [call, []];
  const endedBy = side === "callerLeg" ? call.caller : call.callee;
  return finish(call, { reason: "hangup", atMs: nowMs, endedBy, ...(by ? { by } : {}) });
}

/** A side whose node lives would otherwise not hear that the other one may be gone. */
function bothAway(call: AnsweredCall, { resumeMs }: Deadlines): Effect[] {
  return sides.flatMap((side): Effect[] => {
    if (call[side].lostAtMs !== undefined) return [];
    const resume = call[side].can.resumes ? { resumeInMs: resumeMs } : {};
    const message: ServerMessage = { type: "peerLost", callId: call.id, ...resume };
    return [{ type: "send", to: peerLeg(call, side).session, message }];
  });
}

function restarted(call: AnsweredCall, nowMs: Steady, provenAtMs: Steady): AnsweredCall {
  const away = (leg: Leg): Leg => {
    const proven = leg.lostAtMs === undefined ? provenAtMs : (leg.provenAtMs ?? provenAtMs);
    return { ...leg, lostAtMs: nowMs, provenAtMs: Math.max(proven, call.answeredAtMs) };
  };
  return {
    ...call,
    restarted: true,
    state: "reconnecting",
    reconnects: call.reconnects + 1,
    callerLeg: away(call.callerLeg),
    calleeLeg: away(call.calleeLeg),
  };
}
