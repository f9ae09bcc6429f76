import type { Hearing, MediaPort, PeerConnection, PeerEvents } from "../media/media-port.ts";
import type { FakeNetwork } from "./fake-network.ts";
import { FakePeerConnection } from "./fake-peer-connection.ts";
import { FakeStream, FakeTrack } from "./fake-tracks.ts";

/** One machine's devices and its way into a fake network. Tests unplug, refuse and count. */
export class FakeMedia implements MediaPort {
  hasMicrophone = true;
  hasCamera = true;
  /** The name of the DOMException that every request for a device gets. */
  refusal: string | undefined;
  /** The same for those that ask for a camera, alone or among others. */
  cameraFault: string | undefined;
  /** A person who has not yet decided whether to allow the device. */
  decision: Promise<void> = Promise.resolve();
  readonly #network: FakeNetwork;
  readonly #captured: FakeTrack[] = [];
  readonly #connections: FakePeerConnection[] = [];

  constructor(network: FakeNetwork) {
    this.#network = network;
  }

  /** Every connection made, oldest first. */
  get connections(): readonly FakePeerConnection[] {
    return this.#connections;
  }

  /** Devices in use. A test ends with none. */
  get liveTracks(): readonly FakeTrack[] {
    return this.#captured.filter((track) => track.readyState === "live");
  }

  createPeerConnection(configuration: RTCConfiguration, events: PeerEvents): PeerConnection {
    const connection = new FakePeerConnection(this.#network, configuration, events);
    this.#connections.push(connection);
    return connection;
  }

  createStream(tracks: readonly MediaStreamTrack[]): MediaStream {
    return new FakeStream(tracks) as unknown as MediaStream;
  }

  async getUserMedia({ audio, video }: MediaStreamConstraints): Promise<MediaStream> {
    await this.decision;
    if (this.refusal !== undefined) throw new DOMException("refused", this.refusal);
    if (video && this.cameraFault !== undefined) throw new DOMException("no camera", this.cameraFault);
    const isMissing = (audio && !this.hasMicrophone) || (video && !this.hasCamera);
    if (isMissing) throw new DOMException("Requested device not found", "NotFoundError");
    return this.#capture([audio && "microphone", video && "camera"]);
  }

  async getDisplayMedia(): Promise<MediaStream> {
    await this.decision;
    if (this.refusal !== undefined) throw new DOMException("refused", this.refusal);
    return this.#capture(["screen"]);
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const devices = [
      { kind: "audioinput", deviceId: "microphone", groupId: "1", label: "Fake microphone" },
      { kind: "videoinput", deviceId: "camera", groupId: "1", label: "Fake camera" },
    ];
    return devices.map((device) => ({ ...device, toJSON: () => device }) as MediaDeviceInfo);
  }

  /** What a test lets the microphones hear; nothing is told by default. */
  loudness: number | undefined;

  listen(): Hearing {
    return { loudest: () => this.loudness, stop: () => {} };
  }

  #capture(labels: readonly (string | false | undefined)[]): MediaStream {
    const tracks = labels.flatMap((label) =>
      label ? [new FakeTrack(label === "microphone" ? "audio" : "video", label)] : [],
    );
    this.#captured.push(...tracks);
    return this.createStream(tracks as unknown as MediaStreamTrack[]);
  }
}
