import { type Candidate, clientLimits, type Sample } from "@echoo/protocol";
import { EchooError } from "../echoo-error.ts";
import type { CallPort, CallStart } from "../peer/call-port.ts";
import type { MediaFlags } from "./call.ts";

/** What one call says to the server. */
export class CallSignaling {
  /** Ends the user's other call. */
  supersede = false;
  #callId: string;
  /** Whether the server has heard, or is about to hear, of the call from this side. */
  #announced: boolean;
  #connectedSent = false;
  #flagsSent = "";
  readonly #port: Pick<CallPort, "send" | "withdraw">;
  readonly #peer: string;
  readonly #isVideo: boolean;

  /** `isKnown`: the server knows the call already, because it rings here. */
  constructor(
    port: Pick<CallPort, "send" | "withdraw">,
    { id, peer, isVideo }: Pick<CallStart, "id" | "isVideo" | "peer">,
    isKnown: boolean,
  ) {
    this.#port = port;
    this.#callId = id;
    this.#peer = peer;
    this.#isVideo = isVideo;
    this.#announced = isKnown;
  }

  get callId(): string {
    return this.#callId;
  }

  /** From now on it is about the call of the other side, in whose favour this one was given up. */
  adopt(callId: string): void {
    this.#callId = callId;
  }

  /** The first offer is answered by `calling`, or by an error that names its id. */
  firstOffer(sdp: string, neg: number): void {
    const flag = this.supersede ? { supersede: true } : {};
    this.#announced = true;
    this.#port.send({ ...this.#offer(sdp, neg), id: this.#callId, ...flag });
  }

  renegotiation(sdp: string, neg: number, renew: boolean): void {
    this.#port.send({ ...this.#offer(sdp, neg), ...(renew ? { renew } : {}) });
  }

  refuseOffer(neg: number | undefined): void {
    this.#port.send({ type: "offerRefused", ...this.#address(), ...(neg === undefined ? {} : { neg }) });
  }

  answer(sdp: string, neg: number | undefined): void {
    const named = neg === undefined ? {} : { neg };
    this.#port.send({ type: "answer", ...this.#address(), sdp, ...named });
  }

  candidate(init: RTCIceCandidateInit | null): void {
    const candidate = init === null ? null : candidateOf(init);
    this.#port.send({ type: "candidate", ...this.#address(), candidate });
  }

  ringing(): void {
    this.#port.send({ type: "ringing", callId: this.#callId });
  }

  /** Once a call. */
  connected(): void {
    if (this.#connectedSent) return;
    this.#connectedSent = true;
    this.#port.send({ type: "connected", callId: this.#callId });
  }

  decline(reason: "declined" | "busy"): void {
    this.#port.send({ type: "reject", ...this.#address(), reason });
  }

  /** Nothing is said of a call that the server never heard of. */
  hangUp(reason: string | undefined): void {
    if (!this.#announced || this.#port.withdraw(this.#callId)) return;
    this.#port.send({ type: "hangup", ...this.#address(), ...(reason === undefined ? {} : { reason }) });
  }

  /** The page that was told is gone: what this side sends is news to the next one. */
  forgetFlags(): void {
    this.#flagsSent = "";
  }

  /** Tells the peer which media this side sends, if that is news. */
  flags(flags: MediaFlags): void {
    const text = JSON.stringify(flags);
    if (text === this.#flagsSent) return;
    this.#flagsSent = text;
    this.#port.send({ type: "mediaState", callId: this.#callId, ...flags });
  }

  chat(message: string): void {
    this.#mustFit(message, clientLimits.chatChars);
    this.#port.send({ type: "chat", ...this.#address(), message });
  }

  emoji(emoji: string): void {
    this.#mustFit(emoji, clientLimits.emojiChars);
    this.#port.send({ type: "emoji", ...this.#address(), emoji });
  }

  stats(samples: readonly Sample[]): void {
    this.#port.send({ type: "stats", callId: this.#callId, samples: [...samples] });
  }

  #offer(sdp: string, neg: number) {
    return { type: "offer", to: this.#peer, sdp, isVideoCall: this.#isVideo, callId: this.#callId, neg } as const;
  }

  #address(): { readonly callId: string; readonly to: string } {
    return { callId: this.#callId, to: this.#peer };
  }

  #mustFit(text: string, maxChars: number): void {
    if (text.length === 0 || text.length > maxChars) throw new EchooError("invalid", { callId: this.#callId });
  }
}

function candidateOf(init: RTCIceCandidateInit): Candidate {
  const { candidate = "", sdpMid, sdpMLineIndex, usernameFragment } = init;
  return { candidate, sdpMid, sdpMLineIndex, ...(usernameFragment == null ? {} : { usernameFragment }) };
}
