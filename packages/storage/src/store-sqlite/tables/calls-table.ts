import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { CallView, KeptCall, Table } from "../../tables/store-tables.ts";
import { type CallRow, callColumns, callValues, toStoredCall } from "../calls/call-row.ts";
import { CallViews, type ViewMarks } from "../calls/call-views.ts";
import { flag } from "../row-values.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

function toView({ viewer, seen, hidden }: ViewMarks): CallView {
  // Whether a hidden call was seen makes no difference to its viewer, and not every store keeps it.
  return { viewer, state: hidden === 1 ? "hidden" : seen === 1 ? "seen" : "unseen" };
}

function toMarks({ viewer, state }: CallView): ViewMarks {
  return { viewer, seen: flag(state !== "unseen"), hidden: flag(state === "hidden") };
}

export function callsTable(file: SqliteFile): Table<KeptCall> {
  const columns = callColumns.split(",").map((column) => column.trim());
  const put = file.prepare<{ id: number }>(`${upsertSql("calls", 1, columns)} RETURNING id`);
  const views = new CallViews(file);
  return sqliteTable<CallRow & { readonly id: number }, KeptCall>(file, {
    table: "calls",
    key: ["call_id"],
    keyOf: (row) => [row.call_id],
    toEntry: (row) => ({ call: toStoredCall(row), views: views.of(row.id).map(toView) }),
    put({ call, views: seenBy }) {
      const row = put.get(...callValues(call));
      if (row === undefined) throw new Error("a call that was put has no row");
      views.replace(row.id, call, seenBy.map(toMarks));
    },
  });
}
