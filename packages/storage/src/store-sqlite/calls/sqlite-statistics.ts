import {
  type Pause,
  type SampleBatch,
  type SideSummary,
  type Statistics,
  type StoredSummary,
  untilDone,
} from "@echoo/core";
import { recordBounds } from "../../records/record-bounds.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { KeyedQuery } from "../keyed-query.ts";
import { present } from "../row-values.ts";

/** Read or deleted in one step; each may have some tens of kilobytes. */
const batchesPerStep = 25;

export interface SampleRow {
  readonly call_id: string;
  readonly reporter: string;
  readonly batch: string;
  readonly received_at_ms: number;
  readonly samples: string;
}

export interface StatsRow {
  readonly call_id: string;
  readonly reporter: string;
  readonly summary: string | null;
  readonly reported: string | null;
  readonly updated_at_ms: number;
}

interface BatchSize {
  readonly batch: string;
  readonly chars: number;
}

const { batchesPerPage, charsPerPage } = recordBounds;

function toBatch(row: SampleRow): SampleBatch {
  return {
    callId: row.call_id,
    reporter: row.reporter,
    batch: row.batch,
    receivedAtMs: row.received_at_ms,
    samples: JSON.parse(row.samples) as SampleBatch["samples"],
  };
}

function lastThatFits(sizes: readonly BatchSize[]): BatchSize | undefined {
  let [last, chars] = [sizes[0], 0];
  for (const size of sizes) {
    chars += size.chars;
    if (chars > charsPerPage) break;
    last = size;
  }
  return last;
}

function toSummary(row: StatsRow): StoredSummary {
  return {
    callId: row.call_id,
    reporter: row.reporter,
    ...(row.summary === null ? {} : { summary: JSON.parse(row.summary) as SideSummary }),
    ...present("reported", row.reported),
    updatedAtMs: row.updated_at_ms,
  };
}

function statements(file: SqliteFile) {
  return {
    addBatch: file.prepare(
      `INSERT INTO call_samples (call_id, reporter, batch, received_at_ms, samples) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (call_id, reporter, batch) DO NOTHING`,
    ),
    // Their sizes first, so that no more is read than a page may have; in bytes, for which SQLite need not read them.
    firstSizes: file.prepare<BatchSize>(
      `SELECT batch, octet_length(samples) AS chars FROM call_samples WHERE call_id = ? AND reporter = ?
       ORDER BY batch LIMIT ${batchesPerPage}`,
    ),
    nextSizes: file.prepare<BatchSize>(
      `SELECT batch, octet_length(samples) AS chars FROM call_samples WHERE call_id = ? AND reporter = ? AND batch > ?
       ORDER BY batch LIMIT ${batchesPerPage}`,
    ),
    batches: file.prepare<SampleRow>(
      `SELECT call_id, reporter, batch, received_at_ms, samples FROM call_samples
       WHERE call_id = ? AND reporter = ? AND batch BETWEEN ? AND ? ORDER BY batch`,
    ),
    thinBatch: file.prepare("UPDATE call_samples SET samples = ? WHERE call_id = ? AND reporter = ? AND batch = ?"),
    dropBatch: file.prepare("DELETE FROM call_samples WHERE call_id = ? AND reporter = ? AND batch = ?"),
    putSummary: file.prepare(
      `INSERT INTO call_stats (call_id, reporter, summary, updated_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (call_id, reporter) DO UPDATE SET summary = excluded.summary,
         updated_at_ms = max(updated_at_ms, excluded.updated_at_ms)`,
    ),
    // Of two reports the later one stands, whichever comes first.
    putReported: file.prepare(
      `INSERT INTO call_stats (call_id, reporter, reported, reported_at_ms, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?4)
       ON CONFLICT (call_id, reporter) DO UPDATE SET reported = excluded.reported,
         reported_at_ms = excluded.reported_at_ms, updated_at_ms = max(updated_at_ms, excluded.updated_at_ms)
       WHERE reported_at_ms IS NULL OR reported_at_ms <= excluded.reported_at_ms`,
    ),
    sweep: file.prepare(
      `DELETE FROM call_samples WHERE id IN
         (SELECT id FROM call_samples WHERE received_at_ms < ? ORDER BY received_at_ms LIMIT ?)`,
    ),
  };
}

export function sqliteStatistics(file: SqliteFile, pause: Pause): Statistics {
  const sql = statements(file);
  const summaries = new KeyedQuery<StatsRow>(
    file,
    pause,
    (marks) => `SELECT * FROM call_stats WHERE call_id IN (${marks})`,
  );
  return {
    async addSamples(batches) {
      if (batches.length === 0) return;
      file.transaction(() => {
        for (const { callId, reporter, batch, receivedAtMs, samples } of batches) {
          sql.addBatch.run(callId, reporter, batch, receivedAtMs, JSON.stringify(samples));
        }
      });
    },
    async samplePage(callId, reporter, after) {
      const sizes =
        after === undefined ? sql.firstSizes.all(callId, reporter) : sql.nextSizes.all(callId, reporter, after);
      const [first, last] = [sizes[0], lastThatFits(sizes)];
      if (first === undefined || last === undefined) return { batches: [] };
      const batches = sql.batches.all(callId, reporter, first.batch, last.batch).map(toBatch);
      const isWhole = last === sizes.at(-1) && sizes.length < batchesPerPage;
      return { batches, ...(isWhole ? {} : { next: last.batch }) };
    },
    async thinSamples(batches) {
      if (batches.length === 0) return;
      file.transaction(() => {
        for (const { callId, reporter, batch, samples } of batches) {
          if (samples.length === 0) sql.dropBatch.run(callId, reporter, batch);
          else sql.thinBatch.run(JSON.stringify(samples), callId, reporter, batch);
        }
      });
    },
    async putSummary(callId, reporter, summary, nowMs) {
      sql.putSummary.run(callId, reporter, JSON.stringify(summary), nowMs);
    },
    async putReported(reported) {
      if (reported.length === 0) return;
      file.transaction(() => {
        for (const { callId, reporter, body, receivedAtMs } of reported) {
          sql.putReported.run(callId, reporter, body, receivedAtMs);
        }
      });
    },
    async summaries(callIds) {
      return (await summaries.all(callIds)).map(toSummary);
    },
    async sweepSamples(beforeMs, limit) {
      let swept = 0;
      await untilDone(pause, () => {
        const perStep = Math.min(batchesPerStep, limit - swept);
        const some = sql.sweep.run(beforeMs, perStep);
        swept += some;
        return some < perStep || swept >= limit;
      });
      return swept;
    },
  };
}
