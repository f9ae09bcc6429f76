import type { IceServer, PresenceEntry } from "@echoo/protocol";
import type { Call, CallEndReason } from "./call/call.ts";
import type { ClientClock } from "./client-clock.ts";
import type { AskAboutSocket } from "./connection/ask-about-socket.ts";
import type { Entropy } from "./connection/entropy.ts";
import type { ReconnectPolicy } from "./connection/reconnect-policy.ts";
import type { SocketFactory } from "./connection/socket-port.ts";
import type { TokenSource } from "./connection/token-source.ts";
import type { EchooError } from "./echoo-error.ts";
import type { MediaPort } from "./media/media-port.ts";
import type { TabMemory } from "./tab/tab-memory.ts";

export type ClientStatus = "offline" | "connecting" | "online";

export interface EchooClientOptions {
  /** The server's socket, such as `wss://calls.example.org/ws`. */
  readonly url: string;
  readonly userId: string;
  /** Or a function that gives a fresh one: then the client renews it by itself. */
  readonly token?: TokenSource;
  /**
   * By default one for each tab, kept over reloads with the calls; a duplicated tab is another device. With one of your
   * own a reload begins anew.
   */
  readonly deviceId?: string;
  /** Where a tab keeps who it is; by default the browser's sessionStorage, under a Web Lock. */
  readonly tab?: TabMemory;
  readonly name?: string;
  /** Used before those that the server hands out. */
  readonly iceServers?: readonly IceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  readonly media?: MediaPort;
  readonly socket?: SocketFactory;
  readonly clock?: ClientClock;
  readonly entropy?: Entropy;
  readonly reconnect?: ReconnectPolicy;
  /** Finds out why no socket opens, which browsers keep from pages. By default it asks the server itself, over HTTP. */
  readonly askAboutSocket?: AskAboutSocket;
}

export interface UserStatus {
  readonly userId: string;
  readonly online: boolean;
  readonly registered: boolean;
}

export interface CallOptions {
  readonly video: boolean;
  /** Ends the user's other call; offered after an `already_in_call` error. */
  readonly supersede?: boolean;
}

/** A call to this user that could not ring here. */
export interface MissedCall {
  readonly callId: string;
  readonly peer: string;
  readonly peerName: string | undefined;
  readonly isVideo: boolean;
  /** `busy`: this user is on another call, and the caller was told so. */
  readonly reason: CallEndReason;
}

export interface ClientEvents {
  status: ClientStatus;
  /** A call to this user rings here. */
  incoming: Call;
  /** A call was added to or removed from `client.calls`; removed calls have ended. */
  call: Call;
  /**
   * The page before this one was in this call, which waits: `call.rejoin()` goes on with it, `call.hangUp()` does not.
   * Where nothing listens to this, such calls end.
   */
  returning: Call;
  /** Somebody called while this user is on another call; the history has it as missed. */
  missed: MissedCall;
  presence: readonly PresenceEntry[];
  /** Users that this one may see and is likely to call; the server sends it unasked as well. */
  users: readonly string[];
  /** The server refused an outgoing call, such as with `already_in_call`. */
  refused: { readonly call: Call; readonly error: EchooError };
  /** The server is about to go; the client reconnects by itself and its calls go on. */
  goaway: { readonly reconnectInMs: number };
  /** Call `client.authenticate` with a fresh token before then; one that has a function for it does so by itself. */
  tokenExpiring: { readonly inMs: number };
  error: EchooError;
}
