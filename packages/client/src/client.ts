import type { IceServer } from "@echoo/protocol";
import type { Call } from "./call.ts";
import type { CallOptions, ClientEvents, ClientStatus, EchooClientOptions, UserStatus } from "./client-options.ts";

export declare class EchooClient {
  constructor(options: EchooClientOptions);
  readonly userId: string;
  readonly deviceId: string;
  readonly status: ClientStatus;
  readonly session: string | undefined;
  readonly calls: readonly Call[];
  readonly iceServers: readonly IceServer[];
  /** Opens the socket and keeps it open until `leave`, `dispose` or a refusal that a retry cannot mend. */
  connect(): void;
  /** Ends the calls and the session, then the socket. */
  leave(): Promise<void>;
  /** Lets go of everything at once, as a page that closes does; the session could still be resumed by nobody. */
  dispose(): void;
  /** Opens microphone and camera and rings `to`; resolves once the server knows the call, rejects if it refuses. */
  call(to: string, options: CallOptions): Promise<Call>;
  watch(users: readonly string[]): void;
  unwatch(users: readonly string[]): void;
  checkUser(userId: string): Promise<UserStatus>;
  getUsers(): void;
  /** Proves the user afresh with a renewed token; later joins use it too. */
  authenticate(token: string): Promise<void>;
  devices(): Promise<MediaDeviceInfo[]>;
  on<T extends keyof ClientEvents>(type: T, handler: (event: ClientEvents[T]) => void): () => void;
}
