import type { Migration } from "../../sqlite/migrate.ts";

/** What became of calls, what their clients told of them, and the histograms of each hour. */
export const verdicts: Migration = {
  version: 7,
  sql: /* sql */ `
-- What the server knew at the end, and the verdict, as JSON; the code that administrators see once more by itself.
ALTER TABLE calls ADD COLUMN server TEXT;
ALTER TABLE calls ADD COLUMN verdict TEXT;
ALTER TABLE calls ADD COLUMN verdict_code TEXT;
CREATE INDEX calls_by_verdict ON calls (verdict_code, created_at_ms) WHERE verdict_code IS NOT NULL;

CREATE TABLE call_reports (
  call_id TEXT NOT NULL,
  reporter TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  shift_ms REAL,
  events TEXT NOT NULL,
  PRIMARY KEY (call_id, reporter)
) WITHOUT ROWID;
CREATE INDEX call_reports_of_reporter ON call_reports (reporter);
CREATE INDEX call_reports_by_age ON call_reports (received_at_ms);

CREATE TABLE quality_hours (
  hour_ms INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  -- JSON: for each value of the dimension what its sides come to.
  counts TEXT NOT NULL,
  PRIMARY KEY (dimension, hour_ms)
) WITHOUT ROWID;
CREATE INDEX quality_hours_by_age ON quality_hours (hour_ms);

-- Hours whose summaries changed since they were counted.
CREATE TABLE quality_marks (
  hour_ms INTEGER PRIMARY KEY,
  marks INTEGER NOT NULL,
  claimed_until_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX quality_marks_free ON quality_marks (claimed_until_ms, hour_ms);
`,
};
