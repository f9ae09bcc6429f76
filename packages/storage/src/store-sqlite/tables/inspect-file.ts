import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { Defect } from "../../tables/store-tables.ts";

/** What SQLite says of its file, and views that say otherwise than their call. */
export function inspectFile(file: SqliteFile, limit: number): readonly Defect[] {
  const damage = file.prepare<{ integrity_check: string }>(`PRAGMA integrity_check(${limit})`).all();
  const orphans = file.prepare<{ key: string }>(
    `SELECT v.call_id || ' ' || v.viewer AS key FROM call_views v
     WHERE NOT EXISTS (SELECT 1 FROM calls c WHERE c.id = v.call) LIMIT ?`,
  );
  const strays = file.prepare<{ key: string }>(
    `SELECT v.call_id || ' ' || v.viewer AS key FROM call_views v CROSS JOIN calls c ON c.id = v.call
     WHERE v.call_id <> c.call_id OR v.created_at_ms <> c.created_at_ms OR v.incoming <> (v.viewer <> c.caller) LIMIT ?`,
  );
  return [
    ...damage
      .filter((row) => row.integrity_check !== "ok")
      .map((row) => ({
        what: "the file is damaged",
        remedy: "restore it from a backup, or copy what can be read with echoo store copy",
        key: row.integrity_check,
      })),
    ...orphans.all(limit).map(({ key }) => ({
      what: "a history has a call that does not exist",
      remedy: "copy the store with echoo store copy: such lines stay behind",
      key,
    })),
    ...strays.all(limit).map(({ key }) => ({
      what: "a history has a call at another time or in another direction than its record",
      remedy: "copy the store with echoo store copy: histories are made anew from the records",
      key,
    })),
  ];
}
