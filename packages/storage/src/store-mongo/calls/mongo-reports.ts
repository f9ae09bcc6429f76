import {
  type Instant,
  type Pause,
  type ReceivedReport,
  type Reports,
  type StoredTimeline,
  withReport,
} from "@echoo/core";
import type { Collection, Filter } from "mongodb";
import { isDuplicate } from "../link/mongo-fault.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { retryOptimistically } from "../link/optimistic-retry.ts";
import { text } from "../link/stored-text.ts";
import { readByCall, sweepReceived } from "./read-by-call.ts";
import { joinKey } from "./statistics-key.ts";

/** `_id` is callId:reporter. */
export interface ReportDocument {
  readonly _id: string;
  readonly callId: string;
  readonly reporter: string;
  readonly receivedAtMs: Instant;
  readonly shiftMs?: number;
  /** As JSON: no name in it can mean anything to the database. */
  readonly events: string;
}

/** A document that another writer has just made may not have reached the majority yet. */
const newest = { readConcern: { level: "local" } } as const;

function toTimeline({ callId, reporter, receivedAtMs, shiftMs, events }: ReportDocument): StoredTimeline {
  return {
    ...{ callId, reporter, receivedAtMs },
    ...(shiftMs === undefined ? {} : { shiftMs }),
    events: JSON.parse(events) as StoredTimeline["events"],
  };
}

function toDocument({ events, ...timeline }: StoredTimeline): ReportDocument {
  const { callId, reporter, receivedAtMs, shiftMs } = timeline;
  return {
    _id: joinKey(callId, reporter),
    callId: text(callId),
    reporter: text(reporter),
    receivedAtMs,
    ...(shiftMs === undefined ? {} : { shiftMs }),
    events: JSON.stringify(events),
  };
}

/** A comparison with what was read, and an exchange. */
function addOne(link: MongoLink, reports: Collection<ReportDocument>, report: ReceivedReport): Promise<true> {
  const _id = joinKey(report.callId, report.reporter);
  return retryOptimistically(async () => {
    const found = await link.run(() => reports.findOne({ _id }, newest));
    const next = toDocument(withReport(found === null ? undefined : toTimeline(found), report));
    if (found === null) {
      try {
        await link.run(() => reports.insertOne(next));
        return true;
      } catch (error) {
        if (isDuplicate(error)) return undefined;
        throw error;
      }
    }
    const { events, receivedAtMs, shiftMs } = found;
    const same = shiftMs === undefined ? { $exists: false } : shiftMs;
    const unchanged = { _id, events, receivedAtMs, shiftMs: same } as Filter<ReportDocument>;
    const done = await link.run(() => reports.replaceOne(unchanged, next));
    return done.matchedCount === 1 ? true : undefined;
  });
}

export function mongoReports(link: MongoLink, pause: Pause): Reports {
  const reports = link.collection<ReportDocument>("call_reports");
  return {
    async add(received) {
      for (const report of received) await addOne(link, reports, report);
    },
    async timelines(callIds) {
      return (await readByCall(link, reports, callIds, pause)).map(toTimeline);
    },
    sweep: (beforeMs, limit) => sweepReceived(link, reports, beforeMs, limit),
  };
}
