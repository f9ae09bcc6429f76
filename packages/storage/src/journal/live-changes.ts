import { bodyAfter, UnusableBody } from "@echoo/core";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import { damagedText } from "./set-aside-table.ts";

interface ChangeRow {
  readonly number: number;
  readonly change: string;
}

function statements(file: SqliteFile) {
  return {
    add: file.prepare("INSERT OR REPLACE INTO live_changes (call_id, number, change) VALUES (?, ?, ?)"),
    drop: file.prepare("DELETE FROM live_changes WHERE call_id = ?"),
    dropStray: file.prepare("DELETE FROM live_changes WHERE call_id NOT IN (SELECT call_id FROM live)"),
  };
}

/** Reads what became of calls since their bodies were written. */
export class ChangesReader {
  readonly #of;

  constructor(file: SqliteFile) {
    this.#of = file.prepare<ChangeRow>("SELECT number, change FROM live_changes WHERE call_id = ? ORDER BY number");
  }

  /** The body with all that became of it. Throws `UnusableBody` where that is not whole. */
  bodyOf(callId: string, body: string): string {
    const rows = this.#of.allWithDamaged(callId);
    const changes = rows.map(({ number, change }, at) => {
      if (change === undefined) throw new UnusableBody(damagedText);
      if (number !== at + 1) throw new UnusableBody("a change of it is missing");
      return change;
    });
    return bodyAfter(body, changes);
  }
}

/**
 * The changes of unfinished calls, a row each, for a call whole is some ten times as long. Each method runs inside a
 * transaction of its caller.
 */
export class LiveChanges {
  readonly #sql;

  constructor(file: SqliteFile) {
    this.#sql = statements(file);
  }

  add(callId: string, number: number, change: string): void {
    this.#sql.add.run(callId, number, change);
  }

  dropOf(callId: string): void {
    this.#sql.drop.run(callId);
  }

  /** Those of no call that is there, as where damage took its id. */
  dropStray(): void {
    this.#sql.dropStray.run();
  }
}
