import type { Candidate } from "@echoo/protocol";
import type { ClientClock } from "../client-clock.ts";
import { OperationQueue } from "../connection/operation-queue.ts";
import { EchooError } from "../echoo-error.ts";
import type { LocalMedia } from "../media/local-media.ts";
import type { MediaPort, PeerConnection } from "../media/media-port.ts";
import { Negotiation } from "./negotiation.ts";
import { OpenOffer } from "./open-offer.ts";
import { withoutAddresses } from "./without-addresses.ts";

interface ConnectionPort {
  readonly clock: ClientClock;
  readonly media: MediaPort;
  configuration(relayOnly: boolean): Promise<RTCConfiguration>;
  sendOffer(sdp: string, neg: number, renew: boolean): void;
  sendAnswer(sdp: string, neg: number | undefined): void;
  /** An offer of the peer cannot be answered. */
  refuseOffer(neg: number | undefined): void;
  sendCandidate(candidate: RTCIceCandidateInit | null): void;
  /** Both sides have their connection to the server. */
  canSignal(): boolean;
  /** A legacy device cannot renegotiate. */
  peerCurrent(): boolean;
  /** The connection's state changed; read it. */
  stateChange(): void;
  remoteTrack(): void;
  /** Another connection takes the place of the one that there was. */
  renewed(): void;
  /** A step failed that no caller of a method waits for. */
  fault(cause: unknown): void;
}

/** The peer connection of one call. Everything that touches it goes through one queue. */
export class CallConnection {
  readonly #port: ConnectionPort;
  readonly #localMedia: LocalMedia;
  readonly #queue = new OperationQueue();
  readonly #negotiation: Negotiation;
  readonly #open: OpenOffer;
  #remoteStream: MediaStream | undefined;
  #isClosed = false;
  #relayOnly = false;

  constructor(port: ConnectionPort, localMedia: LocalMedia) {
    this.#port = port;
    this.#localMedia = localMedia;
    const shown = (sdp: string) => (this.#relayOnly ? withoutAddresses(sdp) : sdp);
    this.#negotiation = new Negotiation({
      sendOffer: (sdp, neg, renew) => port.sendOffer(shown(sdp), neg, renew),
      sendAnswer: (sdp, neg) => port.sendAnswer(shown(sdp), neg),
    });
    this.#open = new OpenOffer({
      clock: port.clock,
      canSignal: () => port.canSignal(),
      takeBack: () => this.#takeBack(),
      offer: () => this.#enqueue(() => this.#offer()),
      fault: (error) => port.fault(error),
    });
  }

  get remoteStream(): MediaStream | undefined {
    return this.#remoteStream;
  }

  /** Whether the peer has yet to answer a connection that takes the place of another. */
  get isRenewing(): boolean {
    return this.#negotiation.isRenewing;
  }

  /** ICE and DTLS are up: media can flow. */
  get mediaUp(): boolean {
    return this.#negotiation.connection?.connectionState === "connected" && this.iceUp;
  }

  get iceUp(): boolean {
    const state = this.#negotiation.connection?.iceConnectionState;
    return state === "connected" || state === "completed";
  }

  get failed(): boolean {
    const connection = this.#negotiation.connection;
    return connection?.connectionState === "failed" || connection?.iceConnectionState === "failed";
  }

  /** Own and peer's DTLS fingerprint. */
  get fingerprints(): readonly [string, string] | undefined {
    const connection = this.#negotiation.connection;
    const own = fingerprintOf(connection?.localDescription?.sdp);
    const peer = fingerprintOf(connection?.remoteDescription?.sdp);
    return own === undefined || peer === undefined ? undefined : [own, peer];
  }

  /**
   * The peer may not learn an address of this side. A caller hears of it when its first offer is out; what it gathered
   * until then goes no further than the server, and the next gathering asks relays alone.
   */
  keepToRelay(): void {
    if (this.#relayOnly) return;
    this.#relayOnly = true;
    this.#enqueue(() => this.#configure());
  }

  /** The placing side's first offer. */
  place(wants: { readonly video: boolean }): Promise<void> {
    return this.#queue.run(async () => {
      const connection = await this.#create({ polite: false });
      this.#localMedia.attach(connection, wants);
      await this.#negotiation.offer();
    });
  }

  /** The first answer: to a ring, or in place of one's own offer where the other side's call stands. */
  answer(offer: { sdp: string; neg?: number | undefined; candidates?: readonly (Candidate | null)[] }): Promise<void> {
    return this.#queue.run(async () => {
      const connection = await this.#create({ polite: true });
      for (const candidate of offer.candidates ?? []) await this.#negotiation.addCandidate(candidate);
      await this.#negotiation.answer(offer.sdp, offer.neg, () => {
        this.#localMedia.attach(connection, { video: false });
      });
    });
  }

  /** Offers a new connection to a peer that has the one of a page that is gone, whose last negotiation was `after`. */
  rejoin(options: { readonly video: boolean; readonly polite: boolean; readonly after: number }): Promise<void> {
    return this.#queue.run(async () => {
      const connection = await this.#create(options);
      this.#localMedia.attach(connection, options);
      await this.#offer();
    });
  }

  /** `renew`: the peer has a new connection, and so this side needs one. An offer that cannot be answered is refused. */
  onOffer(offer: { readonly sdp: string; readonly neg: number | undefined; readonly renew?: boolean }): void {
    this.#enqueue(async () => {
      if (!this.#negotiation.takes(offer)) return;
      // What one's own offer wanted may be in the answer; the browser says if it is not.
      if (!this.#open.isWaiting) this.#open.drop();
      try {
        if (offer.renew) await this.#answerAnew(offer);
        else await this.#negotiation.answer(offer.sdp, offer.neg);
      } catch {
        if (!this.#isClosed) this.#port.refuseOffer(offer.neg);
      }
      this.#noticeFlow();
    });
  }

  /** The first answer; the result rejects where it cannot be used. */
  async onFirstAnswer(sdp: string, neg: number | undefined): Promise<void> {
    await this.#queue.run(() => this.#negotiation.accept(sdp, neg));
    this.#noticeFlow();
  }

  /** The answer to a renegotiation; where it cannot be used, the offer is made anew. */
  onAnswer(sdp: string, neg: number | undefined): void {
    this.#enqueue(async () => {
      try {
        if (await this.#negotiation.accept(sdp, neg)) this.#open.answered();
      } catch {
        if (await this.#negotiation.withdraw()) this.#open.failed();
      }
      this.#noticeFlow();
    });
  }

  /** The peer cannot answer this offer. */
  onOfferRefused(neg: number | undefined): void {
    this.#takeBack(neg);
  }

  /** ICE may be up again before its loss was seen: then no state changes any more that would tell of it. */
  #noticeFlow(): void {
    if (!this.#isClosed && this.mediaUp) this.#port.stateChange();
  }

  onCandidate(candidate: Candidate | null): void {
    this.#enqueue(() => this.#negotiation.addCandidate(candidate));
  }

  restartIce(): void {
    this.#enqueue(async () => {
      // Relays hand out credentials that expire: a restart hours into a call needs fresh ones.
      await this.#configure();
      this.#negotiation.connection?.restartIce();
    });
  }

  /** Takes back an offer that the peer cannot or will not answer; `again` makes a new one. */
  withdrawOffer(options: { readonly again: boolean }): void {
    this.#enqueue(async () => {
      if (!(await this.#negotiation.withdraw())) return;
      this.#open.drop();
      if (options.again) await this.#offer();
    });
  }

  run(operation: () => Promise<void>): Promise<void> {
    return this.#queue.run(operation);
  }

  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.#negotiation.connection?.getStats();
  }

  close(): void {
    this.#isClosed = true;
    this.#open.drop();
    this.#queue.close();
    this.#negotiation.close();
  }

  async #answerAnew({ sdp, neg }: { readonly sdp: string; readonly neg: number | undefined }): Promise<void> {
    const connection = await this.#create({ polite: this.#negotiation.polite });
    this.#port.renewed();
    await this.#negotiation.answer(sdp, neg, () => this.#localMedia.attach(connection, { video: false }));
  }

  async #create(side: { readonly polite: boolean; readonly after?: number }): Promise<PeerConnection> {
    const configuration = await this.#port.configuration(this.#relayOnly);
    // The call may have ended while credentials were fetched.
    if (this.#isClosed) throw new EchooError("call_ended");
    const current = () => this.#negotiation.connection === connection;
    const connection: PeerConnection = this.#port.media.createPeerConnection(configuration, {
      // Queued behind the step that made them, so that no candidate overtakes its description.
      candidate: (candidate) => this.#enqueue(() => void (current() && this.#port.sendCandidate(candidate))),
      negotiationNeeded: () => this.#enqueue(() => (current() ? this.#renegotiate() : undefined)),
      stateChange: () => void (current() && this.#port.stateChange()),
      track: (track) => void (current() && this.#addRemote(track)),
    });
    this.#remoteStream = undefined;
    this.#negotiation.begin(connection, side);
    return connection;
  }

  async #configure(): Promise<void> {
    const connection = this.#negotiation.connection;
    connection?.setConfiguration(await this.#port.configuration(this.#relayOnly));
  }

  /** The first description of a connection is made by `place` or `answer`, not because the browser asks for one. */
  async #renegotiate(): Promise<void> {
    const isFirst = this.#negotiation.connection?.remoteDescription == null;
    if (isFirst || this.#open.isWaiting || !this.#port.peerCurrent()) return;
    await this.#offer();
  }

  async #offer(): Promise<void> {
    try {
      if (await this.#negotiation.offer()) this.#open.sent();
    } catch {
      if (!this.#isClosed) this.#open.failed();
    }
  }

  #takeBack(neg?: number): void {
    this.#enqueue(async () => {
      if (await this.#negotiation.withdraw(neg)) this.#open.failed();
    });
  }

  #addRemote(track: MediaStreamTrack): void {
    if (this.#remoteStream === undefined) this.#remoteStream = this.#port.media.createStream([track]);
    else this.#remoteStream.addTrack(track);
    this.#port.remoteTrack();
  }

  #enqueue(operation: () => unknown): void {
    this.#queue.run(operation).catch((cause: unknown) => this.#port.fault(cause));
  }
}

function fingerprintOf(sdp: string | undefined): string | undefined {
  return /^a=fingerprint:sha-256 (\S+)/m.exec(sdp ?? "")?.[1]?.toLowerCase();
}
