export type {
  Call,
  CallEndedBy,
  CallEndReason,
  CallEvents,
  CallInterruption,
  CallQuality,
  CallState,
  DeviceChange,
  DeviceIds,
  MediaFlags,
} from "./call/call.ts";
export { EchooClient } from "./client.ts";
export type { ClientClock, Instant, Steady } from "./client-clock.ts";
export type {
  CallOptions,
  ClientEvents,
  ClientStatus,
  EchooClientOptions,
  MissedCall,
  UserStatus,
} from "./client-options.ts";
export type { AskAboutSocket } from "./connection/ask-about-socket.ts";
export type { Entropy } from "./connection/entropy.ts";
export { defaultReconnectPolicy, type ReconnectPolicy } from "./connection/reconnect-policy.ts";
export type { ClientSocket, SocketFactory } from "./connection/socket-port.ts";
export type { TokenSource } from "./connection/token-source.ts";
export { EchooError, type EchooErrorCode } from "./echoo-error.ts";
export type { Hearing, MediaPort, PeerConnection, PeerEvents, TrackSender } from "./media/media-port.ts";
export { EchooRest, type EchooRestOptions, type RestOver, type RestRequest, restOver } from "./rest/echoo-rest.ts";
export type { KeptCall, KeptTab, TabMemory } from "./tab/tab-memory.ts";
