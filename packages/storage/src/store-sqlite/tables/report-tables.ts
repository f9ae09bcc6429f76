import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { KeptQualityHour, KeptQualityMark, KeptReport, Table } from "../../tables/store-tables.ts";
import type { HourRow } from "../calls/sqlite-quality-hours.ts";
import type { ReportRow } from "../calls/sqlite-reports.ts";
import { orNull, present } from "../row-values.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

export function reportsTable(file: SqliteFile): Table<KeptReport> {
  const put = file.prepare(
    upsertSql("call_reports", 2, ["call_id", "reporter", "received_at_ms", "shift_ms", "events"]),
  );
  return sqliteTable<ReportRow, KeptReport>(file, {
    table: "call_reports",
    key: ["call_id", "reporter"],
    keyOf: (row) => [row.call_id, row.reporter],
    toEntry: (row) => ({
      callId: row.call_id,
      reporter: row.reporter,
      receivedAtMs: row.received_at_ms,
      ...present("shiftMs", row.shift_ms),
      events: row.events,
    }),
    put: ({ callId, reporter, receivedAtMs, shiftMs, events }) =>
      void put.run(callId, reporter, receivedAtMs, orNull(shiftMs), events),
  });
}

export function qualityHoursTable(file: SqliteFile): Table<KeptQualityHour> {
  const put = file.prepare(upsertSql("quality_hours", 2, ["dimension", "hour_ms", "counts"]));
  return sqliteTable<HourRow, KeptQualityHour>(file, {
    table: "quality_hours",
    key: ["dimension", "hour_ms"],
    keyOf: (row) => [row.dimension, String(row.hour_ms)],
    toEntry: (row) => ({ hourMs: row.hour_ms, dimension: row.dimension, groups: row.counts }),
    put: ({ hourMs, dimension, groups }) => void put.run(dimension, hourMs, groups),
  });
}

export function qualityMarksTable(file: SqliteFile): Table<KeptQualityMark> {
  const put = file.prepare(
    `INSERT INTO quality_marks (hour_ms, marks, claimed_until_ms) VALUES (?, ?, 0)
     ON CONFLICT (hour_ms) DO UPDATE SET marks = excluded.marks`,
  );
  return sqliteTable<{ readonly hour_ms: number; readonly marks: number }, KeptQualityMark>(file, {
    table: "quality_marks",
    key: ["hour_ms"],
    keyOf: (row) => [String(row.hour_ms)],
    toEntry: (row) => ({ hourMs: row.hour_ms, marks: row.marks }),
    put: ({ hourMs, marks }) => void put.run(hourMs, marks),
  });
}
