import type { CallSummary } from "@echoo/protocol";
import type { CallIndex } from "../arbiter/call-index.ts";
import {
  type AnsweredCall,
  type FinishedCall,
  isAnswered,
  isRinging,
  peerOf,
  type RingingCall,
  type UnfinishedCall,
} from "../call/call.ts";
import { endedByTo } from "../call/ended-by.ts";
import { askedDevice } from "../call/offered-devices.ts";
import { isAskable } from "../call/phases/asking.ts";
import { isOwnSession } from "../call/push/push-slot.ts";
import type { Steady } from "../ports/clock.ts";
import type { Session } from "./sessions/session.ts";

/** Ended calls that a joining device is told of, newest first. */
export const endedListedMax = 50;

/** Where each of the user's calls stands, as this device needs to know it. */
export function callSummaries(
  calls: Pick<CallIndex, "unfinishedOf" | "recentlyFinishedOf">,
  session: Session,
  nowMs: Steady,
): CallSummary[] {
  const unfinished = calls
    .unfinishedOf(session.user)
    .filter((call) => !isRinging(call) || call.caller === session.user || ringsHere(call, session))
    .map((call) => unfinishedSummary(call, session, nowMs));
  const ended: CallSummary[] = [];
  for (const call of calls.recentlyFinishedOf(session.user)) {
    if (ended.length >= endedListedMax) break;
    ended.push(...endedSummaryFor(call, session));
  }
  return [...unfinished, ...ended];
}

/** How a call ended for a device that took part, or was woken for it; undefined for any other. */
function endFor(call: FinishedCall, session: Session): FinishedCall["devices"][number]["reason"] | undefined {
  const own = call.devices.find((other) => other.user === session.user && other.device === session.device);
  if (own || call.callee !== session.user) return own?.reason;
  return call.pushes?.find((slot) => isOwnSession(slot, session))?.stop?.reason;
}

/** A ring that this device was told to leave alone is not listed: a client that missed that would ring on. */
function ringsHere(call: RingingCall, session: Session): boolean {
  return askedDevice(call, session.id) !== undefined || isAskable(call, session);
}

/** The end of a call, if this device took part in it. */
export function endedSummaryFor(call: FinishedCall, session: Session): CallSummary[] {
  const reason = endFor(call, session);
  return reason ? [endedSummary(call, session.user, reason)] : [];
}

export function unfinishedSummary(
  call: UnfinishedCall,
  session: Pick<Session, "id" | "user">,
  nowMs: Steady,
): CallSummary {
  const role = call.caller === session.user ? "caller" : "callee";
  const common = {
    callId: call.id,
    role,
    peer: peerOf(call, session.user),
    isVideoCall: call.isVideo,
    state: call.state,
  } as const;
  if (isAnswered(call)) return { ...common, ...answeredSummary(call, session, role) };
  const peer = role === "callee" ? { peerProtocol: protocolOf(call.callerLeg) } : {};
  const bound = role === "caller" && call.callerLeg.session === session.id;
  return { ...common, bound, expiresInMs: Math.max(0, call.expiresAtMs - nowMs), ...peer };
}

function answeredSummary(call: AnsweredCall, session: Pick<Session, "id">, role: "caller" | "callee") {
  const [own, peer] = role === "caller" ? [call.callerLeg, call.calleeLeg] : [call.calleeLeg, call.callerLeg];
  const peerProtocol = protocolOf(peer);
  if (own.session !== session.id) return { bound: false, peerProtocol };
  // What a device needs to go on when its queue is gone: the other side's description and candidates.
  const neg = own.offeredNeg ?? (role === "caller" ? call.offer.neg : undefined);
  const open = {
    ...(neg === undefined ? {} : { neg }),
    ...(peer.openOffer ? { offer: peer.openOffer } : {}),
    ...(peer.lastAnswer ? { answer: peer.lastAnswer } : {}),
  };
  if (role === "caller") {
    return { bound: true, peerProtocol, answer: call.answer, candidates: [...call.calleeCandidates], ...open };
  }
  return { bound: true, peerProtocol, offer: call.offer, candidates: [...call.callerCandidates], ...open };
}

function endedSummary(
  call: FinishedCall,
  user: string,
  endReason: FinishedCall["devices"][number]["reason"],
): CallSummary {
  return {
    callId: call.id,
    role: call.caller === user ? "caller" : "callee",
    peer: peerOf(call, user),
    isVideoCall: call.isVideo,
    bound: false,
    state: "ended",
    endReason,
    ...endedByTo(user, { caller: call.caller, ender: call.ender }, endReason),
  };
}

/** The version of the protocol that a device can do all of. */
function protocolOf(device: { readonly can: { readonly resumes: boolean } }): number {
  return device.can.resumes ? 2 : 1;
}
