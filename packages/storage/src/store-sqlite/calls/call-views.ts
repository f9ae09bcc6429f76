import { type EndedCall, statusOf } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { flag } from "../row-values.ts";
import type { Report } from "./call-row.ts";

interface ViewMarks {
  readonly viewer: string;
  readonly seen: number;
  readonly hidden: number;
}

/** Which parties have the call in their history. */
function viewersOf(call: EndedCall, report: Report | undefined): readonly string[] {
  const parties = call.caller === call.callee ? [call.caller] : [call.caller, call.callee];
  if (call.callerOnly) return [call.caller];
  if (report === undefined || report.shared) return parties;
  return parties.filter((party) => report.by.includes(party));
}

/** The rows that make a call appear in histories. */
export class CallViews {
  readonly #marks;
  readonly #drop;
  readonly #insert;

  constructor(file: SqliteFile) {
    this.#marks = file.prepare<ViewMarks>("SELECT viewer, seen, hidden FROM call_views WHERE call = ?");
    this.#drop = file.prepare("DELETE FROM call_views WHERE call = ?");
    this.#insert = file.prepare(
      `INSERT INTO call_views (viewer, created_at_ms, call_id, call, incoming, status, seen, hidden, posted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** Of a call that is new. */
  create(rowid: number, call: EndedCall, report: Report | undefined): void {
    this.#write(rowid, call, report, []);
  }

  /** Of a call whose row changed: what its viewers have seen and hidden stays so. */
  renew(rowid: number, call: EndedCall, report: Report | undefined): void {
    const marks = this.#marks.all(rowid);
    this.#drop.run(rowid);
    this.#write(rowid, call, report, marks);
  }

  #write(rowid: number, call: EndedCall, report: Report | undefined, marks: readonly ViewMarks[]): void {
    const status = statusOf(call);
    for (const viewer of viewersOf(call, report)) {
      const incoming = viewer !== call.caller;
      const mark = marks.find((row) => row.viewer === viewer);
      // Only a missed call waits to be seen.
      const seen = !incoming || status !== "missed" || mark?.seen === 1;
      const posted = report?.by.includes(viewer) ?? false;
      const { createdAtMs, callId } = call;
      const marked = [flag(seen), mark?.hidden ?? 0, flag(posted)];
      this.#insert.run(viewer, createdAtMs, callId, rowid, flag(incoming), status, ...marked);
    }
  }
}
