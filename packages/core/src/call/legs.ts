import { type AnsweredCall, isAnswered, type Leg, peerOf, type UnfinishedCall } from "./call.ts";

export type Side = "callerLeg" | "calleeLeg";

/** The legs that there are: the caller's, and from the answer on the callee's. */
function legsOf(call: UnfinishedCall): readonly Leg[] {
  return isAnswered(call) ? [call.callerLeg, call.calleeLeg] : [call.callerLeg];
}

/** The leg of one of the two who talk; the callee has none before the answer. */
export function legOf(call: UnfinishedCall, user: string): Leg | undefined {
  if (call.caller === user) return call.callerLeg;
  return isAnswered(call) ? call.calleeLeg : undefined;
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

/** The leg that has been away longest, if one is. */
export function firstLost(call: AnsweredCall): Leg | undefined {
  const lost = legsOf(call).filter((leg) => leg.lostAtMs !== undefined);
  return lost.reduce<Leg | undefined>(
    (first, leg) => (first === undefined || (leg.lostAtMs ?? 0) < (first.lostAtMs ?? 0) ? leg : first),
    undefined,
  );
}

/** The ids that a message relayed from this user carries. */
export function partiesFrom(call: AnsweredCall, user: string): { callId: string; from: string; to: string } {
  return { callId: call.id, from: user, to: peerOf(call, user) };
}
