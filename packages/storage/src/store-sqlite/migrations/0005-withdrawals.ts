import type { Migration } from "../../sqlite/migrate.ts";

/** What was logged out of the host product's tokens, until none of it would be good any more. */
export const withdrawals: Migration = {
  version: 5,
  sql: /* sql */ `
CREATE TABLE withdrawals (
  key TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX withdrawals_of_owner ON withdrawals (owner);
CREATE INDEX withdrawals_expiring ON withdrawals (expires_at_ms);
`,
};
