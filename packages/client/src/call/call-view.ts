import type { Sample } from "@echoo/protocol";
import type { Instant } from "../client-clock.ts";
import type { EchooError } from "../echoo-error.ts";
import { Emitter } from "../emitter.ts";
import type { CallMedia } from "../media/call-media.ts";
import type { CallStart } from "../peer/call-port.ts";
import type { CallEndedBy, CallEndReason, CallEvents, CallQuality, MediaFlags } from "./call.ts";
import { endSentence } from "./call-end.ts";

/** What a page shows of a call, and the devices that its user turns on and off: all that decides nothing. */
export abstract class CallView {
  readonly peer: string;
  readonly peerName: string | undefined;
  readonly direction: "incoming" | "outgoing";
  readonly isVideo: boolean;
  startedAtMs: Instant | undefined;
  endedAtMs: Instant | undefined;
  endReason: CallEndReason | undefined;
  endedBy: CallEndedBy | undefined;
  failure: EchooError | undefined;
  quality: CallQuality | undefined;
  peerQuality: CallQuality | undefined;
  protected readonly events = new Emitter<CallEvents>();
  protected abstract readonly parts: CallMedia;
  protected abstract readonly time: () => Instant;

  constructor({ peer, peerName, isVideo, offer }: CallStart) {
    this.peer = peer;
    this.peerName = peerName;
    this.isVideo = isVideo;
    this.direction = offer === undefined ? "outgoing" : "incoming";
  }

  get isAnswered(): boolean {
    return this.startedAtMs !== undefined;
  }

  get isEnded(): boolean {
    return this.endedAtMs !== undefined;
  }

  get durationMs(): number {
    return this.startedAtMs === undefined ? 0 : (this.endedAtMs ?? this.time()) - this.startedAtMs;
  }

  get endSentence(): string | undefined {
    return this.endReason === undefined ? this.failure?.message : endSentence(this.endReason);
  }

  get localStream(): MediaStream | undefined {
    return this.parts.local.stream;
  }

  get remoteStream(): MediaStream | undefined {
    return this.parts.connection.remoteStream;
  }

  get media(): MediaFlags {
    return this.parts.local.flags;
  }

  get peerMedia(): MediaFlags {
    return this.parts.peerFlags;
  }

  get samples(): readonly Sample[] {
    return this.parts.statistics.samples;
  }

  get fingerprints(): readonly [string, string] | undefined {
    return this.parts.connection.fingerprints;
  }

  on<T extends keyof CallEvents>(type: T, handler: (event: CallEvents[T]) => void): () => void {
    return this.events.on(type, handler);
  }

  setAudio(on: boolean): Promise<void> {
    return this.parts.local.setAudio(on);
  }

  setVideo(on: boolean): Promise<void> {
    return this.parts.local.setVideo(on);
  }

  shareScreen(on: boolean): Promise<void> {
    return this.parts.local.shareScreen(on);
  }

  useDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void> {
    return this.parts.local.useDevice(kind, deviceId);
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.parts.connection.getStats();
  }
}
