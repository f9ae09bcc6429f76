import type { Migration } from "../../sqlite/migrate.ts";

/** Of each number a code for each who asked, each with its own tries. Codes that wait live for minutes: they are void. */
export const codesByAsker: Migration = {
  version: 3,
  sql: /* sql */ `
DROP TABLE codes;
CREATE TABLE codes (
  user_id TEXT NOT NULL,
  asker TEXT NOT NULL,
  challenge TEXT NOT NULL,
  hash TEXT NOT NULL,
  sent_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  tries_left INTEGER NOT NULL,
  others_tries_left INTEGER NOT NULL,
  PRIMARY KEY (user_id, asker)
) WITHOUT ROWID;
CREATE INDEX codes_of_user ON codes (user_id, sent_at_ms, asker);
CREATE INDEX codes_expiring ON codes (expires_at_ms);
`,
};
