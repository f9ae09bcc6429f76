import type { Migration } from "../../sqlite/migrate.ts";

/**
 * What became of an unfinished call since its body was written, in the order of the numbers. A program that does not know
 * of changes would take bodies for all that there is: it refuses the journal as a whole.
 */
export const changesOfCalls: Migration = {
  version: 5,
  sql: /* sql */ `
CREATE TABLE live_changes (
  call_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  change TEXT NOT NULL,
  PRIMARY KEY (call_id, number)
) WITHOUT ROWID;
`,
};
