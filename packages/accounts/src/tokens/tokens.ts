import { createHash } from "node:crypto";
import type { Clock, Ids, Instant, Token, Tokens as TokenStore } from "@echoo/core";
import { limits } from "@echoo/protocol";

const lifetimeMs = 30 * 24 * 3_600_000;
/** How exactly the last use is known: writing it with each request would cost a write a request. */
const touchEveryMs = 5 * 60_000;
/** How many revoked tokens are remembered, for those who are just coming in by one. */
export const maxRevoked = 10_000;
/** Beyond it the oldest of a user's tokens goes when a new one comes. */
export const maxTokensPerUser = 100;

export interface IssuedToken {
  /** Known to its owner alone from now on. */
  readonly secret: string;
  readonly token: Token;
  /** Tokens that had to go for it; their sockets are to be cut. */
  readonly evicted: readonly string[];
}

/** Opaque tokens of 256 bits, each of one user and one device, good for 30 days from their last use. */
export interface Tokens {
  issue(userId: string, device: string | undefined): Promise<IssuedToken>;
  /** The living token with this secret, counted as used now. */
  verify(secret: string): Promise<Token | undefined>;
  /** Counts a live socket as use, and tells when the token now expires. */
  keepAlive(tokenId: string): Promise<Instant>;
  list(userId: string): Promise<readonly Token[]>;
  revoke(userId: string, tokenId: string): Promise<boolean>;
  /** Whether this server revoked it lately: a client that was let in by it a moment ago must not enter any more. */
  wasRevoked(tokenId: string): boolean;
}

interface TokenDeps {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "tokenId">;
  readonly randomSecret: () => string;
}

export function createTokens({ store, clock, ids, randomSecret }: TokenDeps): Tokens {
  const revoked = new Set<string>();

  async function revoke(userId: string, tokenId: string): Promise<boolean> {
    const isRevoked = await store.revoke(userId, tokenId);
    if (isRevoked) revoked.add(tokenId);
    const [oldest] = revoked;
    if (revoked.size > maxRevoked && oldest !== undefined) revoked.delete(oldest);
    return isRevoked;
  }

  async function touch(tokenId: string): Promise<Instant> {
    const expiresAtMs = clock.now() + lifetimeMs;
    return store.touch(tokenId, clock.now(), expiresAtMs);
  }

  return {
    async issue(userId, device) {
      const nowMs = clock.now();
      const living = await store.list(userId, nowMs);
      const evicted = living.slice(maxTokensPerUser - 1).map((token) => token.id);
      for (const id of evicted) await revoke(userId, id);
      const secret = randomSecret();
      const times = { createdAtMs: nowMs, lastUsedAtMs: nowMs, expiresAtMs: nowMs + lifetimeMs };
      const named = device === undefined ? {} : { device };
      const token: Token = { id: ids.tokenId(), userId, hash: hashOf(secret), ...named, ...times };
      await store.insert(token);
      return { secret, token, evicted };
    },
    async verify(secret) {
      if (secret.length > limits.tokenChars) return undefined;
      const token = await store.findByHash(hashOf(secret), clock.now());
      // A use in the future is one from before the clock was set back. Which time was right is not known, and a shorter
      // life would log its owner out if that one was: it keeps the longer.
      if (token === undefined || clock.now() - token.lastUsedAtMs < touchEveryMs) return token;
      return { ...token, lastUsedAtMs: clock.now(), expiresAtMs: await touch(token.id) };
    },
    keepAlive: touch,
    list: (userId) => store.list(userId, clock.now()),
    revoke,
    wasRevoked: (tokenId) => revoked.has(tokenId),
  };
}

/** All of this user's. Their sockets are the caller's to cut. */
export async function revokeTokens(tokens: Pick<Tokens, "list" | "revoke">, userId: string): Promise<void> {
  for (const { id } of await tokens.list(userId)) await tokens.revoke(userId, id);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
