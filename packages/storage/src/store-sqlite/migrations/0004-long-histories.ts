import type { Migration } from "../../sqlite/migrate.ts";

/**
 * What long histories need: who posted a call is marked on their view of it, so that counting what a user posted and
 * finding the oldest of it is one look into an index; so is what a user hid. And erasures that are not finished.
 */
export const longHistories: Migration = {
  version: 4,
  sql: /* sql */ `
ALTER TABLE call_views ADD COLUMN posted INTEGER NOT NULL DEFAULT 0;
UPDATE call_views SET posted = 1 WHERE EXISTS (
  SELECT 1 FROM calls c, json_each(c.reported_by) teller
  WHERE c.id = call_views.call AND c.reported_by IS NOT NULL AND teller.value = call_views.viewer);
CREATE INDEX call_views_posted ON call_views (viewer, created_at_ms, call_id) WHERE posted = 1;
CREATE INDEX call_views_hidden ON call_views (viewer, created_at_ms, call_id) WHERE hidden = 1;

CREATE TABLE erasures (
  user_id TEXT PRIMARY KEY,
  replacement TEXT NOT NULL
) WITHOUT ROWID;
`,
};
