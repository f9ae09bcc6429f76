import type { HistoryPage, HistoryQuery, Pause } from "@echoo/core";
import { decodeCursor, encodeCursor, type Position } from "../../records/history-cursor.ts";
import { historyBounds } from "../../records/record-bounds.ts";
import type { Query, SqlValue } from "../../sqlite/query.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, toStoredCall } from "./call-row.ts";

/** Conditions, and their values in the same order. */
interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly SqlValue[];
}

type PageRow = CallRow & { readonly seen: number };

interface EndRow {
  readonly created_at_ms: number;
  readonly call_id: string;
}

const selected = callColumns
  .split(",")
  .map((column) => `c.${column.trim()}`)
  .join(", ");

/** The condition of those that the viewer hid. */
const isHidden = "hidden = 1";

function conditionsOf(parts: readonly (readonly [string, ...SqlValue[]] | undefined)[]): Conditions {
  const given = parts.filter((part) => part !== undefined);
  return { sql: given.map(([sql]) => sql), values: given.flatMap(([, ...values]) => values) };
}

/** Those that say where in an index the views lie that are looked at. */
function rangeOf(query: HistoryQuery, after: Position | undefined): Conditions {
  const { viewer, hidden, sinceMs, untilMs } = query;
  return conditionsOf([
    ["viewer = ?", viewer],
    hidden ? [isHidden] : undefined,
    after && ["(created_at_ms, call_id) < (?, ?)", after.createdAtMs, after.callId],
    sinceMs === undefined ? undefined : ["created_at_ms >= ?", sinceMs],
    untilMs === undefined ? undefined : ["created_at_ms < ?", untilMs],
  ]);
}

/** Those that each view is looked at for. */
function filterOf({ hidden, direction, status }: HistoryQuery): Conditions {
  return conditionsOf([
    hidden ? undefined : ["v.hidden = 0"],
    direction === undefined ? undefined : ["v.incoming = ?", direction === "incoming" ? 1 : 0],
    status === undefined ? undefined : ["v.status = ?", status],
  ]);
}

/** Views in the order of an index. That of the few hidden ones is named: a planner takes the primary key for as good. */
function viewsSql(columns: string, range: readonly string[]): string {
  const index = range.includes(isHidden) ? "INDEXED BY call_views_hidden" : "";
  return `SELECT ${columns} FROM call_views ${index} WHERE ${range.join(" AND ")}
    ORDER BY created_at_ms DESC, call_id DESC`;
}

/**
 * The calls among the next views that pass the filter. It looks at so many views and no more, in the order of their
 * index, and looks up the calls of those that pass: CROSS JOIN fixes that order.
 */
export function pageSql(range: readonly string[], filter: readonly string[]): string {
  const looked = `${viewsSql("*", range)} LIMIT ${historyBounds.lookedPerStep}`;
  const passing = filter.length === 0 ? "" : `WHERE ${filter.join(" AND ")}`;
  return `SELECT v.seen, ${selected} FROM (${looked}) v CROSS JOIN calls c ON c.id = v.call ${passing} LIMIT ?`;
}

/** The last of as many views as a page looks at in one step; none where there are fewer. */
export function lookEndSql(range: readonly string[]): string {
  return `${viewsSql("created_at_ms, call_id", range)} LIMIT 1 OFFSET ${historyBounds.lookedPerStep - 1}`;
}

/** Statements by their text. There are at most some dozens, as the conditions may be combined. */
class Prepared {
  readonly #file: SqliteFile;
  readonly #statements = new Map<string, Query<unknown>>();

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  of<Row>(sql: string): Query<Row> {
    const statement = this.#statements.get(sql) ?? this.#file.prepare<unknown>(sql);
    this.#statements.set(sql, statement);
    return statement as Query<Row>;
  }
}

/**
 * Reads pages of history. Where a filter passes few of many, a page looks at a bounded number of calls in each step and
 * in all; what it found by then is the page, and the next one goes on from there.
 */
export function historyPages(file: SqliteFile, pause: Pause): (query: HistoryQuery) => Promise<HistoryPage> {
  const prepared = new Prepared(file);

  function look(query: HistoryQuery, after: Position | undefined, limit: number): readonly PageRow[] {
    const [range, filter] = [rangeOf(query, after), filterOf(query)];
    const statement = prepared.of<PageRow>(pageSql(range.sql, filter.sql));
    return statement.all(...range.values, ...filter.values, limit);
  }

  function lookEnd(query: HistoryQuery, after: Position | undefined): Position | undefined {
    const range = rangeOf(query, after);
    const row = prepared.of<EndRow>(lookEndSql(range.sql)).get(...range.values);
    return row && { createdAtMs: row.created_at_ms, callId: row.call_id };
  }

  return async (query) => {
    const rows: PageRow[] = [];
    let after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    for (let steps = 1; ; steps += 1) {
      rows.push(...look(query, after, query.limit + 1 - rows.length));
      if (rows.length > query.limit) return pageOf(rows.slice(0, query.limit), "its last call");
      after = lookEnd(query, after);
      if (after === undefined || steps === historyBounds.stepsPerPage) return pageOf(rows, after);
      await pause();
    }
  };
}

/** A page, and where the next one goes on. */
function pageOf(rows: readonly PageRow[], next: Position | "its last call" | undefined): HistoryPage {
  const calls = rows.map((row) => ({ call: toStoredCall(row), seen: row.seen === 1 }));
  const from = next === "its last call" ? calls.at(-1)?.call : next;
  return from === undefined ? { calls } : { calls, nextCursor: encodeCursor(from) };
}
