import type { CallSummary, Candidate, ServerMessageByType } from "@echoo/protocol";
import { callClock, type Instant } from "../client-clock.ts";
import { asEchooError, EchooError } from "../echoo-error.ts";
import { CallMedia } from "../media/call-media.ts";
import type { CallPort, CallStart, PendingOffer } from "../peer/call-port.ts";
import type { KeptCall } from "../tab/tab-memory.ts";
import type { Call, CallEndedBy, CallEndReason, CallInterruption, CallState } from "./call.ts";
import { ownEndReason, whoEnded } from "./call-end.ts";
import { type CallFacts, callState, interruptionOf } from "./call-facts.ts";
import { CallSignaling } from "./call-signaling.ts";
import { CallTimers } from "./call-timers.ts";
import { CallView } from "./call-view.ts";
import { ReturnToCall } from "./return-to-call.ts";

/** The server's deadline comes first; this one is for a link that is away when it passes. */
const expiryGraceMs = 5_000;

/** One call of this client: what its user does, what the server says about it, and what follows from both. */
export class CallSession extends CallView implements Call {
  readonly #port: CallPort;
  readonly #wire: CallSignaling;
  protected override readonly parts: CallMedia;
  protected override readonly time: () => Instant;
  readonly #timers: CallTimers;
  readonly #offer: PendingOffer | undefined;
  readonly #return: ReturnToCall;
  /** The side that the server sees: glare makes a caller the callee of the standing call. */
  #role: "caller" | "callee";
  #shownState: CallState;
  #shownInterruption: CallInterruption | undefined;
  /** Settles `place`, once the server has heard of the call or it has ended. */
  #placed: { resolve(): void; reject(error: EchooError): void } | undefined;
  #isKnown: boolean;
  #answering = false;
  #ringing = false;
  #peerLost = false;
  #peerLegacy = false;

  constructor(port: CallPort, start: CallStart) {
    super(start, port);
    this.#port = port;
    this.#offer = start.offer;
    this.#return = new ReturnToCall(start.returning);
    this.#isKnown = start.offer !== undefined || start.returning !== undefined;
    this.#role = start.returning?.role ?? (this.#isKnown ? "callee" : "caller");
    this.#wire = new CallSignaling(port, start, this.#isKnown);
    this.#timers = new CallTimers(port.clock);
    this.time = callClock(port.clock);
    this.parts = this.#createMedia();
    this.#shownState = this.state;
  }

  get id(): string {
    return this.#wire.callId;
  }

  get state(): CallState {
    return callState(this.#facts);
  }

  get interruption(): CallInterruption | undefined {
    return interruptionOf(this.#facts);
  }

  get #facts(): CallFacts {
    return {
      direction: this.direction,
      ended: this.isEnded,
      ringing: this.#ringing,
      answered: this.isAnswered || this.#answering,
      mediaUp: this.parts.isUp,
      mediaWasUp: this.parts.wasUp || this.#return.wasLeft,
      peerLost: this.#peerLost,
      linkUp: this.#port.linkUp(),
    };
  }

  /** Whether the server has confirmed the call. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** What the next page of this tab has to know of it. */
  get kept(): KeptCall | undefined {
    const { id, peerName, direction, startedAtMs } = this;
    if (this.isEnded || startedAtMs === undefined) return undefined;
    const { audio, video } = this.#return.pending ?? this.media;
    return { id, peerName, direction, startedAtMs, audio, video };
  }

  /** Opens the devices and offers. Resolves when the server knows the call or it has ended, rejects if refused. */
  place(options: { readonly supersede: boolean }): Promise<void> {
    this.#wire.supersede = options.supersede;
    const placed = new Promise<void>((resolve, reject) => {
      this.#placed = { resolve, reject };
    });
    this.#openAndOffer().catch((cause: unknown) => {
      this.#end(undefined, "you", asEchooError(cause, "negotiation_failed"));
    });
    return placed;
  }

  async answer(options: { readonly video?: boolean } = {}): Promise<void> {
    const offer = this.#offer;
    if (this.state !== "incoming" || offer === undefined)
      throw new EchooError(this.isEnded ? "call_ended" : "too_late");
    this.#answering = true;
    this.#showState();
    try {
      await this.parts.local.open({ video: options.video ?? this.isVideo });
    } catch (cause) {
      this.#answering = false;
      this.#showState();
      throw cause;
    }
    try {
      await this.parts.connection.answer(offer);
    } catch (cause) {
      // A call that ended meanwhile has closed the connection under the browser's feet.
      if (this.isEnded) throw new EchooError("call_ended", { cause });
      this.hangUp("ice_failed");
      throw asEchooError(cause, "negotiation_failed");
    }
  }

  async rejoin(): Promise<void> {
    this.#return.begin();
    try {
      await this.#return.run(this.parts, { video: this.isVideo, polite: this.#role === "callee" });
      this.#wire.flags(this.media);
    } catch (cause) {
      if (this.isEnded) throw new EchooError("call_ended", { cause });
      this.hangUp();
      throw asEchooError(cause, "negotiation_failed");
    }
  }

  decline({ onlyHere = false }: { readonly onlyHere?: boolean } = {}): void {
    if (this.isEnded || this.isAnswered || this.#role === "caller") return;
    const reason = onlyHere ? "busy" : "declined";
    this.#wire.decline(reason);
    this.#end(reason, "you");
  }

  hangUp(reason?: string): void {
    if (this.isEnded) return;
    if (this.direction === "incoming" && !this.isAnswered) {
      this.decline();
      return;
    }
    this.parts.statistics.flush();
    this.#wire.hangUp(reason);
    const iceFailed = reason === "ice_failed";
    this.#end(ownEndReason({ answered: this.isAnswered, mediaWasUp: this.parts.wasUp, iceFailed }), "you");
  }

  sendChat(text: string): void {
    this.#mustBeTalking();
    this.#wire.chat(text);
  }

  sendEmoji(emoji: string): void {
    this.#mustBeTalking();
    this.#wire.emoji(emoji);
  }

  /** `calling`: the server knows the call. */
  known(expiresInMs: number): void {
    this.#isKnown = true;
    this.#placed?.resolve();
    this.#expireIn(expiresInMs);
  }

  /** `calling` with `replaces`: the other side dialled first. Its call stands, and is answered at once. */
  takeOver(callId: string, offer: PendingOffer, candidates: readonly (Candidate | null)[]): void {
    if (this.isEnded || callId === this.id) return;
    this.#wire.adopt(callId);
    this.#role = "callee";
    this.#isKnown = true;
    this.#placed?.resolve();
    this.parts.connection.answer({ ...offer, candidates }).catch((cause: unknown) => this.#broken(cause));
  }

  /** An `offer` of this call: the ring once more for a new session, or a renegotiation by the peer. */
  offered(offer: PendingOffer & { readonly renew?: boolean }, expiresInMs: number | undefined): void {
    if (this.isAnswered) this.parts.connection.onOffer(offer);
    else this.ring(expiresInMs);
  }

  /** Tells the server that this device rings. */
  ring(expiresInMs: number | undefined): void {
    this.#wire.ringing();
    if (expiresInMs !== undefined) this.#expireIn(expiresInMs);
  }

  rang(): void {
    this.#ringing = true;
    this.#showState();
  }

  answered(answer: { readonly sdp: string; readonly neg?: number | undefined }): void {
    const isFirst = !this.isAnswered;
    if (isFirst && this.#role === "callee") return;
    this.#markAnswered();
    const { connection } = this.parts;
    if (!isFirst) connection.onAnswer(answer.sdp, answer.neg);
    else connection.onFirstAnswer(answer.sdp, answer.neg).catch((cause: unknown) => this.#broken(cause));
  }

  /** The peer cannot answer an offer of this side. */
  turnedDown(neg: number | undefined): void {
    // A peer that cannot build a second connection never will.
    if (this.parts.connection.isRenewing) this.hangUp();
    else this.parts.connection.onOfferRefused(neg);
  }

  candidate(candidate: Candidate | null): void {
    this.parts.connection.onCandidate(candidate);
  }

  peerLink(up: boolean): void {
    this.#peerLost = !up;
    if (up && this.isAnswered && !this.#return.pending) this.parts.linkReturned();
    this.#showState();
  }

  /** The peer's connection will not come back in this call. It cannot renegotiate, and the media alone shows whether it is there. */
  peerUnseen(): void {
    this.#peerLegacy = true;
  }

  /** The server says that the call is over. */
  finish(reason: CallEndReason, endedBy?: CallEndedBy): void {
    this.#end(reason, whoEnded(reason, endedBy));
  }

  /** The server refused the offer itself. */
  offerRefused(error: EchooError): void {
    if (this.isEnded) return;
    this.#end(undefined, "server", error);
    this.#port.refused(this, error);
  }

  /** The server refused something else that this side sent about the call. */
  refused(error: EchooError, told: Pick<ServerMessageByType<"error">, "reason" | "state">): void {
    if (error.code === "peer_legacy") {
      this.#peerLegacy = true;
      if (this.parts.connection.isRenewing) {
        this.hangUp();
        return;
      }
      this.parts.connection.withdrawOffer({ again: false });
    }
    const isOver = error.code === "unknown_call" || (error.code === "too_late" && told.state === "ended");
    if (told.reason !== undefined) this.finish(told.reason);
    else if (isOver) this.finish("connection_lost");
    else this.events.emit("error", error);
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
    if (wasAnswered && !this.#return.pending) this.parts.linkReturned();
    this.#showState();
  }

  /** The client is closed, or its session is gone for good. */
  abandon(): void {
    this.#end(this.isAnswered ? "connection_lost" : "cancelled", "you");
  }

  /** Nothing was replayed: what the server handed to the lost session is in its summary, or must be said again. */
  #catchUp(summary: CallSummary | undefined): void {
    this.#peerLost = false;
    if (this.#return.pending) return;
    if (this.isAnswered) this.parts.connection.withdrawOffer({ again: true });
    else if (this.#role === "caller" && summary?.answer !== undefined) this.answered(summary.answer);
    for (const candidate of summary?.candidates ?? []) this.candidate(candidate);
  }

  async #openAndOffer(): Promise<void> {
    await this.parts.local.open({ video: this.isVideo });
    await this.parts.connection.place({ video: this.isVideo });
  }

  #createMedia(): CallMedia {
    const wire = this.#wire;
    return new CallMedia({
      call: { ...this.#port, ...this.#port.report?.(this) },
      canSignal: () => this.#port.linkUp() && !this.#peerLost,
      placedCall: () => this.#role === "caller",
      peerCurrent: () => !this.#peerLegacy,
      sendOffer: (sdp, neg, renew) => {
        if (this.isAnswered) wire.renegotiation(sdp, neg, renew);
        else wire.firstOffer(sdp, neg);
      },
      refuseOffer: (neg) => wire.refuseOffer(neg),
      sendAnswer: (sdp, neg) => {
        wire.answer(sdp, neg);
        this.#markAnswered();
      },
      sendCandidate: (candidate) => wire.candidate(candidate),
      sendSamples: (samples) => wire.stats(samples),
      sampled: (sample) => this.events.emit("sample", sample),
      flowChanged: () => this.#flowChanged(),
      changed: () => this.#mediaChanged(),
      renewed: () => {
        wire.forgetFlags();
        wire.flags(this.media);
      },
      deviceChanged: (change) => {
        if (!this.isEnded) this.events.emit("device", change);
      },
      giveUp: () => this.hangUp("ice_failed"),
      fault: (cause) => this.#fault(cause),
    });
  }

  #markAnswered(): void {
    if (this.isAnswered) return;
    this.startedAtMs = this.time();
    this.#answering = false;
    this.#timers.cancel("expiry");
    this.#wire.flags(this.media);
    this.#showState();
  }

  #flowChanged(): void {
    if (this.parts.isUp) this.#wire.connected();
    this.#endIfAbandoned();
    this.#showState();
  }

  #mediaChanged(): void {
    if (this.isEnded) return;
    if (this.isAnswered) this.#wire.flags(this.media);
    this.events.emit("media", undefined);
  }

  #expireIn(expiresInMs: number): void {
    this.#timers.set("expiry", expiresInMs + expiryGraceMs, () => {
      if (!this.isAnswered && !this.#port.linkUp()) this.finish("no_answer");
    });
  }

  /** The server has given this side up, and nothing is heard of the peer either. */
  #endIfAbandoned(): void {
    if (this.isAnswered && this.#timers.hasRun("link") && !this.parts.isUp) this.finish("connection_lost");
  }

  /** The first negotiation failed: there is no call without it. */
  #broken(cause: unknown): void {
    this.#fault(cause);
    this.hangUp("ice_failed");
  }

  #fault(cause: unknown): void {
    if (!this.isEnded) this.events.emit("error", asEchooError(cause, "negotiation_failed"));
  }

  #mustBeTalking(): void {
    if (!this.isAnswered || this.isEnded) throw new EchooError("not_in_call", { callId: this.id });
  }

  #showState(): void {
    const { state, interruption } = this;
    const isInterruptedAnew = interruption !== this.#shownInterruption;
    this.#shownInterruption = interruption;
    if (state !== this.#shownState) {
      this.#shownState = state;
      this.events.emit("state", state);
    }
    if (isInterruptedAnew) this.events.emit("interruption", interruption);
  }

  #end(reason: CallEndReason | undefined, by: CallEndedBy, failure?: EchooError): void {
    if (this.isEnded) return;
    this.parts.statistics.flush();
    this.endedAtMs = this.time();
    this.endReason = reason;
    this.endedBy = by;
    this.failure = failure;
    this.parts.stop();
    this.#timers.cancelAll();
    if (failure === undefined) this.#placed?.resolve();
    else this.#placed?.reject(failure);
    this.#port.ended(this);
    this.#showState();
    this.events.emit("ended", { reason, by });
  }
}
