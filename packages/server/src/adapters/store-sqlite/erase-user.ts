import type { Pause } from "../../long-work/pause.ts";
import { replaceUser } from "../../records/replace-user.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

/** How many calls are rewritten in one transaction, so that a long history does not hold up the event loop. */
const callsPerStep = 200;

interface PartyRow {
  readonly id: number;
  readonly call_id: string;
  readonly ended_by: string | null;
  readonly reported_by: string | null;
}

const partyColumns = "c.id, c.call_id, c.ended_by, c.reported_by";

/** What belongs to the account alone. */
function dropOwn(file: SqliteFile): (id: string) => void {
  const drops = [
    "DELETE FROM users WHERE id = ?1",
    "DELETE FROM tokens WHERE user_id = ?1",
    "DELETE FROM codes WHERE user_id = ?1",
    "DELETE FROM contacts WHERE owner = ?1",
    "DELETE FROM contacts WHERE contact = ?1",
    "DELETE FROM blocks WHERE owner = ?1",
    "DELETE FROM blocks WHERE blocked = ?1",
    "DELETE FROM call_stats WHERE reporter = ?1",
    "DELETE FROM call_samples WHERE reporter = ?1",
  ].map((sql) => file.prepare(sql));
  return (id) => file.transaction(() => drops.forEach((drop) => void drop.run(id)));
}

/** Rewrites the next few calls of the account; tells whether there were any. */
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
       ended_by = iif(ended_by = ?1, ?2, ended_by), reported_by = ?3 WHERE id = ?4`,
  );
  const dropView = file.prepare("DELETE FROM call_views WHERE call = ? AND viewer = ?");
  const told = file.prepare<{ reporter: string; reported: string }>(
    "SELECT reporter, reported FROM call_stats WHERE call_id = ? AND reported IS NOT NULL",
  );
  const retell = file.prepare("UPDATE call_stats SET reported = ? WHERE call_id = ? AND reporter = ?");

  return (id, replacement) =>
    file.transaction(() => {
      const rows = [...viewed.all(id), ...unshown.all(id)];
      for (const row of rows) {
        const reportedBy = row.reported_by && renamed(row.reported_by, id, replacement);
        rewrite.run(id, replacement, reportedBy, row.id);
        dropView.run(row.id, id);
        for (const { reporter, reported } of told.all(row.call_id)) {
          retell.run(replaceUser(reported, id, replacement), row.call_id, reporter);
        }
      }
      return rows.length > 0;
    });
}

function renamed(list: string, id: string, replacement: string): string {
  return JSON.stringify((JSON.parse(list) as string[]).map((party) => (party === id ? replacement : party)));
}

/** The account goes first and at once; its number in calls is replaced step by step, and can be begun again. */
export function eraseUser(file: SqliteFile, pause: Pause): (id: string, replacement: string) => Promise<void> {
  const drop = dropOwn(file);
  const rewrite = rewriteCalls(file);
  return async (id, replacement) => {
    if (id === replacement) throw new RangeError("an account cannot be replaced by itself");
    drop(id);
    while (rewrite(id, replacement)) await pause();
  };
}
