import {
  type CallReport,
  type EndedCall,
  type Ruling,
  replacesVerdict,
  ruleOnRecord,
  ruleOnReport,
  type StoredCall,
  type StoredVerdict,
  withoutReporter,
} from "@echoo/core";
import { recordBounds } from "../../records/record-bounds.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, callValues, toStoredCall } from "./call-row.ts";
import { CallViews } from "./call-views.ts";

type FoundRow = CallRow & { readonly id: number };
type Outcome = "created" | "known" | "conflict" | "full";

/** Writes calls and the views of them; each method runs inside a transaction of its caller. */
export class CallWriter {
  readonly #find;
  readonly #insert;
  readonly #replace;
  readonly #countPosted;
  readonly #oldestPosted;
  readonly #judge;
  readonly #dropReports;
  readonly #dropStats;
  readonly #drop;
  readonly #views;

  constructor(file: SqliteFile) {
    const marks = callColumns.split(",").map(() => "?");
    this.#find = file.prepare<FoundRow>("SELECT * FROM calls WHERE call_id = ?");
    this.#insert = file.prepare<{ id: number }>(
      `INSERT INTO calls (${callColumns}) VALUES (${marks.join(", ")}) RETURNING id`,
    );
    this.#replace = file.prepare(`UPDATE calls SET (${callColumns}) = (${marks.join(", ")}) WHERE id = ?`);
    this.#countPosted = file.prepare<{ n: number }>(
      "SELECT count(*) AS n FROM call_views INDEXED BY call_views_posted WHERE viewer = ? AND posted = 1",
    );
    this.#oldestPosted = file.prepare<FoundRow>(
      `SELECT c.* FROM call_views v INDEXED BY call_views_posted CROSS JOIN calls c ON c.id = v.call
       WHERE v.viewer = ? AND v.posted = 1 ORDER BY v.created_at_ms, v.call_id LIMIT ?`,
    );
    this.#judge = file.prepare("UPDATE calls SET verdict = ?, verdict_code = ? WHERE id = ?");
    this.#dropReports = file.prepare("DELETE FROM call_reports WHERE call_id = ?");
    this.#dropStats = file.prepare("DELETE FROM call_stats WHERE call_id = ?");
    this.#drop = file.prepare("DELETE FROM calls WHERE id = ?");
    this.#views = new CallViews(file);
  }

  find(callId: string): FoundRow | undefined {
    return this.#find.get(callId);
  }

  /** False where another call has its id. */
  record(call: EndedCall): boolean {
    return this.#apply(call.callId, (found) => ruleOnRecord(found, call)) === "stored";
  }

  putVerdict(callId: string, verdict: StoredVerdict): void {
    const found = this.find(callId);
    if (found === undefined || !replacesVerdict(toStoredCall(found).verdict, verdict)) return;
    this.#judge.run(JSON.stringify(verdict), verdict.operator.code, found.id);
  }

  report(report: CallReport, maxPosted: number | undefined): Outcome {
    const { call, reporter } = report;
    const outcome = this.#apply(call.callId, (found) => ruleOnReport(found, report));
    if (outcome !== "created" && outcome !== "joined") return outcome;
    const tookBack = maxPosted === undefined ? [] : this.#makeRoom(reporter, maxPosted);
    if (tookBack.includes(call.callId)) return "full";
    return outcome === "joined" ? "known" : outcome;
  }

  #apply<Outcome extends string>(callId: string, rule: (found: StoredCall | undefined) => Ruling<Outcome>): Outcome {
    const found = this.find(callId);
    const { outcome, next } = rule(found && toStoredCall(found));
    if (next !== undefined && found === undefined) this.#create(next);
    else if (next !== undefined && found !== undefined) this.#change(found.id, next);
    return outcome;
  }

  /** Takes the reporter's word for the oldest calls that are over the bound back; tells which those were. */
  #makeRoom(reporter: string, maxPosted: number): readonly string[] {
    const excess = (this.#countPosted.get(reporter)?.n ?? 0) - maxPosted;
    if (excess <= 0) return [];
    const oldest = this.#oldestPosted.all(reporter, Math.min(excess, recordBounds.roomPerReport));
    for (const row of oldest) this.#takeBack(row, reporter);
    return oldest.map((row) => row.call_id);
  }

  #takeBack(row: FoundRow, reporter: string): void {
    const left = withoutReporter(toStoredCall(row), reporter);
    if (left !== undefined) {
      this.#change(row.id, left);
      return;
    }
    this.#dropStats.run(row.call_id);
    this.#dropReports.run(row.call_id);
    // Its views go with it, by the foreign key.
    this.#drop.run(row.id);
  }

  #create(call: StoredCall): void {
    const row = this.#insert.get(...callValues(call));
    if (row === undefined) throw new Error("an inserted call has no row");
    this.#views.create(row.id, call);
  }

  #change(id: number, call: StoredCall): void {
    this.#replace.run(...callValues(call), id);
    this.#views.renew(id, call);
  }
}
