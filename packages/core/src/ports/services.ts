import type { IceServer } from "@echoo/protocol";
import type { Instant } from "./clock.ts";

/** What the engine asks of the accounts, beyond the facts about people. */
export interface Services {
  /** Whether clients are given a TURN server at all. */
  readonly hasTurn: boolean;
  /** STUN and TURN servers with credentials of this user's own. */
  iceServers(user: string): readonly IceServer[];
  turnCredentials(user: string): { username: string; password: string; ttl: number; uris: string[] };
  /** Whether this user may ask about that one: it bounds the harvesting of registered numbers. */
  mayAskAbout(user: string, other: string): boolean;
  /** The user's last session is gone. */
  wasSeen(user: string, atMs: Instant): void;
}
