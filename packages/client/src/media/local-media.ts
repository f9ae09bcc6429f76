import type { MediaFlags } from "../call/call.ts";
import { OperationQueue } from "../connection/operation-queue.ts";
import { EchooError } from "../echoo-error.ts";
import { captureBoth, captureCamera, captureMicrophone, captureScreen } from "./capture.ts";
import type { MediaPort, PeerConnection, TrackSender } from "./media-port.ts";

interface LocalMediaPort {
  readonly media: MediaPort;
  /** Runs what touches the connection in the call's own queue; capturing may wait long for a person and stays out. */
  inCallQueue(operation: () => Promise<void>): Promise<void>;
  /** What is sent goes on from another source: its counters do not continue. */
  trackReplaced(): void;
  changed(): void;
}

/** This side's microphone, camera and screen, and the senders that carry them. */
export class LocalMedia {
  readonly #port: LocalMediaPort;
  /** One change at a time: a second click must not open a second camera. */
  readonly #changes = new OperationQueue();
  #stream: MediaStream | undefined;
  #microphone: MediaStreamTrack | undefined;
  #camera: MediaStreamTrack | undefined;
  #screen: MediaStreamTrack | undefined;
  #audioOn = true;
  #connection: PeerConnection | undefined;
  #audioSender: TrackSender | undefined;
  #videoSender: TrackSender | undefined;
  #stopped = false;

  constructor(port: LocalMediaPort) {
    this.#port = port;
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  get flags(): MediaFlags {
    const audio = this.#microphone !== undefined && this.#audioOn;
    return { audio, video: this.#camera !== undefined, screen: this.#screen !== undefined };
  }

  /** Opens the microphone, and the camera if asked. */
  open(wants: { readonly video: boolean }): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#stream !== undefined) return;
      const { media } = this.#port;
      await this.#take(wants.video ? captureBoth(media) : one(captureMicrophone(media)), (tracks) => {
        this.#microphone = tracks.find((track) => track.kind === "audio");
        this.#camera = tracks.find((track) => track.kind === "video");
        if (this.#microphone !== undefined) this.#microphone.enabled = this.#audioOn;
        this.#stream = media.createStream(tracks);
      });
      this.#port.changed();
    });
  }

  /** Puts the open tracks on a new connection. The offering side says if it wants video that it does not send. */
  attach(connection: PeerConnection, wants: { readonly video: boolean }): void {
    this.#connection = connection;
    const stream = this.#stream;
    if (stream === undefined) return;
    const video = this.#screen ?? this.#camera;
    this.#audioSender = this.#microphone && connection.addTrack(this.#microphone, stream);
    this.#videoSender = video && connection.addTrack(video, stream);
    if (video === undefined && wants.video) connection.addTransceiver("video", { direction: "recvonly" });
  }

  setAudio(on: boolean): Promise<void> {
    return this.#changes.run(() => {
      this.#audioOn = on;
      if (this.#microphone !== undefined) this.#microphone.enabled = on;
      this.#port.changed();
    });
  }

  setVideo(on: boolean): Promise<void> {
    return this.#changes.run(async () => {
      if (on === (this.#camera !== undefined)) return;
      this.#mustBeOpen();
      if (on) {
        await this.#openCamera();
      } else {
        // Stopped, not only muted: the light beside the lens goes out.
        this.#camera?.stop();
        this.#camera = undefined;
      }
      await this.#showVideo();
    });
  }

  shareScreen(on: boolean): Promise<void> {
    return this.#changes.run(async () => {
      if (on === (this.#screen !== undefined)) return;
      this.#mustBeOpen();
      if (on) {
        await this.#take(one(captureScreen(this.#port.media)), ([screen]) => {
          this.#screen = screen;
          // The browser's own "stop sharing" button.
          screen?.addEventListener("ended", () => {
            if (this.#screen === screen) this.shareScreen(false).catch(() => undefined);
          });
        });
      } else {
        this.#screen?.stop();
        this.#screen = undefined;
      }
      await this.#showVideo();
    });
  }

  useDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void> {
    return this.#changes.run(async () => {
      this.#mustBeOpen();
      if (kind === "videoinput") {
        // Many cameras cannot be opened twice, so the old one goes first.
        this.#camera?.stop();
        this.#camera = undefined;
        try {
          await this.#openCamera(deviceId);
        } finally {
          await this.#showVideo();
        }
      } else {
        const old = this.#microphone;
        await this.#take(one(captureMicrophone(this.#port.media, deviceId)), ([track]) => this.#swapMicrophone(track));
        // Also where the call ends before the new one is sent: nobody else knows the old one any more.
        await this.#sendAudio().finally(() => old?.stop());
      }
    });
  }

  /** Lets go of every device. */
  stop(): void {
    this.#stopped = true;
    this.#changes.close();
    for (const track of [this.#microphone, this.#camera, this.#screen]) track?.stop();
  }

  /** A device opened for a call that only rings here would never be put to use. */
  #mustBeOpen(): void {
    if (this.#stream === undefined) throw new EchooError("not_in_call");
  }

  #openCamera(deviceId?: string): Promise<void> {
    return this.#take(one(captureCamera(this.#port.media, deviceId)), ([track]) => {
      this.#camera = track;
    });
  }

  #swapMicrophone(track: MediaStreamTrack | undefined): void {
    if (track === undefined) return;
    track.enabled = this.#audioOn;
    if (this.#microphone !== undefined) this.#stream?.removeTrack(this.#microphone);
    this.#stream?.addTrack(track);
    this.#microphone = track;
  }

  async #sendAudio(): Promise<void> {
    const [sender, track] = [this.#audioSender, this.#microphone];
    if (sender !== undefined && track !== undefined) await this.#port.inCallQueue(() => sender.replaceTrack(track));
    this.#port.trackReplaced();
    this.#port.changed();
  }

  /** Sends and shows the screen while it is shared, else the camera, else nothing. */
  async #showVideo(): Promise<void> {
    const track = this.#screen ?? this.#camera;
    for (const shown of this.#stream?.getVideoTracks() ?? []) if (shown !== track) this.#stream?.removeTrack(shown);
    if (track !== undefined) this.#stream?.addTrack(track);
    if (this.#connection !== undefined) await this.#port.inCallQueue(() => this.#sendVideo(track));
    this.#port.trackReplaced();
    this.#port.changed();
  }

  async #sendVideo(track: MediaStreamTrack | undefined): Promise<void> {
    const [connection, stream] = [this.#connection, this.#stream];
    if (this.#videoSender !== undefined) await this.#videoSender.replaceTrack(track ?? null);
    else if (track && connection && stream) this.#videoSender = connection.addTrack(track, stream);
  }

  /**
   * Puts what was captured in its place, in the same turn as it arrives, so that `stop` finds it. What was captured
   * for a call that ended meanwhile is let go at once.
   */
  async #take(
    capture: Promise<readonly MediaStreamTrack[]>,
    put: (tracks: readonly MediaStreamTrack[]) => void,
  ): Promise<void> {
    const tracks = await capture;
    if (this.#stopped) {
      for (const track of tracks) track.stop();
      throw new EchooError("call_ended");
    }
    put(tracks);
  }
}

async function one(capture: Promise<MediaStreamTrack>): Promise<readonly MediaStreamTrack[]> {
  return [await capture];
}
