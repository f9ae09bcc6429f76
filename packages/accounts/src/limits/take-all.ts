import type { Limit } from "./limit.ts";

/** A limit, and whose count of it is meant. */
export interface Counted {
  readonly limit: Limit;
  readonly key: string;
}

/** How long until one more is allowed by every one of them; 0 if it is now. */
export async function waitForAll(all: readonly Counted[]): Promise<number> {
  const waits = await Promise.all(all.map(({ limit, key }) => limit.waitMs(key)));
  return Math.max(0, ...waits);
}

/** Counts one more for every one of them, or for none; how long to wait, where it cannot be. */
export async function takeAll(all: readonly Counted[]): Promise<number> {
  const waitMs = await waitForAll(all);
  if (waitMs > 0) return waitMs;
  const taken: Counted[] = [];
  for (const each of all) {
    const refusedMs = await each.limit.take(each.key);
    if (refusedMs === 0) {
      taken.push(each);
      continue;
    }
    await giveBackAll(taken);
    return refusedMs;
  }
  return 0;
}

export async function giveBackAll(all: readonly Counted[]): Promise<void> {
  for (const { limit, key } of all) await limit.giveBack(key);
}
