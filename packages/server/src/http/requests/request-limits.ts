import { type ClientAddress, countKey, crowdFactor } from "@echoo/accounts";
import type { Clock } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { createRateCounter, type RateCounter } from "../../web/rate-counter.ts";

/** Requests a minute. */
export interface RequestRates {
  readonly perAddress: number;
  readonly perUser: number;
}

/** Many people may share an address, so it gets more than one person; those whom no proxy tells apart get more still. */
export const usualRates: RequestRates = { perAddress: 6000, perUser: 1200 };

export interface RequestLimits {
  /** Refuses with rate_limited, and says when to come back. */
  countClient(client: ClientAddress): Promise<void>;
  countUser(userId: string): Promise<void>;
}

export function createRequestLimits(enabled: boolean, clock: Clock, rates: RequestRates): RequestLimits {
  if (!enabled) return { countClient: async () => {}, countUser: async () => {} };
  const byAddress = createRateCounter(rates.perAddress, clock);
  const byCrowd = createRateCounter(rates.perAddress * crowdFactor, clock);
  const byUser = createRateCounter(rates.perUser, clock);
  return {
    countClient: (client) => requireRoom(client.unknown === undefined ? byAddress : byCrowd, countKey(client)),
    countUser: (userId) => requireRoom(byUser, userId),
  };
}

async function requireRoom(counter: RateCounter, key: string): Promise<void> {
  const retryInMs = await counter.count(key);
  if (retryInMs > 0) throw new Refusal("rate_limited", { retryInMs });
}
