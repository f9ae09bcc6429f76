import type { Candidate } from "@echoo/protocol";
import type { PeerConnection } from "../media/media-port.ts";
import { ExtensionIds } from "./extension-ids.ts";
import { RemoteCandidates } from "./remote-candidates.ts";

interface NegotiationPort {
  /** `renew`: the first of a connection that takes the place of one that the peer still knows. */
  sendOffer(sdp: string, neg: number, renew: boolean): void;
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
  readonly #extensionIds = new ExtensionIds();
  #connection: PeerConnection | undefined;
  #polite = false;
  /** The peer has not answered this side's new connection yet: what it says is about the one before. */
  #isRenewing = false;
  #ownNeg = 0;
  #peerNeg = -1;

  constructor(port: NegotiationPort) {
    this.#port = port;
  }

  get connection(): PeerConnection | undefined {
    return this.#connection;
  }

  get polite(): boolean {
    return this.#polite;
  }

  /** Whether the peer has yet to answer a connection that takes the place of another. */
  get isRenewing(): boolean {
    return this.#isRenewing;
  }

  /**
   * Takes a new connection into use, in place of an older one. `after`: of a page that was loaded anew, the highest
   * negotiation that the one before it offered.
   */
  begin(connection: PeerConnection, side: { readonly polite: boolean; readonly after?: number }): void {
    if (this.#connection !== undefined) {
      this.#connection.close();
      this.#candidates.reset();
      this.#extensionIds.reset();
    }
    this.#connection = connection;
    this.#polite = side.polite;
    this.#isRenewing = side.after !== undefined;
    this.#ownNeg = Math.max(this.#ownNeg, side.after ?? 0);
  }

  /** Sends an offer if one can be made now, and says so; the browser asks again where it cannot. */
  async offer(): Promise<boolean> {
    const connection = this.#connection;
    if (connection?.signalingState !== "stable") return false;
    await connection.setLocalDescription();
    const sdp = localSdp(connection);
    this.#extensionIds.offered(sdp);
    this.#ownNeg += 1;
    this.#port.sendOffer(sdp, this.#ownNeg, this.#isRenewing);
    return true;
  }

  /** Whether an offer is to be answered: it is new, about this connection, and need not give way to one's own. */
  takes({ neg, renew = false }: { readonly neg: number | undefined; readonly renew?: boolean }): boolean {
    const connection = this.#connection;
    if (connection === undefined || (neg !== undefined && neg <= this.#peerNeg)) return false;
    if (neg !== undefined) this.#peerNeg = neg;
    if (this.#isRenewing) return renew && this.#polite;
    return renew || connection.signalingState === "stable" || this.#polite;
  }

  /**
   * Answers an offer that `takes` has looked at. Rejects where the browser cannot; nothing of the offer is left then,
   * nor of one's own, which gave way to it.
   */
  async answer(sdp: string, neg: number | undefined, prepare?: () => void): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      await connection.setRemoteDescription({ type: "offer", sdp: this.#extensionIds.withoutOthers(sdp) });
      await this.#candidates.release(connection);
      prepare?.();
      await connection.setLocalDescription();
    } catch (cause) {
      await rollBack(connection);
      throw cause;
    }
    this.#port.sendAnswer(localSdp(connection), neg);
  }

  /** Takes the answer to the pending offer; false for any other. */
  async accept(sdp: string, neg: number | undefined): Promise<boolean> {
    const connection = this.#connection;
    if (connection?.signalingState !== "have-local-offer") return false;
    if (neg !== undefined && neg !== this.#ownNeg) return false;
    await connection.setRemoteDescription({ type: "answer", sdp });
    this.#isRenewing = false;
    await this.#candidates.release(connection);
    return true;
  }

  addCandidate(candidate: Candidate | null): Promise<void> {
    return this.#candidates.add(this.#connection, candidate);
  }

  /** Takes back an offer that will never be answered; false where none is pending, or another than `neg`. */
  async withdraw(neg?: number): Promise<boolean> {
    const connection = this.#connection;
    if (connection?.signalingState !== "have-local-offer") return false;
    if (neg !== undefined && neg !== this.#ownNeg) return false;
    await rollBack(connection);
    return true;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

async function rollBack(connection: PeerConnection): Promise<void> {
  const { signalingState } = connection;
  if (signalingState === "have-local-offer") await connection.setLocalDescription({ type: "rollback" });
  if (signalingState === "have-remote-offer") await connection.setRemoteDescription({ type: "rollback", sdp: "" });
}

function localSdp(connection: PeerConnection): string {
  return connection.localDescription?.sdp ?? "";
}
