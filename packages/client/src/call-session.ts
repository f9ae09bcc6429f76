import { type CallSummary, type Candidate, limits, type Sample, type ServerMessageByType } from "@echoo/protocol";
import type { Call, CallEndedBy, CallEndReason, CallEvents, CallQuality, CallState, MediaFlags } from "./call.ts";
import { endSentence, ownEndReason, whoEnded } from "./call-end.ts";
import { callState } from "./call-facts.ts";
import { CallMedia } from "./call-media.ts";
import type { CallPort, CallStart, PendingOffer } from "./call-port.ts";
import { CallTimers } from "./call-timers.ts";
import { asEchooError, EchooError } from "./echoo-error.ts";
import { Emitter } from "./emitter.ts";

/** One call of this client: what its user does, and what is known of it. */
export class CallSession implements Call {
  readonly peer: string;
  readonly peerName: string | undefined;
  readonly direction: "incoming" | "outgoing";
  readonly isVideo: boolean;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  endReason: CallEndReason | undefined;
  endedBy: CallEndedBy | undefined;
  failure: EchooError | undefined;
  quality: CallQuality | undefined;
  peerQuality: CallQuality | undefined;

  readonly #port: CallPort;
  readonly #events = new Emitter<CallEvents>();
  readonly #media: CallMedia;
  readonly #timers: CallTimers;
  #id: string;
  /** The side that the server sees: glare makes a caller the callee of the standing call. */
  #role: "caller" | "callee";
  #offer: PendingOffer | undefined;
  #shownState: CallState;
  #supersede = false;
  /** Settles `place`, once the server has heard of the call or it has ended. */
  #placed: { resolve(): void; reject(error: EchooError): void } | undefined;
  /** Whether the server has, or is about to hear of the call from this side. */
  #announced = false;
  #isKnown = false;
  #answering = false;
  #ringing = false;
  #peerLost = false;
  #peerLegacy = false;
  #connectedSent = false;
  #sentFlags = "";

  constructor(port: CallPort, start: CallStart) {
    this.#port = port;
    this.#id = start.id;
    this.peer = start.peer;
    this.peerName = start.peerName;
    this.isVideo = start.isVideo;
    this.direction = start.offer === undefined ? "outgoing" : "incoming";
    this.#role = start.offer === undefined ? "caller" : "callee";
    this.#offer = start.offer;
    this.#isKnown = start.offer !== undefined;
    this.#announced = this.#isKnown;
    this.#timers = new CallTimers(port.clock);
    this.#media = this.#createMedia();
    this.#shownState = this.state;
  }

  get id(): string {
    return this.#id;
  }

  get state(): CallState {
    return callState({
      direction: this.direction,
      ended: this.isEnded,
      ringing: this.#ringing,
      answered: this.isAnswered || this.#answering,
      mediaUp: this.#media.isUp,
      mediaWasUp: this.#media.wasUp,
      peerLost: this.#peerLost,
      linkUp: this.#port.linkUp(),
    });
  }

  get isAnswered(): boolean {
    return this.startedAtMs !== undefined;
  }

  get isEnded(): boolean {
    return this.endedAtMs !== undefined;
  }

  /** Whether the server has confirmed the call. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get endSentence(): string | undefined {
    return this.endReason === undefined ? this.failure?.message : endSentence(this.endReason);
  }

  get localStream(): MediaStream | undefined {
    return this.#media.local.stream;
  }

  get remoteStream(): MediaStream | undefined {
    return this.#media.connection.remoteStream;
  }

  get media(): MediaFlags {
    return this.#media.local.flags;
  }

  get peerMedia(): MediaFlags {
    return this.#media.peerFlags;
  }

  get samples(): readonly Sample[] {
    return this.#media.statistics.samples;
  }

  get fingerprints(): readonly [string, string] | undefined {
    return this.#media.connection.fingerprints;
  }

  on<T extends keyof CallEvents>(type: T, handler: (event: CallEvents[T]) => void): () => void {
    return this.#events.on(type, handler);
  }

  /** Opens the devices and offers. Resolves when the server knows the call or it has ended, rejects if refused. */
  async place(options: { readonly supersede: boolean }): Promise<void> {
    this.#supersede = options.supersede;
    const placed = new Promise<void>((resolve, reject) => {
      this.#placed = { resolve, reject };
    });
    try {
      await this.#media.local.open({ video: this.isVideo });
      await this.#media.connection.place({ video: this.isVideo });
    } catch (cause) {
      if (!this.isEnded) this.#end(undefined, "self", asEchooError(cause, "negotiation_failed"));
    }
    await placed;
  }

  async answer(options: { readonly video?: boolean } = {}): Promise<void> {
    const offer = this.#offer;
    if (this.state !== "incoming" || offer === undefined)
      throw new EchooError(this.isEnded ? "call_ended" : "too_late");
    this.#answering = true;
    this.#showState();
    try {
      await this.#media.local.open({ video: options.video ?? this.isVideo });
    } catch (cause) {
      this.#answering = false;
      this.#showState();
      throw cause;
    }
    try {
      await this.#media.connection.answer(offer);
    } catch (cause) {
      this.hangUp("ice_failed");
      throw asEchooError(cause, "negotiation_failed");
    }
  }

  decline(): void {
    if (this.isEnded || this.isAnswered || this.#role === "caller") return;
    this.#port.send({ type: "reject", callId: this.#id, to: this.peer, reason: "declined" });
    this.#end("declined", "self");
  }

  hangUp(reason?: string): void {
    if (this.isEnded) return;
    if (this.direction === "incoming" && !this.isAnswered) {
      this.decline();
      return;
    }
    this.#media.statistics.flush();
    if (this.#announced && !this.#port.withdraw(this.#id)) {
      this.#port.send({ type: "hangup", callId: this.#id, to: this.peer, ...(reason === undefined ? {} : { reason }) });
    }
    const iceFailed = reason === "ice_failed";
    this.#end(ownEndReason({ answered: this.isAnswered, mediaWasUp: this.#media.wasUp, iceFailed }), "self");
  }

  setAudio(on: boolean): Promise<void> {
    return this.#media.local.setAudio(on);
  }

  setVideo(on: boolean): Promise<void> {
    return this.#media.local.setVideo(on);
  }

  shareScreen(on: boolean): Promise<void> {
    return this.#media.local.shareScreen(on);
  }

  useDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void> {
    return this.#media.local.useDevice(kind, deviceId);
  }

  sendChat(text: string): void {
    this.#mustBeTalking(text.length <= limits.chatChars && text.length > 0);
    this.#port.send({ type: "chat", to: this.peer, callId: this.#id, message: text });
  }

  sendEmoji(emoji: string): void {
    this.#mustBeTalking(emoji.length <= limits.emojiChars && emoji.length > 0);
    this.#port.send({ type: "emoji", to: this.peer, callId: this.#id, emoji });
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.#media.connection.getStats();
  }

  /** `calling`: the server knows the call. */
  known(expiresInMs: number): void {
    this.#isKnown = true;
    this.#placed?.resolve();
    this.#expireIn(expiresInMs);
  }

  /** `calling` with `replaces`: the other side dialled first. Its call stands, and is answered at once. */
  takeOver(callId: string, offer: PendingOffer, candidates: readonly (Candidate | null)[]): void {
    if (this.isEnded || callId === this.#id) return;
    this.#id = callId;
    this.#role = "callee";
    this.#isKnown = true;
    this.#placed?.resolve();
    this.#media.takeOver(offer, candidates).catch((cause: unknown) => this.#broken(cause));
  }

  /** An `offer` of this call: the ring once more for a new session, or a renegotiation by the peer. */
  offered(offer: PendingOffer, expiresInMs: number | undefined): void {
    if (this.isAnswered) this.#media.connection.onOffer(offer.sdp, offer.neg);
    else this.ring(expiresInMs);
  }

  /** Tells the server that this device rings. */
  ring(expiresInMs: number | undefined): void {
    this.#port.send({ type: "ringing", callId: this.#id });
    if (expiresInMs !== undefined) this.#expireIn(expiresInMs);
  }

  rang(): void {
    this.#ringing = true;
    this.#showState();
  }

  answered(answer: PendingOffer): void {
    const isFirst = !this.isAnswered;
    if (isFirst && this.#role === "callee") return;
    this.#markAnswered();
    this.#media.connection.onAnswer(answer.sdp, answer.neg).catch((cause: unknown) => {
      if (isFirst) this.#broken(cause);
      else this.#fault(cause);
    });
  }

  candidate(candidate: Candidate | null): void {
    this.#media.connection.onCandidate(candidate);
  }

  peerLink(up: boolean): void {
    this.#peerLost = !up;
    if (up && this.isAnswered) this.#media.linkReturned();
    this.#showState();
  }

  peerTold(flags: Partial<MediaFlags>): void {
    this.#media.peerTold(flags);
  }

  said(what: { readonly chat: string } | { readonly emoji: string }, from: string): void {
    const atMs = this.#port.clock.now();
    if ("chat" in what) this.#events.emit("chat", { from, message: what.chat, atMs });
    else this.#events.emit("emoji", { from, emoji: what.emoji, atMs });
  }

  measured(figures: { from: string; mos: number; level: CallQuality["level"]; warnings?: string[] | undefined }): void {
    const { from, mos, level, warnings = [] } = figures;
    const isOwn = from === this.#port.userId;
    const quality = { mos, level, warnings, sample: isOwn ? this.samples.at(-1) : undefined };
    if (isOwn) this.quality = quality;
    else this.peerQuality = quality;
    this.#events.emit("quality", quality);
  }

  /** The server says that the call is over. */
  finish(reason: CallEndReason): void {
    this.#end(reason, whoEnded(reason));
  }

  /** The server refused the offer itself. */
  offerRefused(error: EchooError): void {
    if (this.isEnded) return;
    this.#end(undefined, "server", error);
    this.#port.refused(error);
  }

  /** The server refused something else that this side sent about the call. */
  refused(error: EchooError, told: Pick<ServerMessageByType<"error">, "reason" | "state">): void {
    if (error.code === "peer_legacy") {
      this.#peerLegacy = true;
      this.#media.connection.withdrawOffer({ again: false });
    }
    const isOver = error.code === "unknown_call" || (error.code === "too_late" && told.state === "ended");
    if (told.reason !== undefined) this.finish(told.reason);
    else if (isOver) this.finish("connection_lost");
    else this.#events.emit("error", error);
  }

  linkLost(): void {
    if (this.isAnswered) this.#timers.set("link", this.#port.resumeMs(), () => this.#endIfAbandoned());
    this.#showState();
  }

  /** The link is back, and `summary` is where the server sees the call. */
  linkReturned(summary: CallSummary | undefined, resumed: boolean): void {
    this.#timers.cancel("link");
    if (summary?.peerProtocol !== undefined) this.#peerLegacy = summary.peerProtocol < 2;
    // An answer that only comes to light now starts ICE by itself.
    const wasAnswered = this.isAnswered;
    if (!resumed) this.#catchUp(summary);
    if (wasAnswered) this.#media.linkReturned();
    this.#showState();
  }

  /** The client is closed, or its session is gone for good. */
  abandon(): void {
    this.#end(this.isAnswered ? "connection_lost" : "cancelled", "self");
  }

  /** Nothing was replayed: what the server handed to the lost session is in its summary, or must be said again. */
  #catchUp(summary: CallSummary | undefined): void {
    this.#peerLost = false;
    if (this.isAnswered) this.#media.connection.withdrawOffer({ again: true });
    else if (this.#role === "caller" && summary?.answer !== undefined) this.answered(pending(summary.answer));
    for (const candidate of summary?.candidates ?? []) this.candidate(candidate);
  }

  #createMedia(): CallMedia {
    return new CallMedia({
      call: this.#port,
      canSignal: () => this.#port.linkUp() && !this.#peerLost,
      placedCall: () => this.#role === "caller",
      peerCurrent: () => !this.#peerLegacy,
      sendOffer: (sdp, neg) => this.#sendOffer(sdp, neg),
      sendAnswer: (sdp, neg) => this.#sendAnswer(sdp, neg),
      sendCandidate: (candidate) => this.#sendCandidate(candidate),
      sendSamples: (samples) => this.#port.send({ type: "stats", callId: this.#id, samples: [...samples] }),
      sampled: (sample) => this.#events.emit("sample", sample),
      flowChanged: () => this.#flowChanged(),
      changed: () => this.#mediaChanged(),
      giveUp: () => this.hangUp("ice_failed"),
      fault: (cause) => this.#fault(cause),
    });
  }

  #sendOffer(sdp: string, neg: number): void {
    const offer = { type: "offer", to: this.peer, sdp, isVideoCall: this.isVideo, callId: this.#id, neg } as const;
    // The first is answered by `calling`, or by an error that names this id.
    if (this.isAnswered) this.#port.send(offer);
    else this.#port.send({ ...offer, id: this.#id, ...(this.#supersede ? { supersede: true } : {}) });
    this.#announced = true;
  }

  #sendAnswer(sdp: string, neg: number | undefined): void {
    const named = neg === undefined ? {} : { neg };
    this.#port.send({ type: "answer", callId: this.#id, to: this.peer, sdp, ...named });
    this.#markAnswered();
  }

  #sendCandidate(init: RTCIceCandidateInit | null): void {
    const candidate = init === null ? null : candidateOf(init);
    this.#port.send({ type: "candidate", callId: this.#id, to: this.peer, candidate });
  }

  #markAnswered(): void {
    if (this.isAnswered) return;
    this.startedAtMs = this.#port.clock.now();
    this.#answering = false;
    this.#timers.cancel("expiry");
    this.#sendFlags();
    this.#showState();
  }

  #flowChanged(): void {
    if (this.#media.isUp && !this.#connectedSent) {
      this.#connectedSent = true;
      this.#port.send({ type: "connected", callId: this.#id });
    }
    this.#endIfAbandoned();
    this.#showState();
  }

  #mediaChanged(): void {
    if (this.isEnded) return;
    this.#sendFlags();
    this.#events.emit("media", undefined);
  }

  #sendFlags(): void {
    const flags = this.media;
    const text = JSON.stringify(flags);
    if (!this.isAnswered || text === this.#sentFlags) return;
    this.#sentFlags = text;
    this.#port.send({ type: "mediaState", callId: this.#id, ...flags });
  }

  #expireIn(expiresInMs: number): void {
    this.#timers.set("expiry", expiresInMs + expiryGraceMs, () => {
      if (!this.isAnswered && !this.#port.linkUp()) this.finish("no_answer");
    });
  }

  /** The server has given this side up, and nothing is heard of the peer either. */
  #endIfAbandoned(): void {
    if (this.isAnswered && this.#timers.hasRun("link") && !this.#media.isUp) this.finish("connection_lost");
  }

  /** The first negotiation failed: there is no call without it. */
  #broken(cause: unknown): void {
    this.#fault(cause);
    this.hangUp("ice_failed");
  }

  #fault(cause: unknown): void {
    if (!this.isEnded) this.#events.emit("error", asEchooError(cause, "negotiation_failed"));
  }

  #mustBeTalking(isValid: boolean): void {
    if (!this.isAnswered || this.isEnded) throw new EchooError("not_in_call", { callId: this.#id });
    if (!isValid) throw new EchooError("invalid", { callId: this.#id });
  }

  #showState(): void {
    const { state } = this;
    if (state === this.#shownState) return;
    this.#shownState = state;
    this.#events.emit("state", state);
  }

  #end(reason: CallEndReason | undefined, by: CallEndedBy, failure?: EchooError): void {
    if (this.isEnded) return;
    this.#media.statistics.flush();
    this.endedAtMs = this.#port.clock.now();
    this.endReason = reason;
    this.endedBy = by;
    this.failure = failure;
    this.#media.stop();
    this.#timers.cancelAll();
    if (failure === undefined) this.#placed?.resolve();
    else this.#placed?.reject(failure);
    this.#port.ended();
    this.#showState();
    this.#events.emit("ended", { reason, by });
  }
}

/** The server's deadline comes first; this one is for a link that is away when it passes. */
const expiryGraceMs = 5_000;

function pending(description: { readonly sdp: string; readonly neg?: number | undefined }): PendingOffer {
  return { sdp: description.sdp, neg: description.neg };
}

function candidateOf(init: RTCIceCandidateInit): Candidate {
  const { candidate = "", sdpMid, sdpMLineIndex, usernameFragment } = init;
  return { candidate, sdpMid, sdpMLineIndex, ...(usernameFragment == null ? {} : { usernameFragment }) };
}
