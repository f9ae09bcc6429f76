import type { Sample } from "@echoo/protocol";
import type { DeviceChange, MediaFlags } from "../call/call.ts";
import { CallConnection } from "../peer/call-connection.ts";
import type { CallPort } from "../peer/call-port.ts";
import { IceRecovery } from "../peer/ice-recovery.ts";
import { CallStatistics } from "../statistics/call-statistics.ts";
import { LocalMedia } from "./local-media.ts";

interface CallMediaPort {
  readonly call: CallPort;
  /** Both sides have their connection to the server. */
  canSignal(): boolean;
  placedCall(): boolean;
  peerCurrent(): boolean;
  sendOffer(sdp: string, neg: number, renew: boolean): void;
  sendAnswer(sdp: string, neg: number | undefined): void;
  refuseOffer(neg: number | undefined): void;
  sendCandidate(candidate: RTCIceCandidateInit | null): void;
  sendSamples(samples: readonly Sample[]): void;
  sampled(sample: Sample): void;
  /** Media began or ceased to flow. */
  flowChanged(): void;
  /** A stream or flag of either side changed. */
  changed(): void;
  /** The peer has a new connection, and this side with it. */
  renewed(): void;
  deviceChanged(change: DeviceChange): void;
  /** ICE failed for good. */
  giveUp(): void;
  fault(cause: unknown): void;
}

/** All media of one call: what is captured, the connection that carries it, its statistics and its repair. */
export class CallMedia {
  readonly local: LocalMedia;
  readonly connection: CallConnection;
  readonly statistics: CallStatistics;
  readonly mender: IceRecovery;
  readonly #port: CallMediaPort;
  #wasUp = false;
  #told: Partial<MediaFlags> = {};

  constructor(port: CallMediaPort) {
    this.#port = port;
    this.local = new LocalMedia({
      media: port.call.media,
      inCallQueue: (operation) => this.connection.run(operation),
      trackReplaced: () => this.statistics.reset(),
      changed: () => port.changed(),
      clock: port.call.clock,
      deviceChanged: (change) => port.deviceChanged(change),
    });
    this.connection = new CallConnection(this.#connectionPort(), this.local);
    this.statistics = new CallStatistics({
      clock: port.call.clock,
      getStats: async () => (this.isUp ? this.connection.getStats() : undefined),
      peerSendsVideo: () => this.peerFlags.video || this.peerFlags.screen,
      canSend: () => port.call.linkUp(),
      send: (samples) => port.sendSamples(samples),
      sampled: (sample) => port.sampled(sample),
    });
    this.mender = new IceRecovery({
      clock: port.call.clock,
      canSignal: () => port.canSignal(),
      placedCall: () => port.placedCall(),
      peerCurrent: () => port.peerCurrent(),
      restartIce: () => this.connection.restartIce(),
      giveUp: () => port.giveUp(),
      isUp: () => this.#lookAgain(),
    });
  }

  get isUp(): boolean {
    return this.connection.mediaUp;
  }

  get wasUp(): boolean {
    return this.#wasUp;
  }

  /** What the peer said that it sends; before it said anything, what arrives. */
  get peerFlags(): MediaFlags {
    const stream = this.connection.remoteStream;
    const [audio, video] = [stream?.getAudioTracks() ?? [], stream?.getVideoTracks() ?? []];
    return { audio: audio.length > 0, video: video.length > 0, screen: false, ...this.#told };
  }

  peerTold(flags: Partial<MediaFlags>): void {
    this.#told = { ...this.#told, ...flags };
    this.#port.changed();
  }

  /** Either side's link came back: ICE that broke meanwhile is restarted. */
  linkReturned(): void {
    if (!this.connection.iceUp) this.mender.returned();
  }

  stop(): void {
    this.statistics.stop();
    this.mender.stop();
    this.connection.close();
    this.local.stop();
  }

  #connectionPort(): ConstructorParameters<typeof CallConnection>[0] {
    const port = this.#port;
    return {
      clock: port.call.clock,
      media: port.call.media,
      configuration: (relayOnly) => port.call.configuration(relayOnly),
      sendOffer: (sdp, neg, renew) => port.sendOffer(sdp, neg, renew),
      sendAnswer: (sdp, neg) => port.sendAnswer(sdp, neg),
      refuseOffer: (neg) => port.refuseOffer(neg),
      sendCandidate: (candidate) => port.sendCandidate(candidate),
      canSignal: () => port.canSignal(),
      peerCurrent: () => port.peerCurrent(),
      stateChange: () => this.#onStateChange(),
      remoteTrack: () => port.changed(),
      renewed: () => {
        this.statistics.reset();
        this.mender.renewed();
        port.renewed();
      },
      fault: (cause) => port.fault(cause),
    };
  }

  #lookAgain(): boolean {
    if (this.isUp) this.#onStateChange();
    return this.isUp;
  }

  #onStateChange(): void {
    if (this.isUp) {
      this.#wasUp = true;
      this.mender.mediaUp();
      this.statistics.start();
    } else if (this.connection.failed) {
      this.mender.failed();
    }
    this.#port.flowChanged();
  }
}
