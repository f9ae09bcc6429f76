import type { Instant, SampleBatch, SideSummary, Statistics, StoredSummary } from "@echoo/core";
import type { Collection } from "mongodb";
import { charsPerStep, createPacer } from "../../long-work/pacer.ts";
import { inSteps, type Pause } from "../../long-work/pause.ts";
import { byCodePoint } from "../../tables/store-tables.ts";
import { untilNoDuplicate } from "./by-turns.ts";
import { eachDocument } from "./each-document.ts";
import type { MongoLink } from "./mongo-link.ts";
import { joinKey, keysUnder, splitKey } from "./statistics-key.ts";
import { text } from "./stored-text.ts";
import { upsertAll } from "./upsert-all.ts";

/** Batches of samples, and calls, whose documents are read in one request. */
const batchesPerStep = 25;
const callsPerStep = 50;

/** `_id` is callId:reporter:batch. */
export interface SampleDocument {
  readonly _id: string;
  readonly reporter: string;
  readonly receivedAtMs: Instant;
  /** As JSON: half the size, and no name in it can mean anything to the database. */
  readonly samples: string;
}

/** `_id` is callId:reporter. */
export interface StatsDocument {
  readonly _id: string;
  readonly callId: string;
  readonly reporter: string;
  readonly summary?: SideSummary;
  readonly reported?: string;
  readonly reportedAtMs?: Instant;
  readonly updatedAtMs: Instant;
}

function toBatch({ _id, reporter, receivedAtMs, samples }: SampleDocument): SampleBatch {
  const [callId = "", , batch = ""] = splitKey(_id);
  return { callId, reporter, batch, receivedAtMs, samples: JSON.parse(samples) as SampleBatch["samples"] };
}

function toSummary({ callId, reporter, summary, reported, updatedAtMs }: StatsDocument): StoredSummary {
  return {
    ...{ callId, reporter, updatedAtMs },
    ...(summary === undefined ? {} : { summary }),
    ...(reported === undefined ? {} : { reported }),
  };
}

async function addSamples(
  link: MongoLink,
  collection: Collection<SampleDocument>,
  batches: readonly SampleBatch[],
): Promise<void> {
  const writes = batches.map(({ callId, reporter, batch, receivedAtMs, samples: list }) => {
    const samples = JSON.stringify(list);
    const update = { $setOnInsert: { reporter: text(reporter), receivedAtMs, samples } };
    const filter = { _id: joinKey(callId, reporter, batch) };
    return { write: { updateOne: { filter, update, upsert: true } }, chars: samples.length };
  });
  await upsertAll(link, collection, writes);
}

/** In steps: a long call has thousands of samples. */
async function readSamples(
  link: MongoLink,
  collection: Collection<SampleDocument>,
  pause: Pause,
  callId: string,
  reporter: string,
): Promise<readonly SampleBatch[]> {
  const cursor = collection.find({ _id: keysUnder(callId, reporter) }, { batchSize: batchesPerStep });
  const pace = createPacer(pause, charsPerStep);
  const batches: SampleBatch[] = [];
  await eachDocument(link, cursor, (document) => {
    batches.push(toBatch(document));
    return pace(document.samples.length);
  });
  return batches.sort((a, b) => a.receivedAtMs - b.receivedAtMs || byCodePoint(a.batch, b.batch));
}

export function mongoStatistics(link: MongoLink, pause: Pause): Statistics {
  const samples = link.collection<SampleDocument>("call_samples");
  const stats = link.collection<StatsDocument>("call_stats");

  return {
    addSamples: (batches) => addSamples(link, samples, batches),
    samples: (callId, reporter) => readSamples(link, samples, pause, callId, reporter),
    async putSummary(callId, reporter, summary, nowMs) {
      const side = { callId: text(callId), reporter: text(reporter) };
      const update = { $setOnInsert: side, $set: { summary }, $max: { updatedAtMs: nowMs } };
      await untilNoDuplicate(() =>
        link.run(() => stats.updateOne({ _id: joinKey(callId, reporter) }, update, { upsert: true })),
      );
    },
    async putReported(reported) {
      const sides = reported.map(({ callId, reporter, receivedAtMs }) => {
        const side = { callId: text(callId), reporter: text(reporter), updatedAtMs: receivedAtMs };
        const filter = { _id: joinKey(callId, reporter) };
        return { write: { updateOne: { filter, update: { $setOnInsert: side }, upsert: true } }, chars: 300 };
      });
      await upsertAll(link, stats, sides);
      const writes = reported.map(({ callId, reporter, receivedAtMs, body }) => {
        // Of two reports the later one stands, whichever comes first.
        const filter = { _id: joinKey(callId, reporter), reportedAtMs: { $not: { $gt: receivedAtMs } } };
        const said = { reported: text(body), reportedAtMs: receivedAtMs };
        const update = { $set: said, $max: { updatedAtMs: receivedAtMs } };
        return { write: { updateOne: { filter, update } }, chars: body.length };
      });
      await upsertAll(link, stats, writes);
    },
    async summaries(callIds) {
      const found: StoredSummary[] = [];
      await inSteps([...new Set(callIds)], callsPerStep, pause, async (some) => {
        const documents = await link.run(() => stats.find({ callId: { $in: some.map(text) } }).toArray());
        found.push(...documents.map(toSummary));
      });
      return found;
    },
    async sweepSamples(beforeMs, limit) {
      const old = await link.run(() =>
        samples
          .find({ receivedAtMs: { $lt: beforeMs } }, { projection: { _id: 1 } })
          .sort({ receivedAtMs: 1 })
          .limit(limit)
          .toArray(),
      );
      if (old.length === 0) return 0;
      const ids = old.map(({ _id }) => _id);
      return (await link.run(() => samples.deleteMany({ _id: { $in: ids } }))).deletedCount;
    },
  };
}
