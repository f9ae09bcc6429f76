import type { Clock } from "@echoo/core";
import { addressKey } from "./connection-facts.ts";

const rememberedMs = 24 * 3_600_000;
const maxRemembered = 20_000;

/** Which address used which user's token lately, for an app that has a token and cannot send it on its socket. */
export interface VerifiedAddresses {
  note(userId: string, address: string): void;
  /** Whether that user's token came from that address within 24 hours. */
  knows(userId: string, address: string): boolean;
}

export function createVerifiedAddresses(clock: Clock): VerifiedAddresses {
  // In the order of their last use, so that the first is the oldest.
  const lastUse = new Map<string, number>();
  const keyOf = (userId: string, address: string) => `${addressKey(address)} ${userId}`;
  return {
    note(userId, address) {
      const key = keyOf(userId, address);
      lastUse.delete(key);
      lastUse.set(key, clock.now());
      const [oldest] = lastUse.keys();
      if (lastUse.size > maxRemembered && oldest !== undefined) lastUse.delete(oldest);
    },
    knows(userId, address) {
      const usedAtMs = lastUse.get(keyOf(userId, address));
      return usedAtMs !== undefined && clock.now() - usedAtMs < rememberedMs;
    },
  };
}
