import type { PushDevices, Steady } from "@echoo/core";
import { limits } from "@echoo/protocol";
import type { ExternalJwtAccess } from "../external-jwt/external-jwt-access.ts";
import { type WelcomeDeps, welcomeExternalUser } from "../external-jwt/welcome-external-user.ts";
import type { GoodToken } from "./good-token.ts";
import { revokeTokens, type Tokens } from "./tokens.ts";

/** Whatever may be sent as a token, on a socket or with a request. */
export interface Credentials {
  /**
   * Undefined for whatever is no living token. Rejects with `StoreUnavailable`, or with the refusal `unavailable` where
   * the host product's keys cannot be read; and with `unauthorized` where all of the user's were
   * withdrawn so lately that a new one cannot be told from them yet. Changes nothing but the token's last use.
   */
  check(secret: string): Promise<GoodToken | undefined>;
  /**
   * Creates the user of a token that was found good at that time, if the host product sends a new one. Its first
   * token for a known id proves whose the id is, and ends what others were given before. Refuses with
   * `unauthorized` where the token was withdrawn since: no user who was erased meanwhile is made anew.
   */
  welcome(token: GoodToken, goodAtMs: Steady): Promise<void>;
  /**
   * Whether one that was good at that time may still be used. Refuses with `unavailable` while it is not known what
   * other servers withdrew.
   */
  isStillGood(token: GoodToken, goodAtMs: Steady): Promise<boolean>;
  /** Whether one that was good at that time was revoked or logged out since, as far as this server did so itself. */
  hasEnded(token: GoodToken, goodAtMs: Steady): boolean;
  /** From now on it is no good token. Its sockets are the caller's to cut. */
  revoke(token: GoodToken): Promise<void>;
  /** The same for all of this user's. */
  revokeAll(userId: string): Promise<void>;
  /** The account is about to be erased: its own tokens go with it, those of the host product must not bring it back. */
  erasing(userId: string): Promise<void>;
}

interface CredentialsDeps extends WelcomeDeps {
  readonly tokens: Pick<Tokens, "verify" | "list" | "revoke" | "wasRevoked">;
  /** Absent where the host product's tokens are not accepted. */
  readonly host: ExternalJwtAccess | undefined;
  /** Those of the server's own tokens go with them in the store; those of the host product's are told of here. */
  readonly pushDevices: Pick<PushDevices, "removeOfToken">;
}

/** Three parts with dots between them: the server's own tokens have none. */
const compactJws = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export function createCredentials(deps: CredentialsDeps): Credentials {
  const { tokens, host } = deps;
  const welcome = welcomeExternalUser(deps);

  function hasEnded(token: GoodToken, goodAtMs: Steady): boolean {
    if (token.kind === "own") return tokens.wasRevoked(token.id);
    return host === undefined || host.withdrawn.hasEnded(token, goodAtMs);
  }

  return {
    async check(secret) {
      if (secret.length > limits.tokenChars) return undefined;
      if (host && compactJws.test(secret)) return host.tokens.verify(secret);
      const token = await tokens.verify(secret);
      return token && { id: token.id, userId: token.userId, expiresAtMs: token.expiresAtMs, kind: "own" };
    },

    async welcome(token, goodAtMs) {
      if (token.kind === "host") await welcome(token, () => hasEnded(token, goodAtMs));
    },

    async isStillGood(token, goodAtMs) {
      if (token.kind === "host") return host !== undefined && !(await host.withdrawn.hasEndedAnywhere(token, goodAtMs));
      return (await tokens.list(token.userId)).some(({ id }) => id === token.id);
    },
    hasEnded,

    async revoke(token) {
      if (token.kind === "host") {
        await host?.withdrawn.withdraw(token);
        await deps.pushDevices.removeOfToken(token.userId, token.id);
      } else await tokens.revoke(token.userId, token.id);
    },

    async revokeAll(userId) {
      await host?.withdrawn.withdrawAll(userId);
      if (host) await deps.pushDevices.removeOfToken(userId);
      await revokeTokens(tokens, userId);
    },

    async erasing(userId) {
      await host?.withdrawn.withdrawAll(userId);
    },
  };
}
