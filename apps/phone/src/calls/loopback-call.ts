import {
  type Call,
  type CallEndedBy,
  type CallEndReason,
  type CallEvents,
  type CallQuality,
  type CallState,
  type DeviceChange,
  type DeviceIds,
  EchooError,
  type Instant,
  type MediaFlags,
} from "@echoo/client";
import { echoUserId, type Sample } from "@echoo/protocol";
import { say } from "../i18n/say.ts";
import { after, callClock, every, now } from "../platform.ts";
import { connectLoopback, type LoopbackPeers } from "./loopback-peers.ts";
import { LoopbackSampler } from "./loopback-sampler.ts";
import { openCamera, openDevice, openMedia, openScreen } from "./open-media.ts";

const samplePeriodMs = 2000;
const maxSamples = 300;
const replyDelayMs = 700;

type Handlers = { [T in keyof CallEvents]?: Set<(event: CallEvents[T]) => void> };

/**
 * A call to oneself that stays within the page: two peer connections, of which the second sends back what it gets.
 * It looks to the page like any other call, and never touches the server.
 */
export class LoopbackCall implements Call {
  readonly id = "echo";
  readonly peer = echoUserId;
  readonly peerName = say.echo.name;
  readonly direction = "outgoing";
  readonly isVideo: boolean;
  readonly peerQuality = undefined;
  readonly interruption = undefined;
  /** It lives in its page. */
  readonly rejoin = async () => {};
  readonly fingerprints = undefined;
  state: CallState = "calling";
  startedAtMs: Instant | undefined;
  endedAtMs: Instant | undefined;
  endReason: CallEndReason | undefined;
  endedBy: CallEndedBy | undefined;
  failure: EchooError | undefined;
  localStream: MediaStream | undefined;
  remoteStream: MediaStream | undefined;
  media: MediaFlags = { audio: true, video: false, screen: false };
  quality: CallQuality | undefined;
  samples: readonly Sample[] = [];
  readonly #handlers: Handlers = {};
  readonly #time = callClock();
  #peers: LoopbackPeers | undefined;
  #camera: MediaStreamTrack | undefined;
  #stopSampling: (() => void) | undefined;

  constructor(video: boolean) {
    this.isVideo = video;
  }

  get durationMs(): number {
    return this.startedAtMs === undefined ? 0 : (this.endedAtMs ?? this.#time()) - this.startedAtMs;
  }

  get endSentence(): string | undefined {
    return this.endReason === undefined ? this.failure?.message : say.endReason[this.endReason];
  }

  get peerMedia(): MediaFlags {
    return { audio: true, video: this.media.video || this.media.screen, screen: false };
  }

  get deviceIds(): DeviceIds {
    const idOf = (track: MediaStreamTrack | undefined) => track?.getSettings().deviceId;
    return { audioinput: idOf(this.localStream?.getAudioTracks()[0]), videoinput: idOf(this.#camera) };
  }

  async start(): Promise<void> {
    try {
      const stream = await openMedia(this.isVideo);
      if (this.#hasEnded()) return stopAll(stream);
      this.localStream = stream;
      this.#camera = stream.getVideoTracks()[0];
      this.media = { ...this.media, video: this.#camera !== undefined };
      for (const track of stream.getTracks()) this.#watch(track);
      this.#become("connecting");
      const peers = await connectLoopback(stream);
      if (this.#hasEnded()) return peers.close();
      this.#peers = peers;
      this.remoteStream = peers.remoteStream;
      this.startedAtMs = this.#time();
      this.#become("connected");
      this.#sampleFrom(peers);
    } catch (error) {
      this.failure = error instanceof EchooError ? error : new EchooError("negotiation_failed", { cause: error });
      this.#end(undefined, "you");
    }
  }

  async answer(): Promise<void> {}

  decline(): void {
    this.hangUp();
  }

  hangUp(): void {
    this.#end(this.startedAtMs === undefined ? "cancelled" : "hangup", "you");
  }

  async setAudio(on: boolean): Promise<void> {
    const [microphone] = this.localStream?.getAudioTracks() ?? [];
    if (on && microphone?.readyState !== "live") await this.#replace({ audio: true });
    for (const track of this.localStream?.getAudioTracks() ?? []) track.enabled = on;
    this.#changeMedia({ audio: on });
  }

  async setVideo(on: boolean): Promise<void> {
    if (on && this.#camera?.readyState !== "live") {
      const camera = await openCamera();
      if (this.#hasEnded()) return camera.stop();
      this.#camera = camera;
      this.#watch(camera);
      if (!this.media.screen) await this.#showTrack(camera);
    }
    if (!on) {
      // Stopped, so that the light beside the lens goes out.
      this.#camera?.stop();
      this.#camera = undefined;
      if (!this.media.screen) await this.#showTrack(undefined);
    }
    this.#changeMedia({ video: on });
  }

  async shareScreen(on: boolean): Promise<void> {
    if (!on) {
      await this.#showTrack(this.#camera);
      return this.#changeMedia({ screen: false });
    }
    const track = await openScreen();
    if (this.#hasEnded()) return track.stop();
    this.#watch(track, "screen");
    await this.#showTrack(track);
    this.#changeMedia({ screen: true });
  }

  async useDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void> {
    const exact = { deviceId: { exact: deviceId } };
    await this.#replace(kind === "audioinput" ? { audio: exact } : { video: exact });
  }

  sendChat(text: string): void {
    after(replyDelayMs, () => this.#emit("chat", { from: echoUserId, message: text, atMs: now() }));
  }

  sendEmoji(emoji: string): void {
    after(replyDelayMs, () => this.#emit("emoji", { from: echoUserId, emoji, atMs: now() }));
  }

  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.#peers?.near.getStats();
  }

  on<T extends keyof CallEvents>(type: T, handler: (event: CallEvents[T]) => void): () => void {
    const handlers = this.#handlersOf(type);
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }

  #handlersOf<T extends keyof CallEvents>(type: T): Set<(event: CallEvents[T]) => void> {
    const handlers: Handlers[T] = this.#handlers[type] ?? (new Set() as NonNullable<Handlers[T]>);
    this.#handlers[type] = handlers;
    return handlers as Set<(event: CallEvents[T]) => void>;
  }

  #emit<T extends keyof CallEvents>(type: T, event: CallEvents[T]): void {
    for (const handler of this.#handlersOf(type)) handler(event);
  }

  #become(state: CallState): void {
    this.state = state;
    this.#emit("state", state);
  }

  /** Opens a device in place of the one of its kind. */
  async #replace(wanted: MediaStreamConstraints): Promise<void> {
    const [track] = (await openDevice(wanted)).getTracks();
    if (!track) return;
    if (this.#hasEnded()) return track.stop();
    this.#watch(track);
    const isCamera = track.kind === "video";
    if (isCamera) {
      this.#camera?.stop();
      this.#camera = track;
    }
    track.enabled = isCamera || this.media.audio;
    // A screen that is shared stays in sight; the camera takes its place after it.
    if (!isCamera || !this.media.screen) await this.#showTrack(track);
    this.#changeMedia(isCamera ? { video: true } : {});
  }

  /** Says when a track ends without this page's doing: the browser tells of no other end. */
  #watch(
    track: MediaStreamTrack,
    device: DeviceChange["device"] = track.kind === "audio" ? "microphone" : "camera",
  ): void {
    track.onended = () => {
      if (this.#hasEnded()) return;
      const change: DeviceChange = { device, change: "lost", label: undefined };
      if (device === "screen") {
        void this.shareScreen(false).then(() => this.#emit("device", change));
        return;
      }
      this.#changeMedia(device === "camera" ? { video: false } : { audio: false });
      this.#emit("device", change);
    };
  }

  #hasEnded(): boolean {
    return this.state === "ended";
  }

  #changeMedia(change: Partial<MediaFlags>): void {
    this.media = { ...this.media, ...change };
    this.#emit("media", undefined);
  }

  /** Puts a track in the place of the one of its kind, in the stream that is shown and in what is sent. */
  async #showTrack(track: MediaStreamTrack | undefined): Promise<void> {
    const stream = this.localStream;
    if (!stream) return;
    const kind = track?.kind ?? "video";
    for (const old of stream.getTracks().filter((each) => each.kind === kind && each !== track)) {
      stream.removeTrack(old);
      if (old !== this.#camera) old.stop();
    }
    if (track) stream.addTrack(track);
    await this.#peers?.replace(kind, track ?? null);
  }

  #sampleFrom(peers: LoopbackPeers): void {
    const sampler = new LoopbackSampler();
    this.#stopSampling = every(samplePeriodMs, async () => {
      const sample = sampler.take(await peers.near.getStats(), this.#time());
      if (this.#hasEnded()) return;
      this.samples = [...this.samples, sample].slice(-maxSamples);
      this.quality = sampler.quality(sample);
      this.#emit("sample", sample);
    });
  }

  #end(reason: CallEndReason | undefined, by: CallEndedBy): void {
    if (this.#hasEnded()) return;
    this.endedAtMs = this.#time();
    this.endReason = reason;
    this.endedBy = by;
    this.#stopSampling?.();
    this.#peers?.close();
    this.#camera?.stop();
    if (this.localStream) stopAll(this.localStream);
    this.#become("ended");
    this.#emit("ended", { reason, by });
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
