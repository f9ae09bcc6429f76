import type { DeviceEndReason, EndedBy, EndReason, QualityLevel, Sample } from "@echoo/protocol";
import type { Instant } from "../client-clock.ts";
import type { EchooError } from "../echoo-error.ts";

export type CallState = "calling" | "ringing" | "incoming" | "connecting" | "connected" | "reconnecting" | "ended";
export type CallEndReason = EndReason | DeviceEndReason;
/** As in histories: "you" are this user, on whichever device. */
export type CallEndedBy = EndedBy;

/**
 * What keeps a call from being whole. `media`: sound and picture do not pass. `server`: they do, but this side's
 * connection to the server is away; `peer`: the other side's is.
 */
export type CallInterruption = "media" | "server" | "peer";

/** Which media a side sends at the moment. `video` is the camera; `screen` takes its place while it is shared. */
export interface MediaFlags {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
}

export interface DeviceIds {
  readonly audioinput: string | undefined;
  readonly videoinput: string | undefined;
}

export interface CallQuality {
  /** Estimated mean opinion score, 1 to 4.5, computed by the server from this side's samples. */
  readonly mos: number;
  readonly level: QualityLevel;
  readonly warnings: readonly string[];
  /** The newest sample of this side, where there is one. */
  readonly sample: Sample | undefined;
}

/** Something became of a device in use without its user's doing. */
export interface DeviceChange {
  readonly device: "microphone" | "camera" | "screen";
  /**
   * `replaced`: it went away, and the default one took its place. `lost`: it went away, and nothing is sent in its place
   * until `setAudio`, `setVideo` or `shareScreen` bring it back. `interrupted`: the system keeps it for now.
   * `silent`: the microphone gives nothing but digital zeros, also after it was opened anew. `returned`: it works again.
   */
  readonly change: "replaced" | "lost" | "interrupted" | "silent" | "returned";
  /** What the browser calls the device that is in use now. */
  readonly label: string | undefined;
}

export interface CallEvents {
  /** The state changed; read `call.state`. */
  state: CallState;
  /** Another thing is away, or nothing any more. */
  interruption: CallInterruption | undefined;
  /** A stream or a flag of either side changed; read the call's fields. */
  media: undefined;
  device: DeviceChange;
  chat: { readonly from: string; readonly message: string; readonly atMs: Instant };
  emoji: { readonly from: string; readonly emoji: string; readonly atMs: Instant };
  /** A figure of either side changed. */
  quality: CallQuality;
  /** A new sample was taken, every 2 s of a connected call. */
  sample: Sample;
  ended: { readonly reason: CallEndReason | undefined; readonly by: CallEndedBy };
  /** Something about this call was refused or failed; the call goes on unless `ended` follows. */
  error: EchooError;
}

/** One call, from the first offer or ring to its end. The object stays the same over reconnects and glare. */
export interface Call {
  /** The server's id. It changes once where the other side dialled first and its call stands. */
  readonly id: string;
  readonly peer: string;
  readonly peerName: string | undefined;
  /** What this user did; after glare a dialled call stays "outgoing". */
  readonly direction: "incoming" | "outgoing";
  readonly isVideo: boolean;
  readonly state: CallState;
  /** Of a call that is "reconnecting", or was left by the peer's device: what is away. */
  readonly interruption: CallInterruption | undefined;

  /** When it was answered, by this side's clock as it stood when the call began, in ms since the epoch. */
  readonly startedAtMs: Instant | undefined;
  readonly endedAtMs: Instant | undefined;
  /** How long it has lasted since the answer, whatever was done to the clock meanwhile; 0 before that. */
  readonly durationMs: number;
  /** Absent on an ended call that the server refused or that got no microphone: see `failure`. */
  readonly endReason: CallEndReason | undefined;
  readonly endedBy: CallEndedBy | undefined;
  /** What a person is told about the end. */
  readonly endSentence: string | undefined;
  readonly failure: EchooError | undefined;

  /** What this side sends, and nothing else: a page that shows it shows all that the peer can see. */
  readonly localStream: MediaStream | undefined;
  readonly remoteStream: MediaStream | undefined;
  readonly media: MediaFlags;
  readonly peerMedia: MediaFlags;
  /** The devices in use, by the browser's ids. The camera has one also while a screen takes its place. */
  readonly deviceIds: DeviceIds;
  readonly quality: CallQuality | undefined;
  readonly peerQuality: CallQuality | undefined;
  /** The last 300 samples of this side. */
  readonly samples: readonly Sample[];
  /** Both DTLS fingerprints once the call is connected, own first, as lower-case hex with colons. */
  readonly fingerprints: readonly [own: string, peer: string] | undefined;

  /**
   * Goes on with a call that the page before this one was in, with the same microphone and camera on: opens them, and
   * builds a new connection. Rejects, and the call has ended, where that cannot be.
   */
  rejoin(): Promise<void>;
  answer(options?: { readonly video?: boolean }): Promise<void>;
  /**
   * Turns the call down for its user. With `onlyHere`, this device alone cannot take it: the others ring on, and where
   * there are none the caller hears `busy`.
   */
  decline(options?: { readonly onlyHere?: boolean }): void;
  hangUp(reason?: string): void;
  /** The microphone, on or off; opened anew where it had gone away. */
  setAudio(on: boolean): Promise<void>;
  /** The camera, on or off; adds one and renegotiates where there was none. */
  setVideo(on: boolean): Promise<void>;
  shareScreen(on: boolean): Promise<void>;
  useDevice(kind: "audioinput" | "videoinput", deviceId: string): Promise<void>;
  sendChat(text: string): void;
  sendEmoji(emoji: string): void;
  /** The browser's own statistics, for tests and diagnostics. */
  getStats(): Promise<RTCStatsReport | undefined>;
  on<T extends keyof CallEvents>(type: T, handler: (event: CallEvents[T]) => void): () => void;
}
