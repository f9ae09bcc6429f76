import {
  charsPerStep,
  createPacer,
  type Instant,
  type Pause,
  type QualityHour,
  type QualityHours,
  type QualityRow,
  type StoredCall,
} from "@echoo/core";
import type { Filter } from "mongodb";
import { hourMs } from "../../records/verdicts/hour-of.ts";
import { eachDocument } from "../link/each-document.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { untilNoDuplicate } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { upsertAll } from "../link/upsert-all.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";

/** `_id` is dimension:hour. */
export interface HourDocument {
  readonly _id: string;
  readonly hourMs: Instant;
  readonly dimension: string;
  /** As JSON: names of clients stand in it. */
  readonly groups: string;
}

/** `_id` is the hour, as text. */
export interface MarkDocument {
  readonly _id: string;
  readonly hourMs: Instant;
  readonly marks: number;
  readonly claimedUntilMs: Instant;
}

export function hourKey(dimension: string, atMs: Instant): string {
  return `${dimension}:${atMs}`;
}

export function mongoQualityHours(link: MongoLink, pause: Pause): QualityHours {
  const hours = link.collection<HourDocument>("quality_hours");
  const marks = link.collection<MarkDocument>("quality_marks");

  return {
    async mark(marked) {
      for (const hour of new Set(marked)) {
        const update = { $setOnInsert: { hourMs: hour, claimedUntilMs: 0 }, $inc: { marks: 1 } };
        await untilNoDuplicate(() => link.run(() => marks.updateOne({ _id: String(hour) }, update, { upsert: true })));
      }
    },
    async claim(nowMs, untilMs) {
      const free = { claimedUntilMs: { $lte: nowMs } };
      const claim = { $set: { claimedUntilMs: untilMs } };
      const found = await link.run(() =>
        marks.findOneAndUpdate(free, claim, { sort: { claimedUntilMs: 1, hourMs: 1 } }),
      );
      return found === null ? undefined : { hourMs: found.hourMs, marks: found.marks };
    },
    async put({ hourMs: hour, marks: counted }, rows, againAtMs) {
      const writes = rows.map(({ dimension, groups }) => {
        const replacement = { hourMs: hour, dimension, groups: JSON.stringify(groups) };
        const filter = { _id: hourKey(dimension, hour) };
        return { write: { replaceOne: { filter, replacement, upsert: true } }, chars: replacement.groups.length };
      });
      await upsertAll(link, hours, writes);
      const kept = rows.map(({ dimension }) => dimension);
      await link.run(() => hours.deleteMany({ hourMs: hour, dimension: { $nin: kept } }));
      const done = await link.run(() => marks.deleteOne({ _id: String(hour), marks: counted }));
      if (done.deletedCount > 0) return;
      const wait = { $set: { claimedUntilMs: againAtMs } };
      await link.run(() => marks.updateOne({ _id: String(hour) }, wait));
    },
    async read(dimension, fromMs, untilMs) {
      const found: QualityHour[] = [];
      const pace = createPacer(pause, charsPerStep);
      const cursor = hours.find({ dimension, hourMs: { $gte: fromMs, $lt: untilMs } }).sort({ hourMs: 1 });
      await eachDocument(link, cursor, async (document) => {
        const groups = JSON.parse(document.groups) as QualityHour["groups"];
        found.push({ hourMs: document.hourMs, dimension: document.dimension as QualityRow, groups });
        await pace(document.groups.length);
      });
      return found;
    },
    callsOf: (hour, after, limit) => callsOf(link, hour, after, limit),
    async sweep(beforeMs, limit) {
      await link.run(() => marks.deleteMany({ hourMs: { $lt: beforeMs } }));
      const old = await link.run(() =>
        hours
          .find({ hourMs: { $lt: beforeMs } }, { projection: { _id: 1 } })
          .sort({ hourMs: 1 })
          .limit(limit)
          .toArray(),
      );
      if (old.length === 0) return 0;
      return (await link.run(() => hours.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } }))).deletedCount;
    },
  };
}

async function callsOf(
  link: MongoLink,
  hour: Instant,
  after: string | undefined,
  limit: number,
): Promise<readonly StoredCall[]> {
  const calls = link.collection<CallDocument>("calls");
  const last = after === undefined ? null : await link.run(() => calls.findOne({ _id: text(after) }));
  const from = last?.createdAtMs ?? hour;
  const later = last === null ? {} : { $or: [{ createdAtMs: { $gt: from } }, { _id: { $gt: last._id } }] };
  const filter = { createdAtMs: { $gte: from, $lt: hour + hourMs }, reportedBy: { $exists: false }, ...later };
  const found = await link.run(() =>
    calls
      .find(filter as Filter<CallDocument>)
      .sort({ createdAtMs: 1, _id: 1 })
      .limit(limit)
      .toArray(),
  );
  return found.map(toStoredCall);
}
