import type { Sample, ServerMessageByType } from "@echoo/protocol";
import type { Instant } from "../client-clock.ts";
import type { EchooError } from "../echoo-error.ts";
import { Emitter } from "../emitter.ts";
import type { CallMedia } from "../media/call-media.ts";
import type { CallPort, CallStart } from "../peer/call-port.ts";
import type { CallEndedBy, CallEndReason, CallEvents, CallQuality, DeviceIds, MediaFlags } from "./call.ts";
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

  readonly #port: Pick<CallPort, "clock" | "userId">;

  constructor({ peer, peerName, isVideo, offer, returning }: CallStart, port: Pick<CallPort, "clock" | "userId">) {
    this.#port = port;
    this.peer = peer;
    this.peerName = peerName;
    this.isVideo = isVideo;
    this.direction = returning?.direction ?? (offer === undefined ? "outgoing" : "incoming");
    this.startedAtMs = returning?.startedAtMs;
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

  get deviceIds(): DeviceIds {
    return this.parts.local.deviceIds;
  }

  get samples(): readonly Sample[] {
    return this.parts.statistics.samples;
  }

  get fingerprints(): readonly [string, string] | undefined {
    return this.parts.connection.fingerprints;
  }

  said(what: { readonly chat: string } | { readonly emoji: string }, from: string): void {
    const atMs = this.#port.clock.now();
    if ("chat" in what) this.events.emit("chat", { from, message: what.chat, atMs });
    else this.events.emit("emoji", { from, emoji: what.emoji, atMs });
  }

  measured({ from, mos, level, warnings = [] }: ServerMessageByType<"quality">): void {
    const isOwn = from === this.#port.userId;
    const quality = { mos, level, warnings, sample: isOwn ? this.samples.at(-1) : undefined };
    if (isOwn) this.quality = quality;
    else this.peerQuality = quality;
    this.events.emit("quality", quality);
  }

  /** The server says that this call goes through a relay. */
  keepToRelay(): void {
    this.parts.connection.keepToRelay();
  }

  peerTold(flags: Partial<MediaFlags>): void {
    this.parts.peerTold(flags);
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
