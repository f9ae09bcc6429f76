import { inSteps, type MadeVerdict, type Pause, replacesVerdict, type StoredCall } from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";

/** Calls read in one request. */
const callsPerStep = 50;

/** A document that another writer has just made may not have reached the majority yet. */
const newest = { readConcern: { level: "local" } } as const;

export async function findCalls(
  link: MongoLink,
  calls: Collection<CallDocument>,
  callIds: readonly string[],
  pause: Pause,
): Promise<readonly StoredCall[]> {
  const found: StoredCall[] = [];
  await inSteps([...new Set(callIds)], callsPerStep, pause, async (some) => {
    const documents = await link.run(() => calls.find({ _id: { $in: some.map(text) } }, newest).toArray());
    found.push(...documents.map(toStoredCall));
  });
  return found;
}

/** All at once; where another writer was faster with one, that one is looked at again. */
export async function putVerdicts(
  link: MongoLink,
  calls: Collection<CallDocument>,
  made: readonly MadeVerdict[],
): Promise<void> {
  if (made.length === 0) return;
  const wanted = new Map(made.map((one) => [text(one.callId), one.verdict]));
  await retryOptimistically(async () => {
    const found = await link.run(() => calls.find({ _id: { $in: [...wanted.keys()] } }, newest).toArray());
    const writes = found.flatMap((document) => {
      const verdict = wanted.get(document._id);
      if (verdict === undefined || !replacesVerdict(toStoredCall(document).verdict, verdict)) return [];
      const text = JSON.stringify(verdict);
      if (text === document.verdict) return [];
      const before = document.verdict === undefined ? { $exists: false } : document.verdict;
      const filter = { _id: document._id, verdict: before } as Filter<CallDocument>;
      return [{ updateOne: { filter, update: { $set: { verdict: text, verdictCode: verdict.operator.code } } } }];
    });
    if (writes.length === 0) return true;
    const done = await link.run(() => calls.bulkWrite(writes, { ordered: false }));
    return done.matchedCount === writes.length ? true : undefined;
  });
}
