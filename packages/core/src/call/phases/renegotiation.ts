import type { AnsweredCall, Description, Leg } from "../call.ts";
import type { CallInput } from "../input.ts";
import { partiesFrom, peerLeg, type Side } from "../legs.ts";
import { refuse, type Step } from "../step.ts";

type InputOf<T extends CallInput["type"]> = Extract<CallInput, { type: T }>;

/**
 * A new offer within an answered call. Each negotiation of a side passes once; both sides may have one open, and
 * their clients settle that between them (the callee is the polite side).
 */
export function offerAgain(call: AnsweredCall, side: Side, input: InputOf<"offerAgain">): Step {
  const leg = call[side];
  const peer = peerLeg(call, side);
  if (!peer.can.resumes) return refuse(call, "peer_legacy");
  // The caller's first offer was a negotiation of its own; the callee has made none yet.
  const first = side === "callerLeg" ? call.offer : undefined;
  if (isOld(leg, first?.neg, input.neg) || isRepeated(leg, first, input)) return [call, []];
  const openOffer = { sdp: input.sdp, ...(input.neg === undefined ? {} : { neg: input.neg }) };
  const offeredNeg = input.neg ?? leg.offeredNeg;
  const offering = { ...leg, openOffer, ...(offeredNeg === undefined ? {} : { offeredNeg }) };
  const renew = input.renew ? { renew: true } : {};
  const next = { ...(input.renew ? withoutOpenOffer(call, otherSide(side)) : call), [side]: offering };
  const message = {
    type: "offer",
    ...partiesFrom(call, input.by.user),
    ...openOffer,
    ...renew,
    isVideoCall: input.isVideo,
  } as const;
  return [next, [{ type: "send", to: peer.session, message }]];
}

/** Whether this negotiation of the side was relayed before. Numbers rise; one without a number is always new. */
function isOld(leg: Leg, firstNeg: number | undefined, neg: number | undefined): boolean {
  if (neg === undefined) return false;
  const highest = leg.offeredNeg ?? firstNeg;
  return highest !== undefined && neg <= highest;
}

/** The offer that made the call, or the one still open, once more: a new negotiation never has the same description. */
function isRepeated(leg: Leg, first: Description | undefined, { sdp, neg }: Description): boolean {
  return neg === undefined && (sdp === first?.sdp || sdp === leg.openOffer?.sdp);
}

/** An answer within an answered call: to the peer's open offer, once; without one it is a duplicate. */
export function answerAgain(call: AnsweredCall, side: Side, input: InputOf<"answer">): Step {
  const peer = peerLeg(call, side);
  if (!isOpen(peer, input.neg)) return [call, []];
  const { openOffer: _rolledBack, ...leg } = call[side];
  const lastAnswer = { sdp: input.sdp, ...(input.neg === undefined ? {} : { neg: input.neg }) };
  const message = {
    type: "answer",
    ...partiesFrom(call, input.by.user),
    ...lastAnswer,
  } as const;
  // Who answers while its own offer is open has rolled that back.
  return [
    { ...withoutOpenOffer(call, otherSide(side)), [side]: { ...leg, lastAnswer } },
    [{ type: "send", to: peer.session, message }],
  ];
}

/** The peer's open offer will not be answered: the peer is told, and may offer anew. */
export function refuseOffer(call: AnsweredCall, side: Side, input: InputOf<"offerRefused">): Step {
  const peer = peerLeg(call, side);
  if (!isOpen(peer, input.neg)) return [call, []];
  const neg = input.neg === undefined ? {} : { neg: input.neg };
  const message = { type: "offerRefused", ...partiesFrom(call, input.by.user), ...neg } as const;
  return [withoutOpenOffer(call, otherSide(side)), [{ type: "send", to: peer.session, message }]];
}

/** Whether this side waits for an answer, to the negotiation of that number if one is named. */
function isOpen({ openOffer }: Leg, neg: number | undefined): boolean {
  if (openOffer === undefined) return false;
  return neg === undefined || openOffer.neg === undefined || neg === openOffer.neg;
}

function withoutOpenOffer(call: AnsweredCall, side: Side): AnsweredCall {
  const { openOffer: _settled, ...leg } = call[side];
  return { ...call, [side]: leg };
}

function otherSide(side: Side): Side {
  return side === "callerLeg" ? "calleeLeg" : "callerLeg";
}
