import { type Pause, type Reports, type StoredTimeline, untilDone, withReport } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { KeyedQuery } from "../keyed-query.ts";
import { orNull, present } from "../row-values.ts";

/** Deleted in one step; each may have 16 KiB. */
const perStep = 50;

export interface ReportRow {
  readonly call_id: string;
  readonly reporter: string;
  readonly received_at_ms: number;
  readonly shift_ms: number | null;
  readonly events: string;
}

function toTimeline(row: ReportRow): StoredTimeline {
  return {
    callId: row.call_id,
    reporter: row.reporter,
    receivedAtMs: row.received_at_ms,
    ...present("shiftMs", row.shift_ms),
    events: JSON.parse(row.events) as StoredTimeline["events"],
  };
}

export function sqliteReports(file: SqliteFile, pause: Pause): Reports {
  const find = file.prepare<ReportRow>("SELECT * FROM call_reports WHERE call_id = ? AND reporter = ?");
  const put = file.prepare(
    `INSERT INTO call_reports (call_id, reporter, received_at_ms, shift_ms, events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (call_id, reporter) DO UPDATE SET received_at_ms = excluded.received_at_ms,
       shift_ms = excluded.shift_ms, events = excluded.events`,
  );
  const byCall = new KeyedQuery<ReportRow>(
    file,
    pause,
    (marks) => `SELECT * FROM call_reports WHERE call_id IN (${marks})`,
  );
  const sweep = file.prepare(
    `DELETE FROM call_reports WHERE (call_id, reporter) IN
       (SELECT call_id, reporter FROM call_reports WHERE received_at_ms < ? ORDER BY received_at_ms LIMIT ?)`,
  );
  return {
    async add(reports) {
      if (reports.length === 0) return;
      file.transaction(() => {
        for (const report of reports) {
          const row = find.get(report.callId, report.reporter);
          const { callId, reporter, receivedAtMs, shiftMs, events } = withReport(row && toTimeline(row), report);
          put.run(callId, reporter, receivedAtMs, orNull(shiftMs), JSON.stringify(events));
        }
      });
    },
    async timelines(callIds) {
      return (await byCall.all(callIds)).map(toTimeline);
    },
    async sweep(beforeMs, limit) {
      let swept = 0;
      await untilDone(pause, () => {
        const step = Math.min(perStep, limit - swept);
        const some = sweep.run(beforeMs, step);
        swept += some;
        return some < step || swept >= limit;
      });
      return swept;
    },
  };
}
