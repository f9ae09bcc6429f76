import type { Candidate } from "@echoo/protocol";
import type { PeerConnection } from "../media/media-port.ts";
import { RemoteCandidates } from "./remote-candidates.ts";

interface NegotiationPort {
  sendOffer(sdp: string, neg: number): void;
  sendAnswer(sdp: string, neg: number | undefined): void;
}

/**
 * Offers and answers of one call by the "perfect negotiation" pattern (WebRTC 1.0, section 10.7): where both sides
 * offer at once, the polite one gives way. The callee is the polite side. Every method is to be called within the
 * call's queue, which stands in for the pattern's `makingOffer` flag: nothing happens between two of its steps.
 */
export class Negotiation {
  readonly #port: NegotiationPort;
  readonly #candidates = new RemoteCandidates();
  #connection: PeerConnection | undefined;
  #polite = false;
  #ownNeg = 0;
  #peerNeg = -1;

  constructor(port: NegotiationPort) {
    this.#port = port;
  }

  get connection(): PeerConnection | undefined {
    return this.#connection;
  }

  /** Takes a new connection into use, in place of an older one where the other side's call stands. */
  begin(connection: PeerConnection, side: { readonly polite: boolean }): void {
    if (this.#connection !== undefined) {
      this.#connection.close();
      this.#candidates.reset();
    }
    this.#connection = connection;
    this.#polite = side.polite;
  }

  /** Sends an offer if one can be made now; the browser asks again where it cannot. */
  async offer(): Promise<void> {
    const connection = this.#connection;
    if (connection?.signalingState !== "stable") return;
    await connection.setLocalDescription();
    this.#ownNeg += 1;
    this.#port.sendOffer(localSdp(connection), this.#ownNeg);
  }

  /** Answers an offer, unless it was answered before or has to give way to one's own. */
  async answer(sdp: string, neg: number | undefined, prepare?: () => void): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || (neg !== undefined && neg <= this.#peerNeg)) return;
    if (neg !== undefined) this.#peerNeg = neg;
    const collides = connection.signalingState !== "stable";
    if (collides && !this.#polite) return;
    await connection.setRemoteDescription({ type: "offer", sdp });
    await this.#candidates.release(connection);
    prepare?.();
    await connection.setLocalDescription();
    this.#port.sendAnswer(localSdp(connection), neg);
  }

  /** Takes the answer to the pending offer; false for any other. */
  async accept(sdp: string, neg: number | undefined): Promise<boolean> {
    const connection = this.#connection;
    if (connection?.signalingState !== "have-local-offer") return false;
    if (neg !== undefined && neg !== this.#ownNeg) return false;
    await connection.setRemoteDescription({ type: "answer", sdp });
    await this.#candidates.release(connection);
    return true;
  }

  addCandidate(candidate: Candidate | null): Promise<void> {
    return this.#candidates.add(this.#connection, candidate);
  }

  /** Takes back an offer that will never be answered; false where none is pending. */
  async withdraw(): Promise<boolean> {
    if (this.#connection?.signalingState !== "have-local-offer") return false;
    await this.#connection.setLocalDescription({ type: "rollback" });
    return true;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

function localSdp(connection: PeerConnection): string {
  return connection.localDescription?.sdp ?? "";
}
