/** What the SDK uses of an RTCRtpSender. */
export interface TrackSender {
  readonly track: MediaStreamTrack | null;
  replaceTrack(track: MediaStreamTrack | null): Promise<void>;
}

/** What a peer connection tells; given at its creation, so that nothing is missed. */
export interface PeerEvents {
  candidate(candidate: RTCIceCandidateInit | null): void;
  track(track: MediaStreamTrack): void;
  negotiationNeeded(): void;
  /** The connection state or the ICE state changed. */
  stateChange(): void;
}

interface Description {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

/** What the SDK uses of an RTCPeerConnection, by the names and with the behaviour of WebRTC 1.0. */
export interface PeerConnection {
  readonly signalingState: RTCSignalingState;
  readonly connectionState: RTCPeerConnectionState;
  readonly iceConnectionState: RTCIceConnectionState;
  readonly localDescription: Description | null;
  readonly remoteDescription: Description | null;
  setLocalDescription(description?: { type: "rollback" }): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit | null): Promise<void>;
  addTrack(track: MediaStreamTrack, stream: MediaStream): TrackSender;
  addTransceiver(kind: "audio" | "video", init: { direction: RTCRtpTransceiverDirection }): unknown;
  restartIce(): void;
  setConfiguration(configuration: RTCConfiguration): void;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

/** What is heard of a track. */
export interface Hearing {
  /** The largest sample just now, from 0, which is digital silence, to 1; undefined where the browser does not tell. */
  loudest(): number | undefined;
  stop(): void;
}

/** The one boundary to the browser's media; a fake stands beside the real adapter. */
export interface MediaPort {
  createPeerConnection(configuration: RTCConfiguration, events: PeerEvents): PeerConnection;
  createStream(tracks: readonly MediaStreamTrack[]): MediaStream;
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  getDisplayMedia(): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
  /** Listens to a track that was captured; undefined where that cannot be done. */
  listen(track: MediaStreamTrack): Hearing | undefined;
}
