import { type Instant, inSteps, type Pause } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";

/** Calls whose documents are read in one request. */
const callsPerStep = 50;

/** What is kept of these calls, in requests of a bounded size. */
export async function readByCall<T extends { readonly callId: string }>(
  link: MongoLink,
  collection: Collection<T>,
  callIds: readonly string[],
  pause: Pause,
) {
  const found: T[] = [];
  await inSteps([...new Set(callIds)], callsPerStep, pause, async (some) => {
    const filter = { callId: { $in: some.map(text) } } as Filter<T>;
    found.push(...((await link.run(() => collection.find(filter).toArray())) as T[]));
  });
  return found;
}

/** Deletes those that were received before, the oldest first, and so many at most; tells how many. */
export async function sweepReceived<T extends { readonly _id: string; readonly receivedAtMs: Instant }>(
  link: MongoLink,
  collection: Collection<T>,
  beforeMs: Instant,
  limit: number,
): Promise<number> {
  const old = await link.run(() =>
    collection
      .find({ receivedAtMs: { $lt: beforeMs } } as Filter<T>, { projection: { _id: 1 } })
      .sort({ receivedAtMs: 1 })
      .limit(limit)
      .toArray(),
  );
  if (old.length === 0) return 0;
  const ids = old.map(({ _id }) => _id);
  return (await link.run(() => collection.deleteMany({ _id: { $in: ids } } as Filter<T>))).deletedCount;
}
