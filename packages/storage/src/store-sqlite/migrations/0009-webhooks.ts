import type { Migration } from "../../sqlite/migrate.ts";

/** Where events are posted to, what each call and account has to tell, and what it is found by. */
export const webhooks: Migration = {
  version: 9,
  sql: /* sql */ `
CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  secrets TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE webhook_subjects (
  uid TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  of TEXT NOT NULL,
  body TEXT NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  events INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  parked INTEGER NOT NULL,
  sweep_at_ms INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX webhook_subjects_of ON webhook_subjects (kind, of);
CREATE INDEX webhook_subjects_events ON webhook_subjects (changed_at_ms, uid, events) WHERE events > 0;
CREATE INDEX webhook_subjects_delivered ON webhook_subjects (changed_at_ms, uid) WHERE events > 0 AND waiting = 0 AND parked = 0;
CREATE INDEX webhook_subjects_waiting ON webhook_subjects (changed_at_ms, uid, waiting) WHERE waiting > 0;
CREATE INDEX webhook_subjects_parked ON webhook_subjects (changed_at_ms, uid, parked) WHERE parked > 0;
CREATE INDEX webhook_subjects_sweep ON webhook_subjects (sweep_at_ms) WHERE sweep_at_ms IS NOT NULL;

CREATE TABLE webhook_due (
  webhook TEXT NOT NULL,
  due_at_ms INTEGER NOT NULL,
  uid TEXT NOT NULL,
  PRIMARY KEY (webhook, due_at_ms, uid)
) WITHOUT ROWID;
CREATE INDEX webhook_due_of ON webhook_due (uid);

CREATE TABLE webhook_parties (
  party TEXT NOT NULL,
  uid TEXT NOT NULL,
  PRIMARY KEY (party, uid)
) WITHOUT ROWID;
CREATE INDEX webhook_parties_of ON webhook_parties (uid);
`,
};
