export type { Call, CallEndedBy, CallEndReason, CallEvents, CallQuality, CallState, MediaFlags } from "./call.ts";
export { EchooClient } from "./client.ts";
export type { ClientClock } from "./client-clock.ts";
export type { CallOptions, ClientEvents, ClientStatus, EchooClientOptions, UserStatus } from "./client-options.ts";
export { EchooError, type EchooErrorCode } from "./echoo-error.ts";
export type { Entropy } from "./entropy.ts";
export type { MediaPort, PeerConnection, PeerEvents, TrackSender } from "./media-port.ts";
export { defaultReconnectPolicy, type ReconnectPolicy } from "./reconnect-policy.ts";
export type { ClientSocket, SocketFactory } from "./socket-port.ts";
