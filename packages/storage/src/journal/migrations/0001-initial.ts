import type { Migration } from "../../sqlite/migrate.ts";

/** The first schema of the journal. Bodies are JSON; times are milliseconds since the epoch. */
export const initial: Migration = {
  version: 1,
  sql: /* sql */ `
CREATE TABLE live (
  call_id TEXT PRIMARY KEY,
  body TEXT NOT NULL
);

-- One row: when the node last said that it lives.
CREATE TABLE beat (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  alive_at_ms INTEGER NOT NULL
);

CREATE TABLE tombstones (
  call_id TEXT PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tombstones_expiring ON tombstones (expires_at_ms);

-- One queue for all kinds: what was committed first is stored first.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  reporter TEXT,
  body TEXT NOT NULL
);
`,
};
