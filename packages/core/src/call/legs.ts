import type { Steady } from "../ports/clock.ts";
import { type AnsweredCall, type Call, isAnswered, type Leg, peerOf, type UnfinishedCall } from "./call.ts";

export type Side = "callerLeg" | "calleeLeg";
export const sides = ["callerLeg", "calleeLeg"] as const satisfies readonly Side[];

/** The legs that there are: the caller's, and from the answer on the callee's. */
function legsOf(call: UnfinishedCall): readonly Leg[] {
  return isAnswered(call) ? [call.callerLeg, call.calleeLeg] : [call.callerLeg];
}

/** The leg of one of the two who talk; the callee has none before the answer. */
export function legOf(call: UnfinishedCall, user: string): Leg | undefined {
  if (call.caller === user) return call.callerLeg;
  return isAnswered(call) ? call.calleeLeg : undefined;
}

/** The leg of a user who is away from its call. */
export function lostLegOf(call: Call, user: string): Leg | undefined {
  const leg = call.state === "ended" ? undefined : legOf(call, user);
  return leg?.lostAtMs === undefined ? undefined : leg;
}

/** Whether the session placed the call or answered it, and does not merely ring. */
export function holdsLeg(call: UnfinishedCall, session: string): boolean {
  return legsOf(call).some((leg) => leg.session === session);
}

/** The side that this session is bound to. */
export function sideOf(call: AnsweredCall, session: string): Side | undefined {
  if (call.callerLeg.session === session) return "callerLeg";
  if (call.calleeLeg.session === session) return "calleeLeg";
  return undefined;
}

/** The other side of a bound session. */
export function peerLeg(call: AnsweredCall, side: Side): Leg {
  return side === "callerLeg" ? call.calleeLeg : call.callerLeg;
}

/** Whether a side is away. Asked several times for each message of a call: no list is made for it. */
export function isLegLost({ callerLeg, calleeLeg }: AnsweredCall): boolean {
  return callerLeg.lostAtMs !== undefined || calleeLeg.lostAtMs !== undefined;
}

/**
 * Since when the time to come back runs, if it does. A leg that cannot resume is not waited for while the other side is
 * there: its media may go on, and its next join ends the call. One that was gone before the answer never had any.
 */
export function waitedSince(call: AnsweredCall): Steady | undefined {
  if (!isLegLost(call)) return undefined;
  const lostAtMs = legsOf(call)
    .map((leg) => leg.lostAtMs)
    .filter((at) => at !== undefined);
  const areBothLost = lostAtMs.length === 2;
  const since = legsOf(call).flatMap((leg) => {
    if (leg.lostAtMs === undefined) return [];
    if (!mayTalkUnseen(call, leg)) return [leg.lostAtMs];
    return areBothLost ? [Math.max(...lostAtMs)] : [];
  });
  return since.length === 0 ? undefined : Math.min(...since);
}

/** Whether media may flow to and from a leg although its socket is gone for good. */
function mayTalkUnseen(call: AnsweredCall, leg: Leg): boolean {
  return !leg.can.resumes && leg.lostAtMs !== undefined && leg.lostAtMs >= call.answeredAtMs;
}

/** The ids that a message relayed from this user carries. */
export function partiesFrom(call: AnsweredCall, user: string): { callId: string; from: string; to: string } {
  return { callId: call.id, from: user, to: peerOf(call, user) };
}
