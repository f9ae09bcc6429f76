import type { HistoryPage, HistoryQuery, ViewedCall } from "@echoo/core";
import { decodeCursor, encodeCursor } from "../../records/history-cursor.ts";
import type { Query, SqlValue } from "../../sqlite/query.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, toStoredCall } from "./call-row.ts";

/** The conditions of one page, in the order of their values. */
interface Filter {
  readonly conditions: readonly string[];
  readonly values: readonly SqlValue[];
}

type PageRow = CallRow & { readonly seen: number };

const selected = callColumns
  .split(",")
  .map((column) => `c.${column.trim()}`)
  .join(", ");

function filterOf(query: HistoryQuery): Filter {
  const conditions = ["v.viewer = ?", `v.hidden = ${query.hidden ? 1 : 0}`];
  const values: SqlValue[] = [query.viewer];
  const add = (condition: string, ...bound: SqlValue[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (query.cursor !== undefined) {
    const after = decodeCursor(query.cursor);
    add("(v.created_at_ms, v.call_id) < (?, ?)", after.createdAtMs, after.callId);
  }
  if (query.sinceMs !== undefined) add("v.created_at_ms >= ?", query.sinceMs);
  if (query.untilMs !== undefined) add("v.created_at_ms < ?", query.untilMs);
  if (query.direction !== undefined) add("v.incoming = ?", query.direction === "incoming" ? 1 : 0);
  if (query.status !== undefined) add("v.status = ?", query.status);
  return { conditions, values };
}

/** The statement of a page with these conditions. CROSS JOIN fixes the order: the views are scanned, the calls looked up. */
export function historySql(conditions: readonly string[]): string {
  return `SELECT v.seen, ${selected} FROM call_views v CROSS JOIN calls c ON c.id = v.call
    WHERE ${conditions.join(" AND ")} ORDER BY v.created_at_ms DESC, v.call_id DESC LIMIT ?`;
}

/** Reads pages of history. There are at most 64 combinations of conditions, each prepared when first needed. */
export function historyPages(file: SqliteFile): (query: HistoryQuery) => HistoryPage {
  const prepared = new Map<string, Query<PageRow>>();
  return (query) => {
    const filter = filterOf(query);
    const sql = historySql(filter.conditions);
    const statement = prepared.get(sql) ?? file.prepare<PageRow>(sql);
    prepared.set(sql, statement);
    const rows = statement.all(...filter.values, query.limit + 1);
    const calls = rows.slice(0, query.limit).map((row): ViewedCall => {
      return { call: toStoredCall(row), seen: row.seen === 1 };
    });
    const last = calls.at(-1);
    return rows.length > query.limit && last ? { calls, nextCursor: encodeCursor(last.call) } : { calls };
  };
}
