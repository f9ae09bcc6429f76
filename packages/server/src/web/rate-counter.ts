import type { Clock, Steady } from "@echoo/core";

const windowMs = 60_000;
/** Keys counted by themselves within a minute. Those beyond share one count: a flood of addresses must not fill memory. */
export const keysMax = 100_000;
const crowd = "everybody else";

/** Counts what many keys do, each within minutes of its own. */
export interface RateCounter {
  /** Counts one more: 0 if it is allowed, else how long until one will be. */
  count(key: string): Promise<number>;
}

interface Minute {
  readonly sinceMs: Steady;
  count: number;
}

/** In this process's memory. The one place to change when several servers are to count together. */
export function createRateCounter(perMinute: number, clock: Clock, maxKeys = keysMax): RateCounter {
  // In the order of their beginning, so that those that are over come first.
  const minutes = new Map<string, Minute>();

  function forgetOver(nowMs: Steady): void {
    for (const [key, { sinceMs }] of minutes) {
      if (nowMs - sinceMs < windowMs) return;
      minutes.delete(key);
    }
  }

  function begin(key: string, nowMs: Steady): Minute {
    const minute = { sinceMs: nowMs, count: 0 };
    minutes.set(key, minute);
    return minute;
  }

  return {
    async count(key) {
      const nowMs = clock.steady();
      forgetOver(nowMs);
      const counted = minutes.has(key) || minutes.size < maxKeys ? key : crowd;
      const minute = minutes.get(counted) ?? begin(counted, nowMs);
      minute.count += 1;
      return minute.count <= perMinute ? 0 : Math.max(1, minute.sinceMs + windowMs - nowMs);
    },
  };
}
