import type { KeptQualityHour, KeptQualityMark, KeptReport, Table } from "../../tables/store-tables.ts";
import { type HourDocument, hourKey, type MarkDocument } from "../calls/mongo-quality-hours.ts";
import type { ReportDocument } from "../calls/mongo-reports.ts";
import { joinKey } from "../calls/statistics-key.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { mongoTable } from "./mongo-table.ts";

export function reportsTable(link: MongoLink): Table<KeptReport> {
  return mongoTable<ReportDocument, KeptReport>(link, {
    collection: link.collection("call_reports"),
    idOf: (key) => joinKey(...key),
    toEntry: ({ _id, ...rest }) => rest,
    toDocument: ({ callId, reporter, receivedAtMs, shiftMs, events }) => ({
      _id: joinKey(callId, reporter),
      callId: text(callId),
      reporter: text(reporter),
      receivedAtMs,
      ...(shiftMs === undefined ? {} : { shiftMs }),
      events,
    }),
    chars: ({ events }) => events.length + 200,
  });
}

export function qualityHoursTable(link: MongoLink): Table<KeptQualityHour> {
  return mongoTable<HourDocument, KeptQualityHour>(link, {
    collection: link.collection("quality_hours"),
    idOf: ([dimension, hourMs = ""]) => hourKey(dimension, Number(hourMs)),
    toEntry: ({ _id, ...rest }) => rest,
    toDocument: (hour) => ({ _id: hourKey(hour.dimension, hour.hourMs), ...hour }),
    chars: ({ groups }) => groups.length + 100,
  });
}

export function qualityMarksTable(link: MongoLink): Table<KeptQualityMark> {
  return mongoTable<MarkDocument, KeptQualityMark>(link, {
    collection: link.collection("quality_marks"),
    idOf: ([hourMs]) => hourMs,
    toEntry: ({ hourMs, marks }) => ({ hourMs, marks }),
    toDocument: ({ hourMs, marks }) => ({ _id: String(hourMs), hourMs, marks, claimedUntilMs: 0 }),
    chars: () => 100,
  });
}
