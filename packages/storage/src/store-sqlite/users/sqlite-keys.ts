import type { ServerKeys } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

export function sqliteKeys(file: SqliteFile): ServerKeys {
  const find = file.prepare<{ value: string }>("SELECT value FROM server_keys WHERE name = ?");
  const keep = file.prepare(
    "INSERT INTO server_keys (name, value, created_at_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
  );
  return {
    async findOrKeep(name, made, nowMs) {
      return file.transaction(() => {
        keep.run(name, made, nowMs);
        return find.get(name)?.value ?? made;
      });
    },
  };
}
