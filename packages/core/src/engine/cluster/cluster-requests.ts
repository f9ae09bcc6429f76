import type { ClientMessage, ClientMessageType } from "@echoo/protocol";
import type { CallIndex } from "../../arbiter/call-index.ts";
import type { OfferRequest } from "../../arbiter/place-offer.ts";
import type { TimelessInput } from "../../call/input.ts";
import type { CallRequests } from "../requests/call-requests.ts";
import { type Handler, type Reply, refused } from "../requests/message-handler.ts";
import type { Session } from "../sessions/session.ts";
import type { ClusterCalls } from "./cluster-calls.ts";
import type { Outcome, SoftMessage } from "./envelopes.ts";
import type { ForwardedInput } from "./forwarded-inputs.ts";
import type { Placing } from "./placing.ts";

type MessageOf<T extends ClientMessageType> = Extract<ClientMessage, { type: T }>;
type InputMessage = MessageOf<"ringing" | "answer" | "offer" | "offerRefused" | "connected" | "reject" | "hangup">;

/** What messages about calls across nodes need of the engine. */
interface RequestContext {
  readonly calls: Pick<CallIndex, "get" | "between">;
}

/**
 * Messages about calls where there are other nodes: those of calls elsewhere go to their homes. The answer is told when
 * the home's state was accepted, so each of these is a promise.
 */
export class ClusterRequests {
  readonly #state: RequestContext;
  readonly #calls: ClusterCalls;
  readonly #placing: Placing;
  readonly #local: CallRequests;

  constructor(state: RequestContext, calls: ClusterCalls, placing: Placing, local: CallRequests) {
    this.#state = state;
    this.#calls = calls;
    this.#placing = placing;
    this.#local = local;
  }

  readonly ringing: Handler<"ringing"> = (session, message) => this.#ask(session, message, () => this.#local.ringing);
  readonly answer: Handler<"answer"> = (session, message) => this.#ask(session, message, () => this.#local.answer);
  readonly connected: Handler<"connected"> = (session, message) =>
    this.#ask(session, message, () => this.#local.connected);
  readonly reject: Handler<"reject"> = (session, message) => this.#ask(session, message, () => this.#local.reject);
  readonly hangup: Handler<"hangup"> = (session, message) => this.#ask(session, message, () => this.#local.hangup);
  readonly offerRefused: Handler<"offerRefused"> = (session, message) =>
    this.#ask(session, message, () => this.#local.offerRefused);

  readonly offer: Handler<"offer"> = (session, message) => {
    const callId = message.callId ? this.#calls.idOf(message.callId) : undefined;
    // One of ours is judged by the rules of a single node: it is repeated, renegotiated or refused.
    if (callId !== undefined && this.#state.calls.get(callId)) return this.#local.offer(session, message);
    if (callId !== undefined && this.#calls.knows(callId)) {
      return this.#ask(session, message, () => this.#local.offer);
    }
    const request = this.#local.requestFor(session, message);
    if ("type" in request) return request;
    return new Promise((resolve) => {
      this.#placing.place(request as OfferRequest, resolve);
    });
  };

  /** Relayed without an answer of the home: what is lost with it is healed by the next of its kind. */
  soft<T extends SoftMessage["type"]>(local: Handler<T>): Handler<T> {
    return (session, message) => {
      const soft = message as SoftMessage;
      const callId = soft.callId ? this.#calls.idOf(soft.callId) : undefined;
      const isHere = callId === undefined || this.#calls.homes.get(callId) || this.#state.calls.get(callId);
      if (isHere || !this.#calls.knows(callId)) return local(session, message);
      const { id, user, can } = session;
      this.#calls.relay(callId, { id, user, can }, soft);
      return { type: "done", callId };
    };
  }

  #ask<T extends InputMessage>(session: Session, message: T, local: () => Handler<T["type"]>): Reply | Promise<Reply> {
    const callId = this.#idOf(session, message);
    if (callId === undefined || !this.#calls.knows(callId)) {
      // An end that is remembered, or a call that nobody knows.
      return (local() as Handler<ClientMessageType>)(session, message);
    }
    return new Promise((resolve) => {
      const request = { type: "input", input: inputOf(session, message) } as const;
      let sent: ForwardedInput | undefined;
      sent = this.#calls.ask(callId, request, (outcome) => {
        if (outcome.code === "unavailable" && message.type === "answer") {
          // Its client shows no call any more: it must not be in one.
          if (sent) this.#calls.inputs.remove(sent.id);
          this.#calls.ask(callId, { type: "takeBack", session: session.id });
        }
        if (outcome.code === "done" && message.type === "answer" && this.#calls.foreign.get(callId)) {
          this.#calls.foreign.takesPart(callId, session.id, "leg");
        }
        resolve(replyOf(callId, message, outcome));
      });
    });
  }

  /** A client that cannot tell calls apart means the one with that peer, which is known where this is its home. */
  #idOf(session: Session, message: InputMessage): string | undefined {
    if (message.callId) return this.#calls.idOf(message.callId);
    const to = "to" in message ? message.to : undefined;
    return to === undefined ? undefined : this.#state.calls.between(session.user, to)?.id;
  }
}

function inputOf(session: Session, message: InputMessage): TimelessInput {
  const by = { user: session.user, session: session.id, wantsAck: message.id !== undefined };
  const neg = "neg" in message && message.neg !== undefined ? { neg: message.neg } : {};
  switch (message.type) {
    case "ringing":
      return { type: "ringing", by };
    case "answer":
      return { type: "answer", by, sdp: message.sdp, ...neg };
    case "offer": {
      const renew = message.renew === true ? { renew: true as const } : {};
      return { type: "offerAgain", by, sdp: message.sdp, isVideo: message.isVideoCall ?? true, ...neg, ...renew };
    }
    case "offerRefused":
      return { type: "offerRefused", by, ...neg };
    case "connected":
      return { type: "connected", by };
    case "reject":
      return { type: "reject", by, busy: message.reason === "busy" };
    case "hangup":
      return { type: "hangup", by, iceFailed: message.reason === "ice_failed" };
  }
}

function replyOf(callId: string, { type }: InputMessage, outcome: Outcome): Reply {
  switch (outcome.code) {
    case "refused":
      return outcome.refused;
    case "unavailable":
      return refused("unavailable", callId);
    case "ended":
      return type === "answer" || type === "offer" ? refused("too_late", callId) : { type: "done", callId };
    default:
      return { type: "done", callId };
  }
}
