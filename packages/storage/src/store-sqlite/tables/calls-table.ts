import { statusOf } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { CallView, KeptCall, Table } from "../../tables/store-tables.ts";
import { type CallRow, callColumns, callValues, toStoredCall } from "../calls/call-row.ts";
import { flag } from "../row-values.ts";
import { sqliteTable, upsertSql } from "./sqlite-table.ts";

interface ViewRow {
  readonly viewer: string;
  readonly seen: number;
  readonly hidden: number;
}

function toView({ viewer, seen, hidden }: ViewRow): CallView {
  // Whether a hidden call was seen makes no difference to anybody, and not every store keeps it.
  return { viewer, state: hidden === 1 ? "hidden" : seen === 1 ? "seen" : "unseen" };
}

export function callsTable(file: SqliteFile): Table<KeptCall> {
  const columns = callColumns.split(",").map((column) => column.trim());
  const put = file.prepare<{ id: number }>(`${upsertSql("calls", 1, columns)} RETURNING id`);
  const views = file.prepare<ViewRow>("SELECT viewer, seen, hidden FROM call_views WHERE call = ? ORDER BY viewer");
  const dropViews = file.prepare("DELETE FROM call_views WHERE call = ?");
  const insertView = file.prepare(
    `INSERT INTO call_views (viewer, created_at_ms, call_id, call, incoming, status, seen, hidden, posted)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return sqliteTable<CallRow & { readonly id: number }, KeptCall>(file, {
    table: "calls",
    key: ["call_id"],
    keyOf: (row) => [row.call_id],
    toEntry: (row) => ({ call: toStoredCall(row), views: views.all(row.id).map(toView) }),
    put({ call, views: seenBy }) {
      const { reportedBy, sharedReport = false, createdAtMs, callId } = call;
      const report = reportedBy === undefined ? undefined : { by: reportedBy, shared: sharedReport };
      const row = put.get(...callValues(call, report));
      if (row === undefined) throw new Error("a call that was put has no row");
      dropViews.run(row.id);
      for (const { viewer, state } of seenBy) {
        const [incoming, seen] = [flag(viewer !== call.caller), flag(state !== "unseen")];
        const [hidden, posted] = [flag(state === "hidden"), flag(reportedBy?.includes(viewer) ?? false)];
        insertView.run(viewer, createdAtMs, callId, row.id, incoming, statusOf(call), seen, hidden, posted);
      }
    },
  });
}
