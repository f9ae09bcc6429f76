import type { Migration } from "../../sqlite/migrate.ts";

/**
 * Every body says of which format it is; those that are there already are of format 0, or of format 1, which a step
 * from 0 leaves as it is. Rows get a number that no damage to their texts takes away, and a place to be put aside to.
 */
export const formatsAndAside: Migration = {
  version: 3,
  sql: /* sql */ `
ALTER TABLE live RENAME TO live_before;
CREATE TABLE live (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL UNIQUE,
  format INTEGER NOT NULL,
  body TEXT NOT NULL
);
INSERT INTO live (call_id, format, body) SELECT call_id, 0, body FROM live_before ORDER BY rowid;
DROP TABLE live_before;

ALTER TABLE tombstones RENAME TO tombstones_before;
CREATE TABLE tombstones (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL UNIQUE,
  expires_at_ms INTEGER NOT NULL,
  format INTEGER NOT NULL,
  body TEXT NOT NULL
);
INSERT INTO tombstones (call_id, expires_at_ms, format, body)
  SELECT call_id, expires_at_ms, 0, body FROM tombstones_before ORDER BY expires_at_ms;
DROP TABLE tombstones_before;
CREATE INDEX tombstones_expiring ON tombstones (expires_at_ms);

ALTER TABLE outbox ADD COLUMN format INTEGER NOT NULL DEFAULT 0;

-- One row. through_seq is 0 while nothing is being stored; up to suspect_seq entries are stored one at a time.
CREATE TABLE storing (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through_seq INTEGER NOT NULL,
  suspect_seq INTEGER NOT NULL
);
INSERT INTO storing VALUES (1, 0, 0);

-- What nothing can be made of, or nobody can store, as it was.
CREATE TABLE set_aside (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  call_id TEXT,
  format INTEGER NOT NULL,
  why TEXT NOT NULL,
  body BLOB NOT NULL
);
`,
};
