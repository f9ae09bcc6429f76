import { type ClientMessage, fields, type ServerMessage } from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import type { OfferRequest } from "../../arbiter/place-offer.ts";
import {
  type Call,
  type FinishedCall,
  isAnswered,
  isCallerOnly,
  isRinging,
  peerOf,
  type UnfinishedCall,
} from "../../call/call.ts";
import type { CalleeFacts } from "../../call/callee-facts.ts";
import type { CallInput, Sender } from "../../call/input.ts";
import { lostLegOf } from "../../call/legs.ts";
import { askedDevice } from "../../call/offered-devices.ts";
import { reasonTold } from "../../call/phases/finish.ts";
import { revealsAddress } from "../../call/relay-only.ts";
import { relayedCandidate } from "../../call/relayed-candidate.ts";
import type { Refused } from "../../call/step.ts";
import { isShownTo } from "../../history/call-visibility.ts";
import type { Instant, Steady } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { UserFacts, UserFactsSource } from "../../ports/user-facts.ts";
import type { RisingInstant } from "../../time/rising-instant.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { PushDispatcher } from "../push/push-dispatcher.ts";
import type { Session } from "../sessions/session.ts";
import type { SessionRegistry } from "../sessions/session-registry.ts";
import { type Handler, type Reply, refused } from "./message-handler.ts";

type MessageOf<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>;

/** What placing, answering and ending calls needs of the engine. */
interface CallContext {
  readonly calls: Pick<CallIndex, "get" | "liveOf" | "between" | "recentlyFinishedOf">;
  readonly sessions: Pick<SessionRegistry, "of">;
  readonly options: {
    readonly deadlines: EngineOptions["deadlines"];
    readonly icePolicy: EngineOptions["icePolicy"];
    readonly ids: Pick<Ids, "callId">;
    readonly userFacts: Pick<UserFactsSource, "load">;
  };
  readonly push: Pick<PushDispatcher, "calleeFacts" | "screen">;
  /** Absent on a single node. */
  readonly cluster: object | undefined;
  /** Creations of calls. */
  readonly created: Pick<RisingInstant, "next">;
  now(): Instant;
  steady(): Steady;
  factsOf(user: string): UserFacts | undefined;
  placeOffer(request: OfferRequest): Refused | undefined;
  applyToCall(callId: string, input: CallInput): Refused | undefined;
  keep(next: UnfinishedCall): void;
  send(session: Session, message: ServerMessage): void;
  sendTo(session: string, message: ServerMessage): void;
}

/** Messages that place, answer and end calls. */
export class CallRequests {
  readonly #state: CallContext;

  constructor(state: CallContext) {
    this.#state = state;
  }

  /** Decided at once, by what is in memory: a call waits for no database. */
  readonly offer: Handler<"offer"> = (session, message) => {
    const reply = this.#offer(session, message);
    // A client that knows nothing of refusals is calling: only `reject` makes its screen leave.
    if (reply?.type === "refuse" && !session.can.namesCalls) {
      const parties = { from: message.to, to: session.user };
      this.#state.send(session, { type: "reject", callId: "", ...parties, reason: "unreachable" });
    }
    return reply;
  };

  #offer(session: Session, message: MessageOf<"offer">): Reply {
    if (!this.#mayOffer(session, message)) return refused("unauthorized");
    const proposed = this.#proposedId(session, message);
    return proposed === "invalid" ? refused("invalid") : this.#place(session, message, proposed);
  }

  /** A session whose token ran out is here for the calls that it has: it renegotiates them and places no other. */
  #mayOffer(session: Session, { callId }: MessageOf<"offer">): boolean {
    if (!session.isExpired(this.#state.now())) return true;
    const call = callId ? this.#state.calls.get(callId) : undefined;
    return call !== undefined && isAnswered(call);
  }

  /** A new call's id is a UUID. Clients that cannot name calls may send anything there, and mean nothing by it. */
  #proposedId(session: Session, { callId }: MessageOf<"offer">): string | undefined {
    if (!callId || this.#state.calls.get(callId)) return callId || undefined;
    if (fields.proposedCallId.safeParse(callId).success) return callId;
    return session.can.namesCalls ? "invalid" : undefined;
  }

  readonly ringing: Handler<"ringing"> = (session, message) =>
    this.#withCall(session, message, (call, by) => {
      return this.#state.applyToCall(call.id, { type: "ringing", nowMs: this.#state.steady(), by });
    });

  readonly answer: Handler<"answer"> = (session, message) => {
    const reply = this.#answer(session, message);
    if (reply?.type === "refuse" && !session.can.namesCalls) this.#closeScreen(session, message.to, reply);
    return reply;
  };

  #answer(session: Session, message: MessageOf<"answer">): Reply {
    return this.#withCall(session, message, (call, by) => {
      if (isRinging(call) && session.isExpired(this.#state.now())) return refused("unauthorized", call.id);
      const live = this.#liveBeside(session, call);
      const neg = message.neg === undefined ? {} : { neg: message.neg };
      const locked = live && live.id !== call.id ? { lockedBy: live.id } : {};
      const nowMs = this.#state.steady();
      return this.#state.applyToCall(call.id, { type: "answer", nowMs, by, sdp: message.sdp, ...neg, ...locked });
    });
  }

  /**
   * The call that keeps this user from another. One whose side is away gives way to what is answered here, as it does
   * to what is dialled here.
   */
  #liveBeside(session: Session, call: Call): Call | undefined {
    const live = this.#state.calls.liveOf(session.user);
    if (live === undefined || !isRinging(call) || !askedDevice(call, session.id)) return live;
    if (!isAnswered(live) || !lostLegOf(live, session.user)) return live;
    this.#state.applyToCall(live.id, { type: "superseded", nowMs: this.#state.steady(), user: session.user });
    return undefined;
  }

  /** A client that knows nothing of refusals took a call that is over: only `hangup` makes its screen leave. */
  #closeScreen(session: Session, peer: string | undefined, refusal: Refused): void {
    const { calls } = this.#state;
    const call =
      refusal.code === "unknown_call"
        ? firstWith(peer, session.user, calls.recentlyFinishedOf(session.user))
        : calls.get(refusal.callId);
    if (!call) return;
    const by = { user: session.user, session: session.id };
    const reason = refusal.reason ?? (call.state === "ended" ? reasonTold(call, by) : undefined);
    if (reason === undefined) return;
    const from = peerOf(call, session.user);
    this.#state.send(session, { type: "hangup", callId: call.id, from, to: session.user, reason });
  }

  readonly offerRefused: Handler<"offerRefused"> = (session, message) =>
    this.#withCall(session, message, (call, by) => {
      const neg = message.neg === undefined ? {} : { neg: message.neg };
      return this.#state.applyToCall(call.id, { type: "offerRefused", nowMs: this.#state.steady(), by, ...neg });
    });

  readonly candidate: Handler<"candidate"> = (session, message) => {
    const call = this.#find(session, message);
    if (!call) return refused("unknown_call", message.callId ?? "");
    const { candidate } = message;
    const nowMs = this.#state.steady();
    const relayed = relayedCandidate(call, session, candidate, nowMs, this.#state.options.deadlines);
    if (relayed === undefined || (relayed.next !== call && this.#state.cluster !== undefined)) {
      const by = senderOf(session, message);
      const refusal = this.#state.applyToCall(call.id, { type: "candidate", nowMs, by, candidate });
      return refusal ?? { type: "done", callId: call.id };
    }
    if (relayed.next !== call) this.#state.keep(relayed.next);
    this.#state.sendTo(relayed.to, relayed.message);
    return message.id === undefined ? undefined : { type: "done", callId: call.id };
  };

  readonly connected: Handler<"connected"> = (session, message) =>
    this.#withCall(session, message, (call, by) => {
      return this.#state.applyToCall(call.id, { type: "connected", nowMs: this.#state.steady(), by });
    });

  readonly reject: Handler<"reject"> = (session, message) =>
    this.#withCall(session, message, (call, by) => {
      const busy = message.reason === "busy";
      return this.#state.applyToCall(call.id, { type: "reject", nowMs: this.#state.steady(), by, busy });
    });

  readonly hangup: Handler<"hangup"> = (session, message) => {
    const own = session.can.namesCalls ? undefined : this.#placedWith(session, message.to);
    const end = (call: Call, by: Sender) => {
      const iceFailed = message.reason === "ice_failed";
      return this.#state.applyToCall(call.id, { type: "hangup", nowMs: this.#state.steady(), by, iceFailed });
    };
    return own ? end(own, senderOf(session, message)) : this.#withCall(session, message, end);
  };

  #place(session: Session, message: MessageOf<"offer">, callId: string | undefined): Reply {
    const request = this.#requestOf(session, message, callId);
    const refusal = this.#state.placeOffer(request);
    const named = callId ?? request.freshId;
    const made = request.callee.isKnown === true ? undefined : this.#state.calls.get(named);
    if (made) this.#state.push.screen(made);
    // An attempt that was merged is another name of the call that stands.
    return refusal ?? { type: "done", callId: this.#state.calls.get(named)?.id ?? named };
  }

  /** An offer of a call that nobody knows yet, or why there cannot be one: other nodes decide about it. */
  requestFor(session: Session, message: MessageOf<"offer">): OfferRequest | Refused {
    if (!this.#mayOffer(session, message)) return refused("unauthorized");
    const proposed = this.#proposedId(session, message);
    if (proposed === "invalid") return refused("invalid");
    if (message.to === session.user) return refused("self_call", proposed);
    const request = this.#requestOf(session, message, proposed);
    const reveals = request.relayOnly && revealsAddress(request.offer.sdp);
    return reveals ? refused("relay_only", proposed) : request;
  }

  #requestOf(session: Session, message: MessageOf<"offer">, callId: string | undefined): OfferRequest {
    const { options } = this.#state;
    const { icePolicy } = options;
    const facts = this.#state.factsOf(message.to);
    // For the next offer. This one ends at once: the facts of a user who is online are in memory.
    if (!facts) void options.userFacts.load(message.to);
    const caller = this.#state.factsOf(session.user)?.displayName;
    const freshId = options.ids.callId();
    const callee = this.#state.push.calleeFacts(facts, session.user, message.to);
    return {
      nowMs: this.#state.steady(),
      by: senderOf(session, message),
      device: session.asDevice(),
      to: message.to,
      offer: { sdp: message.sdp, ...(message.neg === undefined ? {} : { neg: message.neg }) },
      isVideo: message.isVideoCall ?? true,
      ...(message.renew === true ? { renew: true } : {}),
      relayOnly:
        icePolicy === "relay" || (icePolicy === "relay-strangers" && isStrangerTo(facts, callee, session.user)),
      ...(callId === undefined ? {} : { callId }),
      supersede: message.supersede === true || !session.can.namesCalls,
      ...(message.id === undefined ? {} : { id: message.id }),
      ...(caller === undefined ? {} : { callerName: caller }),
      freshId,
      createdAtMs: this.#state.created.next(this.#state.now()),
      callee,
    };
  }

  /** The unfinished call of a pair, where this user placed it. */
  #placedWith(session: Session, to: string | undefined): Call | undefined {
    const call = to === undefined ? undefined : this.#state.calls.between(session.user, to);
    return call?.caller === session.user ? call : undefined;
  }

  #withCall(
    session: Session,
    message: {
      readonly callId?: string | undefined;
      readonly to?: string | undefined;
      readonly id?: string | undefined;
    },
    act: (call: Call, by: Sender) => Reply,
  ): Reply {
    const call = this.#find(session, message);
    if (!call) return refused("unknown_call", message.callId ?? "");
    const reply = act(call, senderOf(session, message));
    return reply ?? { type: "done", callId: call.id };
  }

  /**
   * By its id, or, where none is given, the one unfinished call with that peer. Others' calls do not exist. A client that
   * cannot tell calls apart means the peer that it names, also where it has the id of a call with another one.
   */
  #find(
    session: Session,
    message: { readonly callId?: string | undefined; readonly to?: string | undefined },
  ): Call | undefined {
    const { calls } = this.#state;
    const { callId, to } = message;
    const call = callId ? calls.get(callId) : undefined;
    const theirs = call && takesPart(call, session.user) ? call : undefined;
    const isAnother = !session.can.namesCalls && to !== undefined && (!theirs || peerOf(theirs, session.user) !== to);
    if (callId && !isAnother) return theirs;
    return to === undefined ? undefined : calls.between(session.user, to);
  }
}

/** Whether this user is, to its own knowledge, a party of the call. */
export function takesPart(call: Call, user: string): boolean {
  return isShownTo({ caller: call.caller, callee: call.callee, callerOnly: isCallerOnly(call) }, user);
}

export function senderOf(session: Session, message: { readonly id?: string | undefined }): Sender {
  return { user: session.user, session: session.id, wantsAck: message.id !== undefined };
}

/**
 * To a callee whose contacts are not in memory no caller is a stranger, where such a call reaches no device; where they
 * are read while it is under way, any may be.
 */
function isStrangerTo(facts: UserFacts | undefined, { isKnown }: CalleeFacts, user: string): boolean {
  return facts === undefined ? isKnown === "reading" : !facts.contacts.has(user);
}

function firstWith(peer: string | undefined, user: string, calls: Iterable<FinishedCall>): FinishedCall | undefined {
  for (const call of calls) if (peerOf(call, user) === peer) return call;
  return undefined;
}
