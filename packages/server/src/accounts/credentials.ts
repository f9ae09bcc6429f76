import type { Clock, Store, UserChanges } from "@echoo/core";
import { limits } from "@echoo/protocol";
import type { HostAccess } from "./host-access.ts";
import type { PeopleCache } from "./people.ts";
import type { Tokens } from "./tokens.ts";

/** A token that was found good: the server's own, or one of the host product. */
export interface GoodToken {
  /** Names it, and is no secret. */
  readonly id: string;
  readonly userId: string;
  readonly expiresAtMs: number;
  /** One of the host product is neither listed nor prolonged by its use. */
  readonly kind: "own" | "host";
  /** What the host product calls the user. */
  readonly displayName?: string;
}

/** Whatever may be sent as a token, on a socket or with a request. */
export interface Credentials {
  /**
   * Undefined for whatever is no living token. Rejects with `StoreUnavailable`, or with the refusal `unavailable` where
   * the host product's keys cannot be had, for then nobody can tell. Changes nothing but the token's last use.
   */
  check(secret: string): Promise<GoodToken | undefined>;
  /** Creates the user of a token that was found good, if the host product sends somebody new. */
  welcome(token: GoodToken): Promise<void>;
  /** From now on it is no good token. Its sockets are the caller's to cut. */
  revoke(token: GoodToken): Promise<void>;
  /** The same for all of this user's. */
  revokeAll(userId: string): Promise<void>;
  /** The account is gone: its own tokens went with it, and those of the host product must not bring it back. */
  erased(userId: string): void;
}

interface CredentialsDeps {
  readonly store: Pick<Store, "users">;
  readonly clock: Clock;
  readonly tokens: Pick<Tokens, "verify" | "list" | "revoke">;
  /** Absent where the host product's tokens are not accepted. */
  readonly host: HostAccess | undefined;
  readonly people: Pick<PeopleCache, "refresh">;
  /** Told of each user whom the host product sent for the first time. */
  readonly onRegistered?: (userId: string) => void;
}

/** Three parts with dots between them: the server's own tokens have none. */
const compactJws = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export function createCredentials({ store, clock, tokens, host, people, onRegistered }: CredentialsDeps): Credentials {
  return {
    async check(secret) {
      if (secret.length > limits.tokenChars) return undefined;
      if (host && compactJws.test(secret)) return host.tokens.verify(secret);
      const token = await tokens.verify(secret);
      return token && { id: token.id, userId: token.userId, expiresAtMs: token.expiresAtMs, kind: "own" };
    },

    async welcome({ kind, userId, displayName }) {
      if (kind === "own") return;
      const known = await store.users.find(userId);
      // From its first token on the id needs one, open access or not; what its user is called is then their own affair.
      const changes: UserChanges = {
        ...(known?.proof === undefined ? { proof: "jwt" } : {}),
        ...(known?.displayName === undefined && displayName !== undefined ? { displayName } : {}),
      };
      if (Object.keys(changes).length === 0) return;
      if (known) await store.users.update(userId, changes);
      else await store.users.ensure(userId, changes, clock.now());
      await people.refresh(userId);
      if (!known) onRegistered?.(userId);
    },

    async revoke(token) {
      if (token.kind === "host") host?.withdrawn.withdraw(token);
      else await tokens.revoke(token.userId, token.id);
    },

    async revokeAll(userId) {
      host?.withdrawn.withdrawAll(userId);
      for (const { id } of await tokens.list(userId)) await tokens.revoke(userId, id);
    },

    erased: (userId) => host?.withdrawn.withdrawAll(userId),
  };
}
