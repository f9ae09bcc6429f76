import { type LiveCallChange, type LoadedCall, UnusableBody, valueAfter } from "@echoo/core";
import type { Damaged } from "../sqlite/query.ts";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";
import { damagedText } from "./set-aside-table.ts";

interface ChangeRow {
  readonly number: number;
  readonly change: string;
}

interface NamedChangeRow extends ChangeRow {
  readonly call_id: string;
}

/** A body with all that became of its call, and how much that was. */
export type WholeBody = Pick<LoadedCall, "body" | "value"> & Required<Pick<LoadedCall, "since">>;

type ReadRow = ChangeRow | Damaged<ChangeRow>;

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
  readonly #ofSeveral;

  constructor(file: SqliteFile) {
    const ordered = (columns: string, which: string) =>
      `SELECT ${columns} FROM live_changes WHERE call_id ${which} ORDER BY call_id, number`;
    this.#of = file.prepare<ChangeRow>(ordered("number, change", "= ?"));
    this.#ofSeveral = file.prepare<NamedChangeRow>(
      ordered("call_id, number, change", "IN (SELECT value FROM json_each(?))"),
    );
  }

  /**
   * The bodies of these calls with all that became of them; each throws `UnusableBody` where that is not whole. They are
   * read together: after a kill there are thousands, and a question for each was half of the reading.
   */
  bodiesOf(callIds: readonly string[]): (callId: string, body: string) => WholeBody {
    const rows = this.#ofSeveral.allWithDamaged(JSON.stringify(callIds));
    // A damaged row does not tell whose it is: then each call is asked about by itself.
    if (!rows.every(isWhole)) return (callId, body) => bodyWith(this.#of.allWithDamaged(callId), body);
    const byCall = new Map<string, ChangeRow[]>();
    for (const row of rows) {
      const own = byCall.get(row.call_id);
      if (own) own.push(row);
      else byCall.set(row.call_id, [row]);
    }
    return (callId, body) => bodyWith(byCall.get(callId) ?? [], body);
  }
}

function isWhole(row: NamedChangeRow | Damaged<NamedChangeRow>): row is NamedChangeRow {
  return row.call_id !== undefined && row.change !== undefined;
}

function bodyWith(rows: readonly ReadRow[], body: string): WholeBody {
  const changes = rows.map(({ number, change }, at) => {
    if (change === undefined) throw new UnusableBody(damagedText);
    if (number !== at + 1) throw new UnusableBody("a change of it is missing");
    return change;
  });
  const chars = changes.reduce((sum, change) => sum + change.length, 0);
  const since = { changes: changes.length, chars };
  if (changes.length === 0) return { body, since };
  const value = valueAfter(body, changes);
  // Who wants the text makes it: a start does not, and would read it once more.
  return {
    value,
    since,
    get body() {
      return JSON.stringify(value);
    },
  };
}

/**
 * The changes of unfinished calls, a row each, for a call whole is some ten times as long. Each method runs inside a
 * transaction of its caller, where it does not say otherwise.
 */
export class LiveChanges {
  readonly #sql;

  constructor(file: SqliteFile) {
    this.#sql = statements(file);
  }

  add(callId: string, number: number, change: string): void {
    this.#sql.add.run(callId, number, change);
  }

  /** Outside of any transaction. */
  addAlone({ callId, number, change }: LiveCallChange): void {
    this.#sql.add.runAlone(callId, number, change);
  }

  dropOf(callId: string): void {
    this.#sql.drop.run(callId);
  }

  /** Those of no call that is there, as where damage took its id. */
  dropStray(): void {
    this.#sql.dropStray.run();
  }
}
