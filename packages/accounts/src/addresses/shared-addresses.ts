import { type Clock, ClusterAway, type SharedAddresses, type Steady } from "@echoo/core";
import { LRUCache } from "lru-cache";
import type { GoodToken } from "../tokens/good-token.ts";
import { addressKey } from "./connection-facts.ts";
import { createVerifiedAddresses, maxRemembered, maxTokens, type VerifiedAddresses } from "./verified-addresses.ts";

/** A use is told to the others so often at the most: they remember it for a day. */
const tellEveryMs = 10 * 60_000;

/**
 * Addresses that used a token of a user on any of several servers. While the place that they share is away each server
 * goes by what it has seen itself.
 */
export function sharedVerifiedAddresses(clock: Clock, shared: SharedAddresses): VerifiedAddresses {
  const own = createVerifiedAddresses(clock);
  /** When a use was told, by user, address and token. */
  const told = new LRUCache<string, Steady>({ max: maxRemembered });

  return {
    async note(token, from, usedAtMs) {
      if (!from.vouches) return;
      await own.note(token, from, usedAtMs);
      const { id, userId } = token;
      const address = addressKey(from.address);
      const key = `${address} ${userId} ${id}`;
      if (clock.steady() - (told.get(key) ?? Number.NEGATIVE_INFINITY) < tellEveryMs) return;
      const use = { id, token: JSON.stringify(token), agoMs: Math.max(0, clock.steady() - usedAtMs) };
      await shared.noteUse(userId, address, use, maxTokens).then(
        () => told.set(key, clock.steady()),
        () => undefined,
      );
    },
    async seen(userId, from) {
      if (!from.vouches) return [];
      try {
        const uses = await shared.uses(userId, addressKey(from.address));
        return uses.map(({ token, agoMs }) => ({
          token: JSON.parse(token) as GoodToken,
          usedAtMs: clock.steady() - agoMs,
        }));
      } catch (error) {
        if (!(error instanceof ClusterAway)) throw error;
        return own.seen(userId, from);
      }
    },
  };
}
