import {
  charsPerStep,
  createPacer,
  type Pause,
  type QualityHour,
  type QualityHours,
  type QualityRow,
} from "@echoo/core";
import { hourMs } from "../../records/verdicts/hour-of.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, toStoredCall } from "./call-row.ts";

/** Rows read in one step; each may have some tens of kilobytes. */
const rowsPerStep = 100;

export interface HourRow {
  readonly hour_ms: number;
  readonly dimension: string;
  readonly counts: string;
}

function toQualityHour(row: HourRow): QualityHour {
  return {
    hourMs: row.hour_ms,
    dimension: row.dimension as QualityRow,
    groups: JSON.parse(row.counts) as QualityHour["groups"],
  };
}

interface MarkRow {
  readonly hour_ms: number;
  readonly marks: number;
}

interface CallPlace {
  readonly id: number;
  readonly created_at_ms: number;
}

function statements(file: SqliteFile) {
  return {
    mark: file.prepare(
      `INSERT INTO quality_marks (hour_ms, marks, claimed_until_ms) VALUES (?, 1, 0)
     ON CONFLICT (hour_ms) DO UPDATE SET marks = marks + 1`,
    ),
    claim: file.prepare<MarkRow>(
      `UPDATE quality_marks SET claimed_until_ms = ?2 WHERE hour_ms =
       (SELECT hour_ms FROM quality_marks WHERE claimed_until_ms <= ?1
        ORDER BY claimed_until_ms, hour_ms LIMIT 1)
     RETURNING hour_ms, marks`,
    ),
    unmark: file.prepare("DELETE FROM quality_marks WHERE hour_ms = ? AND marks = ?"),
    wait: file.prepare("UPDATE quality_marks SET claimed_until_ms = ? WHERE hour_ms = ?"),
    clear: file.prepare("DELETE FROM quality_hours WHERE hour_ms = ?"),
    insert: file.prepare("INSERT INTO quality_hours (hour_ms, dimension, counts) VALUES (?, ?, ?)"),
    read: file.prepare<HourRow>(
      `SELECT * FROM quality_hours WHERE dimension = ? AND hour_ms > ? AND hour_ms < ? ORDER BY hour_ms LIMIT ${rowsPerStep}`,
    ),
    calls: file.prepare<CallRow>(
      `SELECT * FROM calls WHERE created_at_ms >= ? AND created_at_ms < ? AND (created_at_ms, id) > (?, ?)
       AND reported_by IS NULL ORDER BY created_at_ms, id LIMIT ?`,
    ),
    placeOf: file.prepare<CallPlace>("SELECT id, created_at_ms FROM calls WHERE call_id = ?"),
    sweep: file.prepare(
      `DELETE FROM quality_hours WHERE (dimension, hour_ms) IN
       (SELECT dimension, hour_ms FROM quality_hours WHERE hour_ms < ? ORDER BY hour_ms LIMIT ?)`,
    ),
    sweepMarks: file.prepare("DELETE FROM quality_marks WHERE hour_ms < ?"),
  };
}

export function sqliteQualityHours(file: SqliteFile, pause: Pause): QualityHours {
  const { mark, claim, unmark, wait, clear, insert, read, calls, placeOf, sweep, sweepMarks } = statements(file);

  return {
    async mark(hours) {
      file.transaction(() => {
        for (const hour of new Set(hours)) mark.run(hour);
      });
    },
    async claim(nowMs, untilMs) {
      const row = file.transaction(() => claim.get(nowMs, untilMs));
      return row && { hourMs: row.hour_ms, marks: row.marks };
    },
    async put(hour, rows, againAtMs) {
      file.transaction(() => {
        clear.run(hour.hourMs);
        for (const { dimension, groups } of rows) insert.run(hour.hourMs, dimension, JSON.stringify(groups));
        if (unmark.run(hour.hourMs, hour.marks) === 0) wait.run(againAtMs, hour.hourMs);
      });
    },
    async read(dimension, fromMs, untilMs) {
      const found: QualityHour[] = [];
      const pace = createPacer(pause, charsPerStep);
      for (let after = fromMs - 1; ; ) {
        const rows = read.all(dimension, after, untilMs);
        for (const row of rows) {
          found.push(toQualityHour(row));
          await pace(row.counts.length);
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < rowsPerStep) return found;
        after = last.hour_ms;
      }
    },
    async callsOf(hour, after, limit) {
      const last = after === undefined ? undefined : placeOf.get(after);
      const from = last?.created_at_ms ?? hour;
      return calls.all(from, hour + hourMs, from, last?.id ?? 0, limit).map(toStoredCall);
    },
    async sweep(beforeMs, limit) {
      sweepMarks.run(beforeMs);
      return sweep.run(beforeMs, limit);
    },
  };
}
