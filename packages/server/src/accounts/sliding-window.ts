import type { Clock } from "@echoo/core";
import type { Limit, LimitRule } from "./limit.ts";

/** A limit in this process's memory. Beyond `maxKeys` the key that has been quiet longest is forgotten. */
export function createSlidingWindow(clock: Clock, { max, windowMs }: LimitRule, maxKeys: number): Limit {
  // In the order of their last count, so that the first key is the quietest.
  const times = new Map<string, readonly number[]>();

  function recent(key: string): readonly number[] {
    const since = clock.now() - windowMs;
    return (times.get(key) ?? []).filter((time) => time > since);
  }

  function wait(counted: readonly number[]): number {
    const oldest = counted[counted.length - max];
    return oldest === undefined ? 0 : oldest + windowMs - clock.now();
  }

  return {
    waitMs: async (key) => wait(recent(key)),
    async take(key) {
      const counted = recent(key);
      const waitMs = wait(counted);
      if (waitMs > 0) return waitMs;
      times.delete(key);
      times.set(key, [...counted, clock.now()]);
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
