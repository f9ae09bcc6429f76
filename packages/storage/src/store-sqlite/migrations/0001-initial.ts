import type { Migration } from "../../sqlite/migrate.ts";

/**
 * The first schema. SQL lives in TypeScript modules, so that the compiler alone brings it into `dist`.
 * Times are milliseconds since the epoch. Texts are compared by their UTF-8 bytes, which is by code point.
 */
export const initial: Migration = {
  version: 1,
  sql: /* sql */ `
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  display_name TEXT,
  presence TEXT NOT NULL,
  do_not_disturb INTEGER NOT NULL,
  proof TEXT,
  admin INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  device TEXT,
  created_at_ms INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tokens_of_user ON tokens (user_id, created_at_ms, id);
CREATE INDEX tokens_expiring ON tokens (expires_at_ms);

CREATE TABLE codes (
  user_id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  sent_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  tries_left INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX codes_expiring ON codes (expires_at_ms);

CREATE TABLE contacts (
  owner TEXT NOT NULL,
  contact TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (owner, contact)
) WITHOUT ROWID;
CREATE INDEX contacts_by_name ON contacts (owner, name, contact);
CREATE INDEX contacts_naming ON contacts (contact);

CREATE TABLE blocks (
  owner TEXT NOT NULL,
  blocked TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (owner, blocked)
) WITHOUT ROWID;
CREATE INDEX blocks_naming ON blocks (blocked);

CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL UNIQUE,
  caller TEXT NOT NULL,
  callee TEXT NOT NULL,
  is_video INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  ringing_at_ms INTEGER,
  answered_at_ms INTEGER,
  connected_at_ms INTEGER,
  ended_at_ms INTEGER NOT NULL,
  end_reason TEXT NOT NULL,
  ended_by TEXT,
  caller_device TEXT,
  callee_device TEXT,
  glare INTEGER NOT NULL,
  reconnects INTEGER NOT NULL,
  duration_sec INTEGER NOT NULL,
  caller_only INTEGER NOT NULL,
  -- A JSON list of who told of the call, where the server did not see it itself.
  reported_by TEXT,
  shared_report INTEGER NOT NULL
);
CREATE INDEX calls_by_age ON calls (created_at_ms);
-- The few calls that a party has no view of; erasing that party must find them too.
CREATE INDEX calls_unshown_to_caller ON calls (caller) WHERE reported_by IS NOT NULL;
CREATE INDEX calls_unshown_to_callee ON calls (callee) WHERE reported_by IS NOT NULL OR caller_only = 1;

-- One row for each call and each party that may see it: a page of history is one scan of the primary key.
CREATE TABLE call_views (
  viewer TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  call_id TEXT NOT NULL,
  call INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  incoming INTEGER NOT NULL,
  status TEXT NOT NULL,
  seen INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  PRIMARY KEY (viewer, created_at_ms, call_id)
) WITHOUT ROWID;
CREATE INDEX call_views_of_call ON call_views (call);
CREATE INDEX call_views_unseen ON call_views (viewer, created_at_ms) WHERE seen = 0 AND hidden = 0;

CREATE TABLE call_stats (
  call_id TEXT NOT NULL,
  reporter TEXT NOT NULL,
  summary TEXT,
  reported TEXT,
  reported_at_ms INTEGER,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (call_id, reporter)
) WITHOUT ROWID;
CREATE INDEX call_stats_of_reporter ON call_stats (reporter);
CREATE INDEX call_stats_by_age ON call_stats (updated_at_ms);

CREATE TABLE call_samples (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL,
  reporter TEXT NOT NULL,
  batch TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  samples TEXT NOT NULL,
  UNIQUE (call_id, reporter, batch)
);
CREATE INDEX call_samples_of_reporter ON call_samples (reporter);
CREATE INDEX call_samples_by_age ON call_samples (received_at_ms);
`,
};
