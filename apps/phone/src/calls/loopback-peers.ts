/** Long enough to be heard as an echo, short enough not to be mistaken for a bad line. */
const delaySec = 0.6;

export interface LoopbackPeers {
  /** This person's own end. */
  readonly near: RTCPeerConnection;
  /** What comes back. */
  readonly remoteStream: MediaStream;
  replace(kind: string, track: MediaStreamTrack | null): Promise<void>;
  close(): void;
}

/** Connects two peers within the page; the far one returns sound after a moment, and pictures at once. */
export async function connectLoopback(stream: MediaStream): Promise<LoopbackPeers> {
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  const delay = new SoundDelay();
  const remoteStream = new MediaStream();
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
  near.ontrack = ({ track }) => remoteStream.addTrack(track);

  const audio = stream.getAudioTracks()[0];
  const video = stream.getVideoTracks()[0];
  const senders = {
    audio: near.addTransceiver(audio ?? "audio", { direction: "sendrecv", streams: [stream] }).sender,
    video: near.addTransceiver(video ?? "video", { direction: "sendrecv", streams: [stream] }).sender,
  };
  far.ontrack = ({ track, transceiver }) => {
    transceiver.direction = "sendrecv";
    void transceiver.sender.replaceTrack(track.kind === "audio" ? delay.pass(track) : track);
  };
  await near.setLocalDescription();
  if (near.localDescription) await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  if (far.localDescription) await near.setRemoteDescription(far.localDescription);
  await connected(near);
  return {
    near,
    remoteStream,
    replace: (kind, track) => (kind === "audio" ? senders.audio : senders.video).replaceTrack(track),
    close() {
      delay.close();
      near.close();
      far.close();
    },
  };
}

function connected(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (peer.connectionState === "connected") resolve();
      if (peer.connectionState === "failed") reject(new Error("the two ends of the page found no way to each other"));
    };
    peer.onconnectionstatechange = look;
    look();
  });
}

/** Sends sound through Web Audio, a moment late. */
class SoundDelay {
  readonly #context = new AudioContext();
  readonly #player = new Audio();

  pass(track: MediaStreamTrack): MediaStreamTrack {
    const stream = new MediaStream([track]);
    // Chromium lets no sound of a peer connection into Web Audio unless an element plays it as well.
    this.#player.muted = true;
    this.#player.srcObject = stream;
    void this.#player.play().catch(() => undefined);
    const delay = new DelayNode(this.#context, { delayTime: delaySec, maxDelayTime: 1 });
    const out = new MediaStreamAudioDestinationNode(this.#context);
    this.#context.createMediaStreamSource(stream).connect(delay).connect(out);
    return out.stream.getAudioTracks()[0] ?? track;
  }

  close(): void {
    this.#player.srcObject = null;
    this.#context.close().catch(() => undefined);
  }
}
