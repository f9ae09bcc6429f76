import { createHmac } from "node:crypto";
import type { Clock, Instant, Steady, Store } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { LRUCache } from "lru-cache";
import type { GoodToken } from "../tokens/good-token.ts";
import { clockSkewMs } from "./clock-skew.ts";
import type { WithdrawnElsewhere } from "./withdrawn-elsewhere.ts";

export const withdrawnInMemoryMax = 20_000;
/** One more of a user's, and all of theirs that were issued until then are withdrawn instead. */
export const withdrawalBounds = { maxOfOwner: 100, maxInAll: 100_000 };
/** All of a user's are withdrawn for so long at the least, and for as long as the longest life that a token had. */
const leastMs = 30 * 24 * 3_600_000;
/** Issue times are whole seconds. */
const secondMs = 1000;

/** How a token was withdrawn. */
interface Withdrawn {
  /** When a new one of the same user will be told from it; absent where it is told now, or never will be. */
  readonly retryInMs?: number;
}

/**
 * Tokens of the host product that were logged out, and users whose tokens all were. Echoo cannot take such a token
 * back; it refuses it until it would have ended, restarts included.
 */
export interface RevokedExternalTokens {
  withdraw(token: GoodToken): Promise<void>;
  /** Every token that was issued to this user until now, by whichever clock the host product has. */
  withdrawAll(userId: string): Promise<void>;
  /** Undefined unless it was withdrawn, by itself or with all of its user's. */
  find(token: GoodToken, issuedAtSec: number | undefined): Promise<Withdrawn | undefined>;
  /** Whether one that was good at that moment was withdrawn since, by this process. */
  hasEnded(token: GoodToken, goodAtMs: Steady): boolean;
  /** The same by any server. Refuses with `unavailable` while that cannot be known. */
  hasEndedAnywhere(token: GoodToken, goodAtMs: Steady): Promise<boolean>;
}

interface RevokedExternalTokensDeps {
  readonly store: Pick<Store, "withdrawals">;
  readonly clock: Clock;
  /** The server's own: without it a stored withdrawal does not tell whose it is. */
  readonly secret: string;
  /** Absent where there are no other servers. */
  readonly elsewhere?: WithdrawnElsewhere | undefined;
}

interface Moment {
  readonly atMs: Instant;
  readonly steadyMs: Steady;
}

export function createRevokedExternalTokens(deps: RevokedExternalTokensDeps): RevokedExternalTokens {
  const { store, clock, secret, elsewhere } = deps;
  // What this process withdrew itself, by its keys: the newest of it, for looking at one does not keep it.
  const own = new LRUCache<string, Moment>({ max: withdrawnInMemoryMax });
  let longestMs = leastMs;
  const { tokenKey, userKey } = keysWith(secret);

  /** Stored before it is remembered: where it cannot be stored nothing has happened, and it may be tried again. */
  async function note(key: string, owner: string, endMs: Instant): Promise<"kept" | "full"> {
    const moment = { atMs: clock.now(), steadyMs: clock.steady() };
    const expiresAtMs = Math.min(endMs + clockSkewMs, limits.latestTimeMs);
    const most = key === owner ? { ...withdrawalBounds, maxOfOwner: Number.MAX_SAFE_INTEGER } : withdrawalBounds;
    const outcome = await store.withdrawals.put({ key, owner, atMs: moment.atMs, expiresAtMs }, most, moment.atMs);
    // As of the moment when it is told: clients that were let in while it was stored are cut as well.
    if (outcome === "kept") {
      own.set(key, { ...moment, steadyMs: clock.steady() });
      await elsewhere?.tell(key, Math.max(secondMs, expiresAtMs - moment.atMs));
    }
    return outcome;
  }

  async function withdrawAll(userId: string): Promise<void> {
    const key = userKey(userId);
    await note(key, key, clock.now() + longestMs);
  }

  function hasEnded(token: GoodToken, goodAtMs: Steady): boolean {
    // It was issued before it was good: whatever ended all of its user's tokens since ended it as well.
    const all = own.peek(userKey(token.userId));
    return own.peek(tokenKey(token)) !== undefined || (all !== undefined && goodAtMs <= all.steadyMs);
  }

  return {
    async withdraw(token) {
      const outcome = await note(tokenKey(token), userKey(token.userId), token.expiresAtMs);
      if (outcome === "full") await withdrawAll(token.userId);
    },
    withdrawAll,
    async find(token, issuedAtSec) {
      longestMs = Math.max(longestMs, token.expiresAtMs - clock.now());
      const [one, all] = [tokenKey(token), userKey(token.userId)];
      const stored = await store.withdrawals.find([one, all], clock.now());
      if (stored.some(({ key }) => key === one) || own.peek(one) !== undefined) return {};
      const cut = cutMs(clock, own.peek(all), stored.find(({ key }) => key === all)?.atMs);
      if (cut === undefined) return undefined;
      // A token that does not say when it was issued may be an old one.
      if (issuedAtSec === undefined) return {};
      if (issuedAtSec * secondMs > cut + clockSkewMs) return undefined;
      return clock.now() > cut + 2 * clockSkewMs ? {} : { retryInMs: untilToldMs(cut, clock.now()) };
    },
    hasEnded,
    async hasEndedAnywhere(token, goodAtMs) {
      if (hasEnded(token, goodAtMs)) return true;
      const [one, all] = (await elsewhere?.agoMs([tokenKey(token), userKey(token.userId)])) ?? [];
      return one !== undefined || (all !== undefined && goodAtMs <= clock.steady() - all);
    },
  };
}

function keysWith(secret: string) {
  const keyed = (name: string) => createHmac("sha256", secret).update(`withdrawn:${name}`).digest("base64url");
  return {
    tokenKey: ({ id }: GoodToken) => keyed(`token:${id}`),
    userKey: (userId: string) => keyed(`user:${userId}`),
  };
}

/** When all of a user's were withdrawn, as the clock has it now: it may have been set since. */
function cutMs(clock: Clock, known: Moment | undefined, storedAtMs: Instant | undefined): Instant | undefined {
  if (known === undefined || (storedAtMs !== undefined && storedAtMs > known.atMs)) return storedAtMs;
  return clock.now() - (clock.steady() - known.steadyMs);
}

/**
 * How long until a token that is issued then is told from those of before; a host whose clock is behind needs longer.
 */
function untilToldMs(cut: Instant, now: Instant): number {
  return Math.max(secondMs, cut + clockSkewMs + secondMs - now);
}
