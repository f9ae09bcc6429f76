import type { EndedCall } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { type CallRow, callColumns, callValues, type Report, reportOf, toStoredCall } from "./call-row.ts";
import { CallViews } from "./call-views.ts";

type FoundRow = CallRow & { readonly id: number };
type Outcome = "created" | "known" | "conflict" | "full";

/** What makes room in one go: more than come, so that what was over the bound before it was one goes in time. */
const roomPerReport = 20;

/** Writes calls and the views of them; each method runs inside a transaction of its caller. */
export class CallWriter {
  readonly #find;
  readonly #insert;
  readonly #replace;
  readonly #countPosted;
  readonly #oldestPosted;
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
    this.#dropStats = file.prepare("DELETE FROM call_stats WHERE call_id = ?");
    this.#drop = file.prepare("DELETE FROM calls WHERE id = ?");
    this.#views = new CallViews(file);
  }

  find(callId: string): FoundRow | undefined {
    return this.#find.get(callId);
  }

  /** What the server saw stands for ever; what clients told gives way to it. False where another call has its id. */
  record(call: EndedCall): boolean {
    const found = this.find(call.callId);
    const told = found && reportOf(found);
    if (found === undefined) this.#create(call, undefined);
    else if (told === undefined) return found.created_at_ms === call.createdAtMs;
    else if (told.by.every((one) => [call.caller, call.callee].includes(one))) this.#change(found.id, call, undefined);
    else return false;
    return true;
  }

  report(call: EndedCall, reporter: string, shared: boolean, maxPosted: number | undefined): Outcome {
    const found = this.find(call.callId);
    const outcome = found === undefined ? "created" : this.#join(found, call, reporter, shared);
    if (found === undefined) this.#create(call, { by: [reporter], shared });
    if (outcome !== "created" && outcome !== "joined") return outcome;
    const told = outcome === "joined" ? "known" : outcome;
    const tookBack = maxPosted === undefined ? [] : this.#makeRoom(reporter, maxPosted);
    return tookBack.includes(call.callId) ? "full" : told;
  }

  #join(found: FoundRow, call: EndedCall, reporter: string, shared: boolean): "joined" | "known" | "conflict" {
    if (!sameParties(found, call) || ![call.caller, call.callee].includes(reporter)) return "conflict";
    const told = reportOf(found);
    if (told === undefined) return found.caller_only === 1 && reporter !== found.caller ? "conflict" : "known";
    const by = told.by.includes(reporter) ? told.by : [...told.by, reporter];
    const both = told.shared || shared || by.length > 1;
    if (by.length === told.by.length && both === told.shared) return "known";
    this.#change(found.id, toStoredCall(found), { by, shared: both });
    return by.length > told.by.length ? "joined" : "known";
  }

  /** Takes the reporter's word for the oldest calls that are over the bound back; tells which those were. */
  #makeRoom(reporter: string, maxPosted: number): readonly string[] {
    const excess = (this.#countPosted.get(reporter)?.n ?? 0) - maxPosted;
    if (excess <= 0) return [];
    const oldest = this.#oldestPosted.all(reporter, Math.min(excess, roomPerReport));
    for (const row of oldest) this.#takeBack(row, reporter);
    return oldest.map((row) => row.call_id);
  }

  /** What somebody else told of as well stays theirs alone; of what nobody else told nothing stays. */
  #takeBack(row: FoundRow, reporter: string): void {
    const by = (reportOf(row)?.by ?? []).filter((teller) => teller !== reporter);
    if (by.length > 0) {
      this.#change(row.id, toStoredCall(row), { by, shared: false });
      return;
    }
    this.#dropStats.run(row.call_id);
    // Its views go with it, by the foreign key.
    this.#drop.run(row.id);
  }

  #create(call: EndedCall, report: Report | undefined): void {
    const row = this.#insert.get(...callValues(call, report));
    if (row === undefined) throw new Error("an inserted call has no row");
    this.#views.create(row.id, call, report);
  }

  #change(id: number, call: EndedCall, report: Report | undefined): void {
    this.#replace.run(...callValues(call, report), id);
    this.#views.renew(id, call, report);
  }
}

function sameParties(a: Pick<EndedCall, "caller" | "callee">, b: Pick<EndedCall, "caller" | "callee">): boolean {
  return a.caller === b.caller && a.callee === b.callee;
}
