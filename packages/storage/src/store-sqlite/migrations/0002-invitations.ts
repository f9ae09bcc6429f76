import type { Migration } from "../../sqlite/migrate.ts";

/** Which invitations were redeemed, and a quick answer to whether there is an administrator. */
export const invitations: Migration = {
  version: 2,
  sql: /* sql */ `
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  claim_id TEXT NOT NULL,
  claimant TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  used INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX invitations_expiring ON invitations (expires_at_ms);

CREATE INDEX users_admins ON users (admin) WHERE admin = 1;
`,
};
