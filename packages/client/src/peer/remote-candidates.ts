import type { Candidate } from "@echoo/protocol";
import type { PeerConnection } from "../media/media-port.ts";

/** Candidates of one negotiation that the browser is given: more than a peer has, and none can be taken back for another. */
export const takenMax = 512;
/** Candidates that may wait for the first description. One more, and the oldest goes: relays, and the end, come last. */
export const waitingMax = 128;

/**
 * The other side's candidates: held until there is a description to add them to, taken once each, and dropped where
 * they belong to another negotiation than the one at hand.
 */
export class RemoteCandidates {
  #waiting: (Candidate | null)[] = [];
  readonly #taken = new Set<string>();
  /** The other side's ICE credentials by now, and whether there were others before. */
  #fragments: ReadonlySet<string> = new Set();
  #isRestarted = false;

  /** To be called within the call's queue, as everything that touches the connection. */
  async add(connection: PeerConnection | undefined, candidate: Candidate | null): Promise<void> {
    if (connection?.remoteDescription != null)
      await this.#take(connection, connection.remoteDescription.sdp, candidate);
    else this.#waiting = [...this.#waiting, candidate].slice(-waitingMax);
  }

  /** A description was applied: adds what waited for it. */
  async release(connection: PeerConnection): Promise<void> {
    const { remoteDescription } = connection;
    if (remoteDescription === null) return;
    const fragments = fragmentsOf(remoteDescription.sdp);
    if ([...this.#fragments].some((former) => !fragments.has(former))) {
      this.#isRestarted = true;
      this.#taken.clear();
    }
    this.#fragments = fragments;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const candidate of waiting) await this.#take(connection, remoteDescription.sdp, candidate);
  }

  /** The connection is replaced by a new one, to which everything is new. */
  reset(): void {
    this.#waiting = [];
    this.#taken.clear();
    this.#fragments = new Set();
    this.#isRestarted = false;
  }

  async #take(connection: PeerConnection, sdp: string, candidate: Candidate | null): Promise<void> {
    if (!this.#belongs(sdp, candidate)) return;
    const key = candidate === null ? "" : `${candidate.sdpMid ?? candidate.sdpMLineIndex} ${candidate.candidate}`;
    if (this.#taken.has(key) || this.#taken.size >= takenMax) return;
    this.#taken.add(key);
    try {
      await connection.addIceCandidate(candidate === null ? null : candidateInit(candidate));
    } catch {
      // A candidate that the browser cannot use is one path less, no more.
    }
  }

  #belongs(sdp: string, candidate: Candidate | null): boolean {
    // After an ICE restart an end of candidates could be that of the time before: nothing tells them apart.
    if (candidate === null) return !this.#isRestarted;
    const fragment = fragmentOf(candidate);
    return fragment === undefined || fragmentsOf(sdp).has(fragment);
  }
}

function candidateInit(candidate: Candidate): RTCIceCandidateInit {
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdpMid ?? null,
    sdpMLineIndex: candidate.sdpMLineIndex ?? null,
    ...(candidate.usernameFragment == null ? {} : { usernameFragment: candidate.usernameFragment }),
  };
}

function fragmentOf(candidate: Candidate): string | undefined {
  return candidate.usernameFragment ?? / ufrag (\S+)/.exec(candidate.candidate)?.[1];
}

function fragmentsOf(sdp: string): ReadonlySet<string> {
  return new Set(Array.from(sdp.matchAll(/^a=ice-ufrag:(\S+)/gm), (match) => match[1] ?? ""));
}
