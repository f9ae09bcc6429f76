import type { Steady } from "../client-clock.ts";
import type { PeerConnection, PeerEvents, TrackSender } from "../media/media-port.ts";
import type { FakeNetwork } from "./fake-network.ts";
import { answerDirection, type Direction, type FakeSdp, readSdp, writeSdp } from "./fake-sdp.ts";
import { fakeStats } from "./fake-stats.ts";
import { FakeTransceivers } from "./fake-transceivers.ts";

interface Description {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

/**
 * A peer connection without media: signaling states, rollback, transceivers, ICE restarts and "negotiation needed" as
 * WebRTC 1.0 has them, over a made-up network. Everything happens in microtasks, never at once.
 */
export class FakePeerConnection implements PeerConnection {
  readonly configurations: RTCConfiguration[];
  signalingState: RTCSignalingState = "stable";
  connectionState: RTCPeerConnectionState = "new";
  iceConnectionState: RTCIceConnectionState = "new";
  /** So many descriptions of the peer it takes for nonsense, as one browser does with what another one writes. */
  rejects = 0;
  readonly #network: FakeNetwork;
  readonly #events: PeerEvents;
  readonly #transceivers: FakeTransceivers;
  readonly #startedAtMs: Steady;
  readonly #fingerprint: string;
  readonly #remoteCandidates = new Set<string>();
  #current: { local?: Description; remote?: Description } = {};
  #pendingLocal: Description | undefined;
  #pendingRemote: Description | undefined;
  #restartPending = false;
  #needed = false;

  constructor(network: FakeNetwork, configuration: RTCConfiguration, events: PeerEvents) {
    this.#network = network;
    this.#events = events;
    this.configurations = [configuration];
    this.#startedAtMs = network.now();
    this.#fingerprint = network
      .newName()
      .toUpperCase()
      .padEnd(32, "0")
      .replace(/(..)(?=.)/g, "$1:");
    this.#transceivers = new FakeTransceivers((track) => this.#later(() => events.track(track)));
    network.join(this);
  }

  get localDescription(): Description | null {
    return this.#pendingLocal ?? this.#current.local ?? null;
  }

  get remoteDescription(): Description | null {
    return this.#pendingRemote ?? this.#current.remote ?? null;
  }

  get localUfrag(): string | undefined {
    return this.#current.local && readSdp(this.#current.local.sdp).ufrag;
  }

  async setLocalDescription(description?: { type: "rollback" }): Promise<void> {
    await Promise.resolve();
    this.#mustBeOpen();
    if (description !== undefined) this.#rollBack("have-local-offer");
    else if (this.signalingState === "have-remote-offer") this.#applyAnswer();
    else this.#applyOffer();
  }

  async setRemoteDescription(description: Description): Promise<void> {
    await Promise.resolve();
    this.#mustBeOpen();
    if (description.type === "rollback") {
      this.#rollBack("have-remote-offer");
      return;
    }
    if (this.rejects > 0) {
      this.rejects -= 1;
      throw new DOMException("Failed to apply the description.", "OperationError");
    }
    const sdp = readSdp(description.sdp);
    if (description.type === "offer") {
      if (this.signalingState === "have-local-offer") this.#rollBack("have-local-offer");
      this.#pendingRemote = description;
      this.signalingState = "have-remote-offer";
      this.#transceivers.applyOffer(sdp.sections);
    } else {
      if (this.signalingState !== "have-local-offer") throw invalidState(this.signalingState);
      this.#settle(this.#pendingLocal, description);
      this.#transceivers.applyAnswer(sdp.sections);
    }
  }

  async addIceCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    await Promise.resolve();
    this.#mustBeOpen();
    if (this.remoteDescription === null) throw invalidState("no remote description");
    if (candidate === null) return;
    const { ufrag } = readSdp(this.remoteDescription.sdp);
    if (candidate.usernameFragment !== ufrag) throw new DOMException("Unknown ufrag", "OperationError");
    this.#remoteCandidates.add(ufrag);
    this.#connect();
  }

  get sentTracks(): readonly MediaStreamTrack[] {
    return this.#transceivers.sentTracks;
  }

  addTrack(track: MediaStreamTrack, _stream: MediaStream): TrackSender {
    const sender = this.#transceivers.addTrack(track);
    this.#checkNeeded();
    return sender;
  }

  addTransceiver(kind: "audio" | "video", init: { direction: RTCRtpTransceiverDirection }): void {
    this.#transceivers.add(kind, init.direction as Direction);
    this.#checkNeeded();
  }

  restartIce(): void {
    this.#restartPending = true;
    this.#checkNeeded();
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configurations.push(configuration);
  }

  async getStats(): Promise<RTCStatsReport> {
    const elapsedMs = this.#network.now() - this.#startedAtMs;
    const path = {
      nowMs: this.#network.now(),
      elapsedMs,
      rttMs: this.#network.rttMs,
      lossPercent: this.#network.lossPercent,
    };
    return fakeStats(path, this.#transceivers.flows()) as RTCStatsReport;
  }

  close(): void {
    this.signalingState = "closed";
    this.connectionState = "closed";
    this.iceConnectionState = "closed";
    this.#network.leave(this);
  }

  /** The network was cut. */
  pathLost(): void {
    if (this.iceConnectionState === "connected") this.#setStates("failed", "failed");
  }

  /** The other end found this one: both sides are ready, or the check fails for both. */
  pathFound(reachable: boolean): void {
    if (reachable) this.#setStates("connected", "connected");
    else this.#setStates("failed", "failed");
  }

  /** Whether this end is done with descriptions, and has a candidate of the end with that user name. */
  isReadyFor(ufrag: string): boolean {
    const { remote } = this.#current;
    if (this.signalingState !== "stable" || remote === undefined) return false;
    return readSdp(remote.sdp).ufrag === ufrag && this.#remoteCandidates.has(ufrag);
  }

  #applyOffer(): void {
    const isRestart = this.#restartPending || this.localUfrag === undefined;
    const ufrag = isRestart ? this.#network.newName() : (this.localUfrag ?? "");
    const sections = this.#transceivers.offer();
    this.#pendingLocal = { type: "offer", sdp: writeSdp({ ufrag, fingerprint: this.#fingerprint, sections }) };
    this.signalingState = "have-local-offer";
    this.#needed = false;
    if (isRestart) this.#gather(ufrag);
  }

  #applyAnswer(): void {
    const offer = this.#pendingRemote;
    if (offer === undefined) throw invalidState("no offer");
    const sdp = readSdp(offer.sdp);
    const before = this.#current.remote && readSdp(this.#current.remote.sdp).ufrag;
    const isRestart = before !== sdp.ufrag;
    const ufrag = isRestart ? this.#network.newName() : (this.localUfrag ?? "");
    const sections = this.#transceivers.answer(sdp.sections, answerDirection);
    const answer = writeSdp({ ufrag, fingerprint: this.#fingerprint, sections });
    this.#settle({ type: "answer", sdp: answer }, offer);
    if (isRestart) this.#gather(ufrag);
  }

  #settle(local: Description | undefined, remote: Description): void {
    const before = this.localUfrag;
    this.#current = { ...(local === undefined ? {} : { local }), remote };
    this.#pendingLocal = undefined;
    this.#pendingRemote = undefined;
    this.signalingState = "stable";
    if (before !== this.localUfrag) {
      this.#restartPending = false;
      this.#setStates("checking", "connecting");
    }
    this.#connect();
    this.#checkNeeded();
  }

  #rollBack(from: RTCSignalingState): void {
    if (this.signalingState !== from) throw invalidState(this.signalingState);
    this.#pendingLocal = undefined;
    this.#pendingRemote = undefined;
    this.signalingState = "stable";
    this.#transceivers.rollBack();
    this.#checkNeeded();
  }

  #gather(ufrag: string): void {
    const candidate = `candidate:1 1 udp 2122260223 127.0.0.1 5${ufrag.slice(1)} typ host ufrag ${ufrag}`;
    this.#later(() => {
      this.#events.candidate({ candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: ufrag });
      this.#later(() => this.#events.candidate(null));
    });
  }

  #connect(): void {
    const own = this.localUfrag;
    const remote: FakeSdp | undefined = this.#current.remote && readSdp(this.#current.remote.sdp);
    if (own === undefined || remote === undefined || this.iceConnectionState === "connected") return;
    const peer = this.#network.find(remote.ufrag);
    if (!peer?.isReadyFor(own) || !this.isReadyFor(remote.ufrag)) return;
    for (const end of [this, peer]) end.pathFound(this.#network.reachable);
  }

  #setStates(ice: RTCIceConnectionState, connection: RTCPeerConnectionState): void {
    this.iceConnectionState = ice;
    this.connectionState = connection;
    this.#later(() => this.#events.stateChange());
  }

  #checkNeeded(): void {
    if (this.#needed || this.signalingState !== "stable") return;
    this.#later(() => {
      if (this.#needed || this.signalingState !== "stable") return;
      if (!this.#restartPending && !this.#transceivers.needNegotiation()) return;
      this.#needed = true;
      this.#events.negotiationNeeded();
    });
  }

  /** Looked at in the very step that changes something: it may have been closed since it was asked for that. */
  #mustBeOpen(): void {
    if (this.signalingState === "closed") throw invalidState("closed");
  }

  #later(run: () => void): void {
    queueMicrotask(() => {
      if (this.signalingState !== "closed") run();
    });
  }
}

function invalidState(state: string): DOMException {
  return new DOMException(`Called in wrong state: ${state}`, "InvalidStateError");
}
