import type { Clock, Steady } from "@echoo/core";
import { LRUCache } from "lru-cache";
import type { GoodToken } from "../tokens/good-token.ts";
import type { ClientAddress } from "./client-address.ts";
import { addressKey } from "./connection-facts.ts";

const rememberedMs = 24 * 3_600_000;
export const maxRemembered = 20_000;
/** A person's devices at one address. */
export const maxTokens = 4;

/** A token that was used from an address, and when it was good for the last time that is known. */
interface SeenToken {
  readonly token: GoodToken;
  readonly usedAtMs: Steady;
}

/** Which address used which user's token lately, for an app that has a token and cannot send it on its socket. */
export interface VerifiedAddresses {
  /** Notes nothing where an address says nothing of which user a client is. Never rejects. */
  note(token: GoodToken, from: ClientAddress, usedAtMs: Steady): Promise<void>;
  /** That user's tokens that came from that address within 24 hours, the last one first. They may have ended since. */
  seen(userId: string, from: ClientAddress): Promise<readonly SeenToken[]>;
}

export function createVerifiedAddresses(clock: Clock): VerifiedAddresses {
  const lastUses = new LRUCache<string, readonly SeenToken[]>({ max: maxRemembered });
  const keyOf = (userId: string, address: string) => `${addressKey(address)} ${userId}`;
  return {
    async note(token, { address, vouches }, usedAtMs) {
      if (!vouches) return;
      const key = keyOf(token.userId, address);
      const others = (lastUses.peek(key) ?? []).filter((seen) => seen.token.id !== token.id);
      lastUses.set(key, [{ token, usedAtMs }, ...others].slice(0, maxTokens));
    },
    async seen(userId, { address, vouches }) {
      if (!vouches) return [];
      const all = lastUses.peek(keyOf(userId, address)) ?? [];
      return all.filter(({ usedAtMs }) => clock.steady() - usedAtMs < rememberedMs);
    },
  };
}
