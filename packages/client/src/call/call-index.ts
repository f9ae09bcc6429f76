import {
  type CallSummary,
  type ClientMessage,
  normalisePhone,
  type ServerMessage,
  type ServerMessageByType,
} from "@echoo/protocol";
import type { CallOptions, MissedCall } from "../client-options.ts";
import type { Joined } from "../connection/link.ts";
import { EchooError } from "../echoo-error.ts";
import type { CallPort, CallStart } from "../peer/call-port.ts";
import type { KeptCall } from "../tab/tab-memory.ts";
import type { Call } from "./call.ts";
import { CallSession } from "./call-session.ts";
import { reconcile } from "./reconcile.ts";

/** Calls at once, ringing ones included; the server lets a user be in one. */
export const maxCalls = 16;
/** Ended calls remembered, so that a ring that was declined while the link was away does not ring again. */
export const maxEnded = 64;

interface IndexPort {
  readonly call: CallPort;
  uuid(): string;
  keepUnsent(wanted: (message: ClientMessage, written: boolean) => boolean): void;
  incoming(call: CallSession): void;
  /** The list of calls changed by this one. */
  changed(call: CallSession): void;
  /** Whether its user may return to a call of the page before this one; then it is told. */
  returning(call: CallSession): boolean;
  missed(call: MissedCall): void;
}

type CallMessageType = Extract<ServerMessage, { callId: string }>["type"];
type Handlers = { readonly [T in CallMessageType]: (message: ServerMessageByType<T>) => void };

/** The calls of this client: makes them, finds them, and hands each message to the one it is about. */
export class CallIndex {
  readonly #port: IndexPort;
  #calls: readonly CallSession[] = [];
  /** Rings by a user whom this client is just dialling: the server will merge the two calls, so none is shown. */
  readonly #held = new Map<string, CallSession>();
  #ended: readonly string[] = [];

  constructor(port: IndexPort) {
    this.#port = port;
  }

  get all(): readonly CallSession[] {
    return this.#calls;
  }

  async place(to: string, options: CallOptions): Promise<CallSession> {
    const ringing = this.#calls.find((call) => call.state === "incoming" && isSameUser(call.peer, to));
    if (ringing !== undefined) {
      await ringing.answer({ video: options.video });
      return ringing;
    }
    if (this.#calls.length >= maxCalls) throw new EchooError("already_in_call");
    const id = this.#port.uuid();
    const call = this.#create({ id, peer: to, peerName: undefined, isVideo: options.video, offer: undefined });
    this.#add(call);
    await call.place({ supersede: options.supersede ?? false });
    return call;
  }

  handle(message: Extract<ServerMessage, { callId: string }>): void {
    const handler = this.#handlers[message.type] as (one: typeof message) => void;
    handler(message);
  }

  /**
   * An error that names a call; false where it is about something else. What crossed with the end of a call is refused
   * as too late, of which the user need not hear.
   */
  refused(message: ServerMessageByType<"error">): boolean {
    const error = errorOf(message);
    const offered = message.id === undefined ? undefined : this.#find(message.id);
    const call = message.callId === undefined ? undefined : this.#find(message.callId);
    if (offered !== undefined && !offered.isKnown) offered.offerRefused(error);
    else (offered ?? call)?.refused(error, message);
    const isOver = message.callId !== undefined && this.#ended.includes(message.callId);
    return offered !== undefined || call !== undefined || isOver;
  }

  linkLost(): void {
    for (const call of this.#everyCall()) call.linkLost();
  }

  /** The link is about to be up: settles what became of each call meanwhile. `kept`: by the page before this one. */
  joined(joined: Joined, kept: readonly KeptCall[]): void {
    if (!joined.resumed) this.#reconcile(joined, kept);
  }

  /** The link is up, and all that waited for it is sent. */
  linkReturned(joined: Joined): void {
    const summaries = new Map(joined.calls.map((summary) => [summary.callId, summary]));
    for (const call of this.#everyCall()) call.linkReturned(summaries.get(call.id), joined.resumed);
  }

  abandonAll(): void {
    for (const call of this.#everyCall()) call.abandon();
  }

  hangUpAll(): void {
    for (const call of this.#everyCall()) call.hangUp();
  }

  readonly #handlers: Handlers = {
    calling: (message) => this.#onCalling(message),
    offer: (message) => this.#onOffer(message),
    ringing: ({ callId }) => this.#find(callId)?.rang(),
    answer: ({ callId, sdp, neg }) => this.#find(callId)?.answered({ sdp, neg }),
    offerRefused: ({ callId, neg }) => this.#find(callId)?.turnedDown(neg),
    candidate: ({ callId, candidate }) => this.#find(callId)?.candidate(candidate),
    busy: ({ callId, endedBy }) => this.#find(callId)?.finish("busy", endedBy),
    reject: ({ callId, reason, endedBy }) => this.#find(callId)?.finish(reason, endedBy),
    hangup: ({ callId, reason, endedBy }) => this.#find(callId)?.finish(reason, endedBy),
    missed: ({ callId, from, caller, reason, isVideoCall }) =>
      this.#port.missed({ callId, peer: from, peerName: caller?.displayName, reason, isVideo: isVideoCall }),
    peerLost: ({ callId, resumeInMs }) => {
      if (resumeInMs === undefined) this.#find(callId)?.peerUnseen();
      else this.#find(callId)?.peerLink(false);
    },
    peerBack: ({ callId }) => this.#find(callId)?.peerLink(true),
    mediaState: ({ callId, audio, video, screen }) => {
      const flags = Object.entries({ audio, video, screen }).filter(([, flag]) => flag !== undefined);
      this.#find(callId)?.peerTold(Object.fromEntries(flags));
    },
    chat: ({ callId, from, message }) => this.#find(callId)?.said({ chat: message }, from),
    emoji: ({ callId, from, emoji }) => this.#find(callId)?.said({ emoji }, from),
    quality: (message) => this.#find(message.callId)?.measured(message),
  };

  #onCalling(message: ServerMessageByType<"calling">): void {
    const { callId, replaces, sdp, candidates = [], expiresInMs, iceTransportPolicy } = message;
    const own = replaces === undefined ? this.#find(callId) : this.#find(replaces);
    if (own === undefined) return;
    if (iceTransportPolicy === "relay") own.keepToRelay();
    if (replaces === undefined || sdp === undefined) {
      own.known(expiresInMs);
      this.#releaseHeld();
      return;
    }
    this.#held.delete(callId);
    // A ring that was shown before its user dialled the same person is now this very call.
    const shown = this.#find(callId);
    if (shown !== undefined && shown !== own) shown.finish("answered_elsewhere");
    own.takeOver(callId, { sdp, neg: undefined }, candidates);
  }

  #onOffer(message: ServerMessageByType<"offer">): void {
    const { callId, from, sdp, neg, renew = false, isVideoCall, expiresInMs, caller, iceTransportPolicy } = message;
    const known = this.#find(callId);
    if (known !== undefined) {
      known.offered({ sdp, neg, renew }, expiresInMs);
      return;
    }
    if (this.#ended.includes(callId) || this.#calls.length + this.#held.size >= maxCalls) return;
    const peerName = caller?.displayName;
    const call = this.#create({ id: callId, peer: from, peerName, isVideo: isVideoCall, offer: { sdp, neg } });
    if (iceTransportPolicy === "relay") call.keepToRelay();
    call.ring(expiresInMs);
    if (this.#isDialling(from)) this.#held.set(callId, call);
    else this.#show(call);
  }

  #isDialling(user: string): boolean {
    return this.#calls.some((call) => !call.isKnown && isSameUser(call.peer, user));
  }

  /** Shows the rings of those who are no longer being dialled. */
  #releaseHeld(): void {
    for (const [callId, call] of this.#held) {
      if (this.#isDialling(call.peer)) continue;
      this.#held.delete(callId);
      this.#show(call);
    }
  }

  #show(call: CallSession): void {
    this.#add(call);
    this.#port.incoming(call);
  }

  #add(call: CallSession): void {
    this.#calls = [...this.#calls, call];
    this.#port.changed(call);
  }

  #create(start: CallStart): CallSession {
    return new CallSession(this.#port.call, start);
  }

  ended(over: Call): void {
    this.#ended = [...this.#ended, over.id].slice(-maxEnded);
    this.#held.delete(over.id);
    const call = this.#calls.find((one) => one === over);
    if (!call) return;
    this.#calls = this.#calls.filter((one) => one !== call);
    this.#port.changed(call);
    this.#releaseHeld();
  }

  #reconcile(joined: Joined, kept: readonly KeptCall[]): void {
    const { drop, hangUp } = reconcile(this.#everyCall(), joined.calls);
    for (const { id, reason, endedBy } of drop) this.#find(id)?.finish(reason, endedBy);
    const held = new Set(this.#everyCall().map((call) => call.id));
    const unfinished = new Set(joined.calls.flatMap(({ callId, state }) => (state === "ended" ? [] : [callId])));
    this.#port.keepUnsent((message, written) => {
      // Signaling bears being said twice; a line of chat shows.
      if (written && (message.type === "chat" || message.type === "emoji")) return false;
      if (!("callId" in message) || message.callId === undefined) return true;
      if (message.type === "stats" || held.has(message.callId)) return true;
      return (message.type === "hangup" || message.type === "reject") && unfinished.has(message.callId);
    });
    for (const summary of hangUp) {
      const left = kept.find(({ id }) => id === summary.callId);
      if (left === undefined || !this.#returns(summary, left)) this.#hangUpUnheld(summary);
    }
  }

  #hangUpUnheld({ callId, peer }: CallSummary): void {
    this.#port.call.send({ type: "hangup", callId, to: peer });
  }

  /** Takes up an answered call of the page before this one, where this page listens for `returning`. */
  #returns({ callId, peer, isVideoCall, role, state, peerProtocol, neg = 0 }: CallSummary, left: KeptCall): boolean {
    if (state === "calling" || state === "ringing" || peerProtocol === 1) return false;
    const { peerName, direction, startedAtMs, audio, video } = left;
    const returning = { role, direction, startedAtMs, audio, video, neg };
    const start = { id: callId, peer, peerName, isVideo: isVideoCall, offer: undefined, returning };
    const call = this.#create(start);
    if (!this.#port.returning(call)) return false;
    this.#add(call);
    return true;
  }

  #everyCall(): readonly CallSession[] {
    return [...this.#calls, ...this.#held.values()];
  }

  #find(callId: string): CallSession | undefined {
    return this.#calls.find((call) => call.id === callId) ?? this.#held.get(callId);
  }
}

function errorOf(message: ServerMessageByType<"error">): EchooError {
  return new EchooError(message.code, {
    message: message.message,
    callId: message.callId,
    retryInMs: message.retryInMs,
  });
}

/** The server rewrites numbers as people type them. */
function isSameUser(a: string, b: string): boolean {
  return a === b || (normalisePhone(a) ?? a) === (normalisePhone(b) ?? b);
}
