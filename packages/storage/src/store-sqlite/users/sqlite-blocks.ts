import type { Blocks } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

export function sqliteBlocks(file: SqliteFile): Blocks {
  const list = file.prepare<{ blocked: string; created_at_ms: number }>(
    "SELECT blocked, created_at_ms FROM blocks WHERE owner = ? ORDER BY blocked",
  );
  const known = file.prepare<{ n: number }>("SELECT count(*) AS n FROM blocks WHERE owner = ? AND blocked = ?");
  const count = file.prepare<{ n: number }>("SELECT count(*) AS n FROM blocks WHERE owner = ?");
  const insert = file.prepare("INSERT INTO blocks (owner, blocked, created_at_ms) VALUES (?, ?, ?)");
  const remove = file.prepare("DELETE FROM blocks WHERE owner = ? AND blocked = ?");

  return {
    async list(owner) {
      return list.all(owner).map((row) => ({ blocked: row.blocked, createdAtMs: row.created_at_ms }));
    },
    async put(owner, block, maxBlocks) {
      return file.transaction(() => {
        if ((known.get(owner, block.blocked)?.n ?? 0) > 0) return "known";
        if ((count.get(owner)?.n ?? 0) >= maxBlocks) return "full";
        insert.run(owner, block.blocked, block.createdAtMs);
        return "created";
      });
    },
    remove: async (owner, blocked) => remove.run(owner, blocked) === 1,
  };
}
