import type { Migration } from "../../sqlite/migrate.ts";

/** Devices that a push service can wake, and the keys that a system makes for itself once. */
export const pushDevices: Migration = {
  version: 6,
  sql: /* sql */ `
CREATE TABLE push_devices (
  user_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  name TEXT,
  locale TEXT,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL UNIQUE,
  token_id TEXT NOT NULL,
  token_kind TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  registered_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, device_id)
) WITHOUT ROWID;
CREATE INDEX push_devices_of_token ON push_devices (token_id);
CREATE INDEX push_devices_due ON push_devices (due_at_ms);

CREATE TABLE server_keys (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
`,
};
