import { createHmac } from "node:crypto";
import type { Clock } from "@echoo/core";
import type { IceServer } from "@echoo/protocol";

/** Long-term credentials of a TURN server that shares a secret with this one. */
interface TurnCredentials {
  readonly username: string;
  readonly password: string;
  /** Seconds. */
  readonly ttl: number;
  readonly uris: readonly string[];
}

export interface Turn {
  readonly ttlSec: number;
  readonly hasTurn: boolean;
  /** For getTurnCredentials: all addresses, and credentials that are empty where no TURN server is set up. */
  credentials(userId: string): TurnCredentials;
  /** As RTCPeerConnection takes them; stun: addresses come without credentials. */
  iceServers(userId: string): IceServer[];
}

interface TurnDeps {
  readonly urls: readonly string[];
  /** Newest first: the first one signs. */
  readonly secrets: readonly string[];
  readonly ttlSec: number;
  /** Keys the name that stands for a user, so that a TURN server's log holds no numbers. */
  readonly userKey: string;
  readonly clock: Clock;
}

/**
 * Credentials as draft-uberti-behave-turn-rest-00 has them: the username is `expiry:user` with the expiry in seconds
 * since the epoch, the password the base64 of its HMAC-SHA1. The user part is stable, for quotas count by it.
 */
export function createTurn(deps: TurnDeps): Turn {
  const [secret] = deps.secrets;
  const stun = deps.urls.filter((url) => url.startsWith("stun"));
  const turn = deps.urls.filter((url) => url.startsWith("turn"));

  function sign(userId: string): { username: string; credential: string } {
    if (secret === undefined) return { username: "", credential: "" };
    const expiry = Math.floor(deps.clock.now() / 1000) + deps.ttlSec;
    const username = `${expiry}:${userName(userId, deps.userKey)}`;
    return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
  }

  return {
    ttlSec: deps.ttlSec,
    hasTurn: turn.length > 0,
    credentials(userId) {
      const { username, credential } = sign(userId);
      return { username, password: credential, ttl: deps.ttlSec, uris: [...deps.urls] };
    },
    iceServers: (userId) => [
      ...(stun.length > 0 ? [{ urls: stun }] : []),
      ...(turn.length > 0 ? [{ urls: turn, ...sign(userId) }] : []),
    ],
  };
}

function userName(userId: string, key: string): string {
  return createHmac("sha256", key).update(`turn:${userId}`).digest("base64url").slice(0, 22);
}
