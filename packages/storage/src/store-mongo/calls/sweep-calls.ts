import type { Document } from "mongodb";
import type { MongoLink } from "../link/mongo-link.ts";
import type { CallDocument } from "./call-document.ts";
import type { ReportDocument } from "./mongo-reports.ts";
import type { SampleDocument, StatsDocument } from "./mongo-statistics.ts";
import { keysUnder } from "./statistics-key.ts";

/** The oldest statistics of no call. They come one by one out of the index by age; nothing is sorted or grouped. */
export function straysPipeline(beforeMs: number, limit: number): Document[] {
  return [
    { $match: { updatedAtMs: { $lt: beforeMs } } },
    { $sort: { updatedAtMs: 1 } },
    { $lookup: { from: "calls", localField: "callId", foreignField: "_id", as: "calls" } },
    { $match: { calls: { $size: 0 } } },
    { $limit: limit },
    { $project: { _id: 1 } },
  ];
}

/**
 * Deletes old calls with their statistics, oldest first, and as many old statistics that no call belongs to. The calls go
 * last: what fails half-way is found again by the next sweep.
 */
export function callSweep(link: MongoLink): (beforeMs: number, limit: number) => Promise<number> {
  const calls = link.collection<CallDocument>("calls");
  const stats = link.collection<StatsDocument>("call_stats");
  const reports = link.collection<ReportDocument>("call_reports");
  const samples = link.collection<SampleDocument>("call_samples");

  return async (beforeMs, limit) => {
    const old = await link.run(() =>
      calls
        .find({ createdAtMs: { $lt: beforeMs } }, { projection: { _id: 1 } })
        .sort({ createdAtMs: 1 })
        .limit(limit)
        .toArray(),
    );
    const ids = old.map(({ _id }) => _id);
    let swept = 0;
    if (ids.length > 0) {
      await link.run(() => stats.deleteMany({ callId: { $in: ids } }));
      await link.run(() => reports.deleteMany({ callId: { $in: ids } }));
      const drops = ids.map((id) => ({ deleteMany: { filter: { _id: keysUnder(id) } } }));
      await link.run(() => samples.bulkWrite(drops, { ordered: false }));
      swept = (await link.run(() => calls.deleteMany({ _id: { $in: ids } }))).deletedCount;
    }
    const strays = await link.run(() => stats.aggregate<StatsDocument>(straysPipeline(beforeMs, limit)).toArray());
    if (strays.length > 0) {
      await link.run(() => stats.deleteMany({ _id: { $in: strays.map(({ _id }) => _id) } }));
    }
    return swept;
  };
}
