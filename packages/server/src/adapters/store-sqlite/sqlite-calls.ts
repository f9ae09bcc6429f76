import type { Calls, EndedCall } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, callValues, type Report, reportOf, toStoredCall } from "./call-row.ts";
import { CallViews } from "./call-views.ts";
import { historyPages } from "./history-page.ts";
import { callSweep } from "./sweep-calls.ts";

type FoundRow = CallRow & { readonly id: number };

/** Writes calls and the views of them; each method runs inside a transaction of its caller. */
class CallWriter {
  readonly #find;
  readonly #insert;
  readonly #replace;
  readonly #views;

  constructor(file: SqliteFile) {
    const marks = callColumns.split(",").map(() => "?");
    this.#find = file.prepare<FoundRow>("SELECT * FROM calls WHERE call_id = ?");
    this.#insert = file.prepare<{ id: number }>(
      `INSERT INTO calls (${callColumns}) VALUES (${marks.join(", ")}) RETURNING id`,
    );
    this.#replace = file.prepare(`UPDATE calls SET (${callColumns}) = (${marks.join(", ")}) WHERE id = ?`);
    this.#views = new CallViews(file);
  }

  find(callId: string): FoundRow | undefined {
    return this.#find.get(callId);
  }

  create(call: EndedCall, report: Report | undefined): void {
    const row = this.#insert.get(...callValues(call, report));
    if (row === undefined) throw new Error("an inserted call has no row");
    this.#views.create(row.id, call, report);
  }

  replace(id: number, call: EndedCall, report: Report | undefined): void {
    this.#replace.run(...callValues(call, report), id);
    this.#views.renew(id, call, report);
  }

  /** What the server saw stands for ever; what clients told gives way to it. */
  record(call: EndedCall): void {
    const found = this.find(call.callId);
    if (found === undefined) this.create(call, undefined);
    else if (found.reported_by !== null) this.replace(found.id, call, undefined);
  }

  report(call: EndedCall, reporter: string, shared: boolean): "created" | "known" | "conflict" {
    const found = this.find(call.callId);
    if (found === undefined) {
      this.create(call, { by: [reporter], shared });
      return "created";
    }
    if (!sameParties(found, call) || ![call.caller, call.callee].includes(reporter)) return "conflict";
    const told = reportOf(found);
    if (told === undefined) return found.caller_only === 1 && reporter !== found.caller ? "conflict" : "known";
    const by = told.by.includes(reporter) ? told.by : [...told.by, reporter];
    const both = told.shared || shared || by.length > 1;
    if (by.length > told.by.length || both !== told.shared) {
      this.replace(found.id, toStoredCall(found), { by, shared: both });
    }
    return "known";
  }
}

function sameParties(a: Pick<EndedCall, "caller" | "callee">, b: Pick<EndedCall, "caller" | "callee">): boolean {
  return a.caller === b.caller && a.callee === b.callee;
}

export function sqliteCalls(file: SqliteFile): Calls {
  const writer = new CallWriter(file);
  const page = historyPages(file);
  const sweep = callSweep(file);
  const unseen = file.prepare<{ n: number }>(
    "SELECT count(*) AS n FROM call_views WHERE viewer = ? AND seen = 0 AND hidden = 0",
  );
  const markSeen = file.prepare(
    "UPDATE call_views SET seen = 1 WHERE viewer = ? AND created_at_ms <= ? AND seen = 0 AND hidden = 0",
  );
  const hide = file.prepare(
    "UPDATE call_views SET hidden = 1 WHERE viewer = ? AND call = (SELECT id FROM calls WHERE call_id = ?)",
  );

  return {
    async record(calls) {
      if (calls.length === 0) return;
      file.transaction(() => {
        for (const call of calls) writer.record(call);
      });
    },
    report: async (call, reporter, shared) => file.transaction(() => writer.report(call, reporter, shared)),
    async find(callId) {
      const row = writer.find(callId);
      return row && toStoredCall(row);
    },
    page: async (query) => page(query),
    unseenMissed: async (viewer) => unseen.get(viewer)?.n ?? 0,
    markSeen: async (viewer, untilMs) => markSeen.run(viewer, untilMs),
    hide: async (viewer, callId) => hide.run(viewer, callId) > 0,
    sweep: async (beforeMs, limit) => sweep(beforeMs, limit),
  };
}
