import { type Call, type Description, type Device, isAnswered, isRinging, type RingingCall } from "../call/call.ts";
import type { CalleeFacts } from "../call/callee-facts.ts";
import type { Deadlines } from "../call/deadlines.ts";
import type { Effect, Sender } from "../call/input.ts";
import { holdsLeg, lostLegOf } from "../call/legs.ts";
import { ask } from "../call/phases/asking.ts";
import { finish } from "../call/phases/finish.ts";
import { mergedMessage } from "../call/phases/merging.ts";
import { immediateEnd, reachOf, withoutLive } from "../call/phases/screening.ts";
import { relayPolicy, revealsAddress } from "../call/relay-only.ts";
import type { Refused } from "../call/step.ts";
import type { Instant, Steady } from "../ports/clock.ts";

/** An offer with everything that the decision about it needs to know. */
export interface OfferRequest {
  readonly nowMs: Steady;
  readonly by: Sender;
  /** The offering device, which is the sender's. */
  readonly device: Device;
  readonly to: string;
  readonly offer: Description;
  readonly isVideo: boolean;
  /** Of an answered call, from a new connection. */
  readonly renew?: true;
  /** The media of a call that this makes must go through a relay. */
  readonly relayOnly: boolean;
  /** The id that the caller proposes, if it does. */
  readonly callId?: string;
  readonly supersede: boolean;
  /** The message's own id, for its answer. */
  readonly id?: string;
  readonly callerName?: string;
  /** For a call without a proposed id. */
  readonly freshId: string;
  /** Rises strictly on a node. */
  readonly createdAtMs: Instant;
  readonly callee: CalleeFacts;
}

/** What the rules may ask of the calls there are, and the ends they bring about before the new call. */
export interface OfferArbiter {
  get(id: string): Call | undefined;
  liveOf(user: string): Call | undefined;
  ringBetween(caller: string, callee: string): RingingCall | undefined;
  supersede(callId: string, user: string): void;
  giveWay(callId: string): void;
  /**
   * How long the caller has to wait because of unanswered calls. `instead`: whom it rings now, where this
   * offer would end that call.
   */
  waitMs(instead: string | undefined): number;
}

export type Verdict =
  | Refused
  | { readonly type: "repeat"; readonly effect: Effect }
  | { readonly type: "renegotiate"; readonly callId: string }
  | { readonly type: "merge"; readonly callId: string }
  /** Another device of this user dialled the same callee first, and that call stands. */
  | { readonly type: "elsewhere"; readonly callId: string }
  | { readonly type: "create" };

/** The rules of an offer, in order: the first that matches decides. */
export function judgeOffer(arbiter: OfferArbiter, request: OfferRequest): Verdict {
  const { by, to, callId } = request;
  const known = callId === undefined ? undefined : arbiter.get(callId);
  if (known) return judgeKnown(known, request);
  if (to === by.user) return refuse("self_call", callId ?? "");
  if (request.relayOnly && revealsAddress(request.offer.sdp)) return refuse("relay_only", callId ?? "");
  const own = arbiter.liveOf(by.user);
  const isReplaced = own !== undefined && (request.supersede || lostLegOf(own, by.user) !== undefined);
  const pending = arbiter.ringBetween(to, by.user);
  const isGlare = pending !== undefined && pending.callerLeg.lostAtMs === undefined;
  // Before anything is ended: what is refused changes nothing. Who is rung by the callee need not wait.
  if (!isGlare && (!own || isReplaced)) {
    const retryInMs = arbiter.waitMs(own && isRinging(own) ? own.callee : undefined);
    if (retryInMs > 0) return refuse("rate_limited", callId ?? "", retryInMs);
  }
  if (isReplaced) arbiter.supersede(own.id, by.user);
  if (isGlare) {
    const isTaken = pending.reserved !== undefined && pending.reserved.session !== by.session;
    return { type: isTaken ? "elsewhere" : "merge", callId: pending.id };
  }
  if (pending) arbiter.giveWay(pending.id);
  const still = arbiter.liveOf(by.user);
  if (still) return refuse("already_in_call", still.id);
  return { type: "create" };
}

function judgeKnown(call: Call, request: OfferRequest): Verdict {
  const { by, callId = "" } = request;
  if (isRinging(call) && call.caller === by.user && call.id === callId) {
    return repeat(call, by.session, callingMessage(call, request));
  }
  // An attempt that was merged into the other side's call.
  if (isRinging(call) && call.callee === by.user && call.reserved?.session === by.session) {
    const { id, nowMs } = request;
    const merged = mergedMessage(call, { attempt: callId, proposed: true, nowMs, ...(id === undefined ? {} : { id }) });
    return repeat(call, by.session, merged);
  }
  const isBound = isAnswered(call) && holdsLeg(call, by.session);
  if (isBound) return { type: "renegotiate", callId: call.id };
  return refuse("call_id_used", callId);
}

/** What the callee has on its screens. */
interface CalleeCalls {
  /** It holds a live call. */
  readonly calleeLive: boolean;
  /** Whether this session of it has a call on its screen. */
  isTaken(session: string): boolean;
}

/** A new call: ended at once where the callee cannot be rung, and otherwise asked of all its devices. */
export function createCall(request: OfferRequest, others: CalleeCalls, limits: Deadlines): [Call, Effect[]] {
  const { callee, nowMs } = request;
  const { calleeLive } = others;
  const call = newCall(request, others, limits);
  const calling = send(request.by.session, callingMessage(call, request));
  const outcome = immediateEnd(callee, calleeLive);
  if (outcome) {
    // No device of the callee was asked, so none is told: one that shows a single call would leave the one it is in.
    const [ended, effects] = finish({ ...withoutLive(call, callee), offered: [] }, { atMs: nowMs, ...outcome });
    const told = outcome.reason === "busy" ? missedBy(callee.devices, call) : [];
    return [ended, [calling, ...effects, ...told]];
  }
  const [asked, effects] = ask(call, call.offered, nowMs);
  return [asked, [calling, ...effects]];
}

/** Who talks hears of the caller at once, on each device that does not take any message for one about its own call. */
function missedBy(devices: readonly Device[], call: RingingCall): Effect[] {
  const { id, caller, callee, callerName, isVideo } = call;
  const named = callerName === undefined ? {} : { caller: { displayName: callerName } };
  const parties = { callId: id, from: caller, to: callee };
  const missed = { type: "missed", ...parties, reason: "busy", isVideoCall: isVideo, ...named } as const;
  return devices.filter(({ can }) => can.namesCalls).map(({ session }) => send(session, missed));
}

function newCall(request: OfferRequest, others: CalleeCalls, limits: Deadlines): RingingCall {
  const { callee, nowMs, device } = request;
  return {
    state: "calling",
    id: request.callId ?? request.freshId,
    caller: request.by.user,
    callee: request.to,
    ...(request.callerName === undefined ? {} : { callerName: request.callerName }),
    isVideo: request.isVideo,
    ...(request.relayOnly ? { relayOnly: true } : {}),
    createdAtMs: request.createdAtMs,
    placedAtMs: nowMs,
    expiresAtMs: nowMs + limits.ringMs,
    aliases: [],
    glare: false,
    reconnects: 0,
    callerLeg: device,
    offer: request.offer,
    callerCandidates: [],
    ...reachOf(callee, { callerLeg: device }, (session) => others.isTaken(session), nowMs, limits),
  };
}

function callingMessage(call: RingingCall, request: OfferRequest) {
  const expiresInMs = Math.max(0, call.expiresAtMs - request.nowMs);
  const id = request.id === undefined ? {} : { id: request.id };
  return { type: "calling", callId: call.id, to: call.callee, expiresInMs, ...relayPolicy(call), ...id } as const;
}

function repeat({ id }: Call, to: string, message: SendEffect["message"]): Verdict {
  return { type: "repeat", effect: { type: "send", to, message, unchanged: id } };
}

function send(to: string, message: SendEffect["message"]): Effect {
  return { type: "send", to, message };
}

type SendEffect = Extract<Effect, { type: "send" }>;
type OfferRefusal = "call_id_used" | "self_call" | "already_in_call" | "relay_only" | "rate_limited";

function refuse(code: OfferRefusal, callId: string, retryInMs?: number): Refused {
  const retry = retryInMs === undefined ? {} : { retryInMs };
  return { type: "refuse", code, callId, ...retry };
}
