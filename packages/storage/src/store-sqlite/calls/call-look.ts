import type { Calls, StoredCall } from "@echoo/core";
import { endOf, newestFirst } from "../../records/newest-first.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, toStoredCall } from "./call-row.ts";

const columns = callColumns
  .split(",")
  .map((column) => `c.${column.trim()}`)
  .join(", ");

const order = (table: string) => `ORDER BY ${table}.created_at_ms DESC, ${table}.call_id DESC LIMIT ?`;
const range = (table: string) => `${table}.created_at_ms >= ? AND (${table}.created_at_ms, ${table}.call_id) < (?, ?)`;

/** Calls as an administrator looks at them; each statement reads the next few of one index, in its order. */
export function callLook(file: SqliteFile): Calls["look"] {
  const all = file.prepare<CallRow>(`SELECT ${columns} FROM calls c WHERE ${range("c")} ${order("c")}`);
  const ofParty = [
    // CROSS JOIN fixes the order: views first, and the call of each.
    `SELECT ${columns} FROM call_views v CROSS JOIN calls c ON c.id = v.call
       WHERE v.viewer = ? AND ${range("v")} ${order("v")}`,
    // Those that the party may have no view of.
    `SELECT ${columns} FROM calls c WHERE c.caller = ? AND c.reported_by IS NOT NULL AND ${range("c")} ${order("c")}`,
    `SELECT ${columns} FROM calls c WHERE c.callee = ? AND (c.reported_by IS NOT NULL OR c.caller_only = 1)
       AND ${range("c")} ${order("c")}`,
  ].map((sql) => file.prepare<CallRow>(sql));

  return async (look) => {
    const { party, sinceMs, limit } = look;
    const end = endOf(look);
    const bounds = [sinceMs, end.createdAtMs, end.callId, limit] as const;
    if (party === undefined) return all.all(...bounds).map(toStoredCall);
    const found = new Map<string, StoredCall>();
    for (const some of ofParty) {
      for (const row of some.all(party, ...bounds)) found.set(row.call_id, toStoredCall(row));
    }
    return [...found.values()].sort(newestFirst).slice(0, limit);
  };
}
