import { charsPerStep, type Pause, untilDone } from "@echoo/core";
import { replaceUser } from "../../records/replace-user.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Erasures } from "./erasures.ts";

/** Takes the number out of the events, and tells of the erasure. */
export type EraseEvents = (id: string, replacement: string) => Promise<void>;

/** Rows deleted in one step, by how much each may hold. */
const listedPerStep = 200;
const sidesPerStep = 25;
/** Calls rewritten in one step, unless what was said of them is long. */
const callsPerStep = 25;

interface PartyRow {
  readonly id: number;
  readonly call_id: string;
  readonly reported_by: string | null;
}

const partyColumns = "c.id, c.call_id, c.reported_by";

/**
 * What belongs to the account alone, and its place on the lists of others; each takes the next few and tells how many.
 */
function ownRows(file: SqliteFile): readonly ((id: string) => number)[] {
  const listed = (table: string, key: string, column: string) =>
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${column} = ? LIMIT ${listedPerStep})`;
  const measured = (table: string, key: string) =>
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE reporter = ? LIMIT ${sidesPerStep})`;
  return [
    listed("contacts", "owner, contact", "owner"),
    listed("contacts", "owner, contact", "contact"),
    listed("blocks", "owner, blocked", "owner"),
    listed("blocks", "owner, blocked", "blocked"),
    measured("call_samples", "id"),
    measured("call_stats", "call_id, reporter"),
    measured("call_reports", "call_id, reporter"),
  ].map((sql) => {
    const drop = file.prepare(sql);
    return (id) => drop.run(id);
  });
}

/** Rewrites the next few calls of the account; tells whether there are none. */
function rewriteCalls(file: SqliteFile): (id: string, replacement: string) => boolean {
  const viewed = file.prepare<PartyRow>(
    `SELECT ${partyColumns} FROM call_views v CROSS JOIN calls c ON c.id = v.call WHERE v.viewer = ? LIMIT ${callsPerStep}`,
  );
  // Those that the account cannot see, though its number is in them. Each half uses an index of its own.
  const unshown = file.prepare<PartyRow>(
    `SELECT ${partyColumns} FROM calls c WHERE c.caller = ?1 AND c.reported_by IS NOT NULL
     UNION SELECT ${partyColumns} FROM calls c WHERE c.callee = ?1 AND (c.reported_by IS NOT NULL OR c.caller_only = 1)
     LIMIT ${callsPerStep}`,
  );
  const rewrite = file.prepare(
    `UPDATE calls SET caller = iif(caller = ?1, ?2, caller), callee = iif(callee = ?1, ?2, callee),
       caller_device = iif(caller = ?1, NULL, caller_device), callee_device = iif(callee = ?1, NULL, callee_device),
       server = json_remove(server, iif(caller = ?1, '$.callerClient', '$.none'), iif(callee = ?1, '$.calleeClient', '$.none')),
       ended_by = iif(ended_by = ?1, ?2, ended_by), reported_by = ?3 WHERE id = ?4`,
  );
  const dropView = file.prepare("DELETE FROM call_views WHERE call = ? AND viewer = ?");
  const told = file.prepare<{ reporter: string; reported: string }>(
    "SELECT reporter, reported FROM call_stats WHERE call_id = ? AND reported IS NOT NULL",
  );
  const retell = file.prepare("UPDATE call_stats SET reported = ? WHERE call_id = ? AND reporter = ?");

  /** Tells how much there was to rewrite. */
  function rewriteOne(row: PartyRow, id: string, replacement: string): number {
    const reportedBy = row.reported_by && renamed(row.reported_by, id, replacement);
    rewrite.run(id, replacement, reportedBy, row.id);
    dropView.run(row.id, id);
    let chars = 0;
    for (const { reporter, reported } of told.all(row.call_id)) {
      retell.run(replaceUser(reported, id, replacement), row.call_id, reporter);
      chars += reported.length;
    }
    return chars;
  }

  return (id, replacement) =>
    file.transaction(() => {
      const shown = viewed.all(id);
      const rows = shown.length > 0 ? shown : unshown.all(id);
      let chars = 0;
      for (const row of rows) {
        chars += rewriteOne(row, id, replacement);
        if (chars >= charsPerStep) break;
      }
      return rows.length === 0;
    });
}

function renamed(list: string, id: string, replacement: string): string {
  return JSON.stringify((JSON.parse(list) as string[]).map((party) => (party === id ? replacement : party)));
}

/**
 * The account goes first and at once, and a note of its erasure takes its place: until that is whole no user gets the
 * number, nor what is left of its history. Then the rest goes step by step, and the note at last. It can be begun
 * again.
 */
export function eraseUser(
  file: SqliteFile,
  erasures: Erasures,
  pause: Pause,
  eraseEvents: EraseEvents,
): (id: string, replacement: string) => Promise<void> {
  const ofUser = ["tokens", "codes", "push_devices"].map((table) => `${table} WHERE user_id = ?`);
  const account = ["users WHERE id = ?", ...ofUser].map((which) => file.prepare(`DELETE FROM ${which}`));
  const own = ownRows(file);
  const rewrite = rewriteCalls(file);

  return async (id, given) => {
    if (id === given) throw new RangeError("an account cannot be replaced by itself");
    const replacement = file.transaction(() => {
      for (const drop of account) drop.run(id);
      return erasures.begin(id, given);
    });
    for (const dropSome of own) await untilDone(pause, () => dropSome(id) === 0);
    await untilDone(pause, () => rewrite(id, replacement));
    await eraseEvents(id, replacement);
    erasures.end(id);
  };
}
