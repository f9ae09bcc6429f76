import { Refusal } from "@echoo/protocol";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { addressKey } from "../../accounts/connection-facts.ts";

/** Requests a minute. */
export interface RequestRates {
  readonly perAddress: number;
  readonly perUser: number;
}

/** Many people may share an address, so it gets more than one person. */
const usualRates: RequestRates = { perAddress: 6000, perUser: 1200 };

export interface RequestLimits {
  /** Refuses with rate_limited, and says when to come back. */
  countAddress(address: string): Promise<void>;
  countUser(userId: string): Promise<void>;
}

export function createRequestLimits(enabled: boolean, rates: RequestRates = usualRates): RequestLimits {
  if (!enabled) return { countAddress: async () => {}, countUser: async () => {} };
  const byAddress = new RateLimiterMemory({ points: rates.perAddress, duration: 60 });
  const byUser = new RateLimiterMemory({ points: rates.perUser, duration: 60 });
  return {
    countAddress: (address) => count(byAddress, addressKey(address)),
    countUser: (userId) => count(byUser, userId),
  };
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new Refusal("rate_limited", { retryInMs: refused.msBeforeNext });
  }
}
