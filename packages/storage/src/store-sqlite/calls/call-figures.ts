import type { CallFigures, FiguresPage, FiguresQuery } from "@echoo/core";
import { decodeCursor, encodeCursor } from "../../records/history-cursor.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

interface FiguresRow {
  readonly call_id: string;
  readonly created_at_ms: number;
  readonly incoming: number;
  readonly status: string;
  readonly hidden: number;
  readonly duration_sec: number;
  readonly answered: number;
  /** Numbers as they stand in the stored JSON. */
  readonly mos: string | null;
  readonly data_used: string | null;
}

/** A number of a summary as its own text: SQLite's reading of it might be another one in the last digit. */
const mosOf = (summary: string) => `${summary} -> '$.mos.p50'`;

/** Views are looked at in the order of their key and the rest is looked up: CROSS JOIN fixes that order. */
function figuresSql(after: string): string {
  return `SELECT v.call_id, v.created_at_ms, v.incoming, v.status, v.hidden, c.duration_sec,
      c.answered_at_ms IS NOT NULL AS answered, own.summary -> '$.dataUsedBytes' AS data_used,
      coalesce(${mosOf("own.summary")},
        (SELECT ${mosOf("peer.summary")} FROM call_stats peer
         WHERE peer.call_id = v.call_id AND peer.reporter <> v.viewer AND ${mosOf("peer.summary")} IS NOT NULL
         ORDER BY peer.reporter LIMIT 1)) AS mos
    FROM call_views v CROSS JOIN calls c ON c.id = v.call
    LEFT JOIN call_stats own ON own.call_id = v.call_id AND own.reporter = v.viewer
    WHERE v.viewer = ? AND v.created_at_ms >= ? ${after} ORDER BY v.created_at_ms DESC, v.call_id DESC LIMIT ?`;
}

export function callFigures(file: SqliteFile): (query: FiguresQuery) => FiguresPage {
  const first = file.prepare<FiguresRow>(figuresSql(""));
  const next = file.prepare<FiguresRow>(figuresSql("AND (v.created_at_ms, v.call_id) < (?, ?)"));
  return ({ viewer, sinceMs, limit, cursor }) => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows =
      after === undefined
        ? first.all(viewer, sinceMs, limit)
        : next.all(viewer, sinceMs, after.createdAtMs, after.callId, limit);
    const figures = rows.filter((row) => row.hidden === 0).map(toFigures);
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return { figures };
    return { figures, nextCursor: encodeCursor({ createdAtMs: last.created_at_ms, callId: last.call_id }) };
  };
}

function toFigures(row: FiguresRow): CallFigures {
  return {
    createdAtMs: row.created_at_ms,
    answered: row.answered === 1,
    missed: row.incoming === 1 && row.status === "missed",
    durationSec: row.duration_sec,
    ...(row.mos === null ? {} : { mos: Number(row.mos) }),
    ...(row.data_used === null ? {} : { dataUsedBytes: Number(row.data_used) }),
  };
}
