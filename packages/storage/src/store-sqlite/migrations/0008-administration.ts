import type { Migration } from "../../sqlite/migrate.ts";

/**
 * What administrators ask: who is one, who is suspended, and calls of everybody in the order of time, or of one party
 * with those that it does not see itself.
 */
export const administration: Migration = {
  version: 8,
  sql: /* sql */ `
ALTER TABLE users ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_suspended ON users (id) WHERE suspended = 1;

CREATE INDEX calls_recent ON calls (created_at_ms, call_id);
DROP INDEX calls_unshown_to_caller;
CREATE INDEX calls_unshown_to_caller ON calls (caller, created_at_ms, call_id) WHERE reported_by IS NOT NULL;
DROP INDEX calls_unshown_to_callee;
CREATE INDEX calls_unshown_to_callee ON calls (callee, created_at_ms, call_id)
  WHERE reported_by IS NOT NULL OR caller_only = 1;
`,
};
