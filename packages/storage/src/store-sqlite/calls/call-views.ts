import { isMissedBy, type StoredCall, statusOf, viewersOf } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { flag } from "../row-values.ts";

/** A viewer, and what they have seen and hidden. */
export interface ViewMarks {
  readonly viewer: string;
  readonly seen: number;
  readonly hidden: number;
}

/** The rows that make a call appear in histories. */
export class CallViews {
  readonly #marks;
  readonly #drop;
  readonly #insert;

  constructor(file: SqliteFile) {
    this.#marks = file.prepare<ViewMarks>("SELECT viewer, seen, hidden FROM call_views WHERE call = ? ORDER BY viewer");
    this.#drop = file.prepare("DELETE FROM call_views WHERE call = ?");
    this.#insert = file.prepare(
      `INSERT INTO call_views (viewer, created_at_ms, call_id, call, incoming, status, seen, hidden, posted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  of(rowid: number): readonly ViewMarks[] {
    return this.#marks.all(rowid);
  }

  /** Of a call that is new. */
  create(rowid: number, call: StoredCall): void {
    this.#insertAll(rowid, call, viewsOf(call, []));
  }

  /** Of a call whose row changed: what its viewers have seen and hidden stays so. */
  renew(rowid: number, call: StoredCall): void {
    this.replace(rowid, call, viewsOf(call, this.of(rowid)));
  }

  /** Exactly these, which need not be those of a call that has just ended: one of its parties may be erased. */
  replace(rowid: number, call: StoredCall, views: readonly ViewMarks[]): void {
    this.#drop.run(rowid);
    this.#insertAll(rowid, call, views);
  }

  #insertAll(rowid: number, call: StoredCall, views: readonly ViewMarks[]): void {
    const { createdAtMs, callId, reportedBy = [] } = call;
    for (const { viewer, seen, hidden } of views) {
      const [incoming, posted] = [flag(viewer !== call.caller), flag(reportedBy.includes(viewer))];
      this.#insert.run(viewer, createdAtMs, callId, rowid, incoming, statusOf(call), seen, hidden, posted);
    }
  }
}

/** The views that follow from the call. Only a missed call waits to be seen. */
function viewsOf(call: StoredCall, marks: readonly ViewMarks[]): readonly ViewMarks[] {
  return viewersOf(call).map((viewer) => {
    const mark = marks.find((row) => row.viewer === viewer);
    const seen = flag(!isMissedBy(call, viewer) || mark?.seen === 1);
    return { viewer, seen, hidden: mark?.hidden ?? 0 };
  });
}
