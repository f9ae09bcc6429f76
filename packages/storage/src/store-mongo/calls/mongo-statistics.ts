import type { Instant, Pause, SampleBatch, SamplePage, SideSummary, Statistics, StoredSummary } from "@echoo/core";
import type { AnyBulkWriteOperation, Collection, Filter } from "mongodb";
import { recordBounds } from "../../records/record-bounds.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { upsertAll } from "../link/upsert-all.ts";
import { readByCall, sweepReceived } from "./read-by-call.ts";
import { joinKey, keysUnder, splitKey } from "./statistics-key.ts";

const { batchesPerPage, charsPerPage } = recordBounds;

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

/** What is sent beyond the page's size is not even taken apart. */
async function samplePage(collection: Collection<SampleDocument>, filter: Filter<SampleDocument>): Promise<SamplePage> {
  const batches: SampleBatch[] = [];
  let chars = 0;
  for await (const document of collection.find(filter).sort({ _id: 1 }).limit(batchesPerPage)) {
    chars += document.samples.length;
    batches.push(toBatch(document));
    if (chars >= charsPerPage) break;
  }
  const isLast = batches.length < batchesPerPage && chars < charsPerPage;
  const next = isLast ? undefined : batches.at(-1)?.batch;
  return { batches, ...(next === undefined ? {} : { next }) };
}

async function thinSamples(
  link: MongoLink,
  collection: Collection<SampleDocument>,
  batches: readonly SampleBatch[],
): Promise<void> {
  if (batches.length === 0) return;
  const writes = batches.map(({ callId, reporter, batch, samples }): AnyBulkWriteOperation<SampleDocument> => {
    const filter = { _id: joinKey(callId, reporter, batch) };
    if (samples.length === 0) return { deleteOne: { filter } };
    return { updateOne: { filter, update: { $set: { samples: JSON.stringify(samples) } } } };
  });
  await link.run(() => collection.bulkWrite(writes, { ordered: false }));
}

export function mongoStatistics(link: MongoLink, pause: Pause): Statistics {
  const samples = link.collection<SampleDocument>("call_samples");
  const stats = link.collection<StatsDocument>("call_stats");

  return {
    addSamples: (batches) => addSamples(link, samples, batches),
    samplePage(callId, reporter, after) {
      const { $gt, $lt } = keysUnder(callId, reporter);
      const _id = { $gt: after === undefined ? $gt : joinKey(callId, reporter, after), $lt };
      return link.run(() => samplePage(samples, { _id }));
    },
    thinSamples: (batches) => thinSamples(link, samples, batches),
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
      return (await readByCall(link, stats, callIds, pause)).map(toSummary);
    },
    sweepSamples: (beforeMs, limit) => sweepReceived(link, samples, beforeMs, limit),
  };
}
