import type { SideSummary } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { KeptSamples, KeptStatistics, Table } from "../../tables/store-tables.ts";
import type { SampleRow, StatsRow } from "../calls/sqlite-statistics.ts";
import { orNull, present } from "../row-values.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

export function statisticsTable(file: SqliteFile): Table<KeptStatistics> {
  const columns = ["call_id", "reporter", "summary", "reported", "reported_at_ms", "updated_at_ms"];
  const put = file.prepare(upsertSql("call_stats", 2, columns));
  return sqliteTable<StatsRow & { readonly reported_at_ms: number | null }, KeptStatistics>(file, {
    table: "call_stats",
    key: ["call_id", "reporter"],
    keyOf: (row) => [row.call_id, row.reporter],
    toEntry: (row) => ({
      callId: row.call_id,
      reporter: row.reporter,
      ...(row.summary === null ? {} : { summary: JSON.parse(row.summary) as SideSummary }),
      ...present("reported", row.reported),
      ...present("reportedAtMs", row.reported_at_ms),
      updatedAtMs: row.updated_at_ms,
    }),
    put({ callId, reporter, summary, reported, reportedAtMs, updatedAtMs }) {
      const summaryText = summary === undefined ? null : JSON.stringify(summary);
      put.run(callId, reporter, summaryText, orNull(reported), orNull(reportedAtMs), updatedAtMs);
    },
  });
}

export function samplesTable(file: SqliteFile): Table<KeptSamples> {
  const put = file.prepare(upsertSql("call_samples", 3, ["call_id", "reporter", "batch", "received_at_ms", "samples"]));
  return sqliteTable<SampleRow, KeptSamples>(file, {
    table: "call_samples",
    key: ["call_id", "reporter", "batch"],
    keyOf: (row) => [row.call_id, row.reporter, row.batch],
    toEntry: (row) => ({
      callId: row.call_id,
      reporter: row.reporter,
      batch: row.batch,
      receivedAtMs: row.received_at_ms,
      samples: row.samples,
    }),
    put: ({ callId, reporter, batch, receivedAtMs, samples }) =>
      void put.run(callId, reporter, batch, receivedAtMs, samples),
  });
}
