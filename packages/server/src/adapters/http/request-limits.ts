import type { Clock } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { addressKey } from "../../accounts/connection-facts.ts";
import { createRateCounter, type RateCounter } from "../../rate-counter.ts";

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

export function createRequestLimits(enabled: boolean, clock: Clock, rates: RequestRates = usualRates): RequestLimits {
  if (!enabled) return { countAddress: async () => {}, countUser: async () => {} };
  const byAddress = createRateCounter(rates.perAddress, clock);
  const byUser = createRateCounter(rates.perUser, clock);
  return {
    countAddress: (address) => demand(byAddress, addressKey(address)),
    countUser: (userId) => demand(byUser, userId),
  };
}

async function demand(counter: RateCounter, key: string): Promise<void> {
  const retryInMs = await counter.count(key);
  if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
}
