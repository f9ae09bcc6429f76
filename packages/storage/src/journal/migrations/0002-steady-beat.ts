import type { Migration } from "../../sqlite/migrate.ts";

/** A beat tells by the steady time as well when it was. Before, times of calls and tombstones were of the wall clock. */
export const steadyBeat: Migration = {
  version: 2,
  sql: /* sql */ `
ALTER TABLE beat ADD COLUMN steady_ms INTEGER;
`,
};
