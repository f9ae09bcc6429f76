import type { Clock } from "@echoo/core";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

const windowSec = 60;
/** Keys counted by themselves within a minute. Those beyond share one count: a flood of addresses must not fill memory. */
const keysMax = 100_000;
const crowd = "everybody else";

/** Counts what many keys do, each within minutes of its own. */
export interface RateCounter {
  /** Counts one more: 0 if it is allowed, else how long until one will be. */
  count(key: string): Promise<number>;
}

/** In this process's memory. The one place to change when several servers are to count together. */
export function createRateCounter(perMinute: number, clock: Clock, maxKeys = keysMax): RateCounter {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: windowSec });
  let keys = new Set<string>();
  let sinceMs = clock.now();

  function counted(key: string): string {
    if (clock.now() - sinceMs > windowSec * 1000) {
      sinceMs = clock.now();
      keys = new Set();
    }
    if (!keys.has(key) && keys.size >= maxKeys) return crowd;
    keys.add(key);
    return key;
  }

  return {
    async count(key) {
      try {
        await limiter.consume(counted(key));
        return 0;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return Math.max(1, refused.msBeforeNext);
      }
    },
  };
}
