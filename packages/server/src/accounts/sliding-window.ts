import type { Clock } from "@echoo/core";

/** Counts what was allowed per key within the last stretch of time. */
export interface SlidingWindow {
  /** How long until one more is allowed; 0 if it is now. Asking counts nothing. */
  waitMs(key: string): number;
  count(key: string): void;
}

interface WindowOptions {
  readonly max: number;
  readonly windowMs: number;
  /** Beyond it the key that has been quiet longest is forgotten. */
  readonly maxKeys: number;
}

export function createSlidingWindow(clock: Clock, { max, windowMs, maxKeys }: WindowOptions): SlidingWindow {
  // In the order of their last count, so that the first key is the quietest.
  const times = new Map<string, number[]>();

  function recent(key: string): number[] {
    const since = clock.now() - windowMs;
    return (times.get(key) ?? []).filter((time) => time > since);
  }

  return {
    waitMs(key) {
      const counted = recent(key);
      const oldest = counted[counted.length - max];
      return oldest === undefined ? 0 : oldest + windowMs - clock.now();
    },
    count(key) {
      const counted = [...recent(key), clock.now()].slice(-max);
      times.delete(key);
      times.set(key, counted);
      if (times.size <= maxKeys) return;
      const [quietest] = times.keys();
      if (quietest !== undefined) times.delete(quietest);
    },
  };
}
