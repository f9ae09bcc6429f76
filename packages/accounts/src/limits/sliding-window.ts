import type { Clock, Steady } from "@echoo/core";
import type { Limit, LimitRule } from "./limit.ts";

/** A limit in this process's memory. Beyond `maxKeys` the key that has been quiet longest is forgotten. */
export function createSlidingWindow(clock: Clock, { max, windowMs }: LimitRule, maxKeys: number): Limit {
  // In the order of their last count, so that the first key is the quietest.
  const times = new Map<string, readonly Steady[]>();

  function recent(key: string): readonly Steady[] {
    const since = clock.steady() - windowMs;
    return (times.get(key) ?? []).filter((time) => time > since);
  }

  function wait(counted: readonly Steady[]): number {
    const oldest = counted[counted.length - max];
    return oldest === undefined ? 0 : oldest + windowMs - clock.steady();
  }

  return {
    count: async (key) => recent(key).length,
    waitMs: async (key) => wait(recent(key)),
    async take(key) {
      const counted = recent(key);
      const waitMs = wait(counted);
      if (waitMs > 0) return waitMs;
      times.delete(key);
      times.set(key, [...counted, clock.steady()]);
      if (times.size <= maxKeys) return 0;
      const [quietest] = times.keys();
      if (quietest !== undefined) times.delete(quietest);
      return 0;
    },
    async giveBack(key) {
      const left = recent(key).slice(0, -1);
      if (left.length > 0) times.set(key, left);
      else times.delete(key);
    },
  };
}
