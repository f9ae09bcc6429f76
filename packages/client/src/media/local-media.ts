import type { DeviceChange, DeviceIds, MediaFlags } from "../call/call.ts";
import type { ClientClock } from "../client-clock.ts";
import { OperationQueue } from "../connection/operation-queue.ts";
import { EchooError } from "../echoo-error.ts";
import { captureBoth, captureCamera, captureMicrophone, captureScreen } from "./capture.ts";
import { type Device, DeviceWatch } from "./device-watch.ts";
import type { MediaPort, PeerConnection, TrackSender } from "./media-port.ts";

interface LocalMediaPort {
  readonly media: MediaPort;
  /** Runs what touches the connection in the call's own queue; capturing may wait long for a person and stays out. */
  inCallQueue(operation: () => Promise<void>): Promise<void>;
  /** What is sent goes on from another source: its counters do not continue. */
  trackReplaced(): void;
  changed(): void;
  readonly clock: Pick<ClientClock, "after">;
  /** Something became of a device without this side's doing. */
  deviceChanged(change: DeviceChange): void;
}

/** Whether something comes from it: it was not taken away for good, nor by the system for a while. */
function works(track: MediaStreamTrack | undefined): track is MediaStreamTrack {
  return track !== undefined && track.readyState === "live" && !track.muted;
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
  readonly #watch: DeviceWatch;
  /** Whether a silent microphone was opened anew already, in vain unless it is heard meanwhile. */
  #openedAnew = false;
  #isSilent = false;

  constructor(port: LocalMediaPort) {
    this.#port = port;
    this.#watch = new DeviceWatch({
      clock: port.clock,
      media: port.media,
      gone: (device) => this.#onGone(device),
      interrupted: (device) => this.#onInterrupted(device),
      silent: () => this.#onSilent(),
      heard: () => this.#onHeard(),
    });
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  get flags(): MediaFlags {
    const audio = works(this.#microphone) && this.#audioOn;
    return { audio, video: works(this.#camera), screen: this.#screen !== undefined };
  }

  get deviceIds(): DeviceIds {
    const idOf = (track: MediaStreamTrack | undefined) => track?.getSettings().deviceId;
    return { audioinput: idOf(this.#microphone), videoinput: idOf(this.#camera) };
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
        this.#watchAll();
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

  /** At once, whatever else is under way: muting waits for nothing. */
  async setAudio(on: boolean): Promise<void> {
    if (this.#stopped) throw new EchooError("call_ended");
    this.#audioOn = on;
    if (this.#microphone !== undefined) this.#microphone.enabled = on;
    this.#port.changed();
    if (!on || this.#stream === undefined || works(this.#microphone)) return;
    await this.#changes.run(async () => {
      if (!works(this.#microphone)) await this.#openMicrophone();
    });
  }

  setVideo(on: boolean): Promise<void> {
    return this.#changes.run(async () => {
      if (on ? works(this.#camera) : this.#camera === undefined) return;
      this.#mustBeOpen();
      this.#dropCamera();
      if (on) await this.#openCamera();
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
        this.#dropCamera();
        try {
          await this.#openCamera(deviceId);
        } finally {
          await this.#showVideo();
        }
      } else {
        await this.#openMicrophone(deviceId);
      }
    });
  }

  /** Lets go of every device. */
  stop(): void {
    this.#stopped = true;
    this.#changes.close();
    this.#watch.stop();
    for (const track of [this.#microphone, this.#camera, this.#screen]) track?.stop();
  }

  /** A device opened for a call that only rings here would never be put to use. */
  #mustBeOpen(): void {
    if (this.#stream === undefined) throw new EchooError("not_in_call");
  }

  /** In place of the one before, which goes once the new one is there. */
  async #openMicrophone(deviceId?: string): Promise<void> {
    const old = this.#microphone;
    await this.#take(one(captureMicrophone(this.#port.media, deviceId)), ([track]) => this.#swapMicrophone(track));
    // Also where the call ends before the new one is sent: nothing else holds the old one any more.
    await this.#sendAudio().finally(() => old?.stop());
  }

  /** Stopped, not only muted: the light beside the lens goes out. */
  #dropCamera(): void {
    this.#watch.put("camera", undefined);
    this.#camera?.stop();
    this.#camera = undefined;
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
    this.#watchAll();
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
    this.#watchAll();
    if (this.#connection !== undefined) await this.#port.inCallQueue(() => this.#sendVideo(track));
    this.#port.trackReplaced();
    this.#port.changed();
  }

  async #sendVideo(track: MediaStreamTrack | undefined): Promise<void> {
    const [connection, stream] = [this.#connection, this.#stream];
    if (this.#videoSender !== undefined) await this.#videoSender.replaceTrack(track ?? null);
    else if (track && connection && stream) this.#videoSender = connection.addTrack(track, stream);
  }

  #watchAll(): void {
    if (this.#stopped) return;
    this.#watch.put("microphone", this.#microphone);
    this.#watch.put("camera", this.#camera);
    this.#watch.put("screen", this.#screen);
  }

  #tell(device: Device, change: DeviceChange["change"]): void {
    const track = { microphone: this.#microphone, camera: this.#camera, screen: this.#screen }[device];
    this.#port.deviceChanged({ device, change, label: track?.label });
  }

  /** The peer is told at once; then the default device is tried, and last the user is told what came of it. */
  #onGone(device: Device): void {
    if (device === "screen") {
      // Also by the browser's own "stop sharing" button. No other screen is tried: the user alone chooses one.
      this.shareScreen(false).then(
        () => this.#tell("screen", "lost"),
        () => undefined,
      );
      return;
    }
    const isCamera = device === "camera";
    if (isCamera) this.#camera = undefined;
    else this.#microphone = undefined;
    this.#port.changed();
    const replaced = this.#changes.run(async () => {
      // Its user switched it off or on meanwhile.
      if (isCamera ? this.#camera : this.#microphone) return;
      if (!isCamera) return this.#openMicrophone();
      await this.#openCamera().finally(() => this.#showVideo());
    });
    replaced.then(
      () => this.#tell(device, "replaced"),
      () => this.#tell(device, "lost"),
    );
  }

  #onInterrupted(device: Device): void {
    if (device === "screen") return;
    this.#port.changed();
    const isBack = works(device === "camera" ? this.#camera : this.#microphone);
    this.#tell(device, isBack ? "returned" : "interrupted");
  }

  /** The old one first: a browser hands out the same dead source to those who share it. */
  #onSilent(): void {
    if (this.#openedAnew) {
      this.#isSilent = true;
      this.#tell("microphone", "silent");
      return;
    }
    this.#openedAnew = true;
    const { audioinput } = this.deviceIds;
    const opened = this.#changes.run(async () => {
      this.#watch.put("microphone", undefined);
      this.#microphone?.stop();
      await this.#openMicrophone(audioinput).catch(() => this.#openMicrophone());
    });
    opened.catch(() => this.#tell("microphone", "lost"));
  }

  #onHeard(): void {
    this.#openedAnew = false;
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#tell("microphone", "returned");
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
