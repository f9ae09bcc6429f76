import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

/** Deletes old calls with their statistics, oldest first, and as many old statistics that no call belongs to. */
export function callSweep(file: SqliteFile): (beforeMs: number, limit: number) => number {
  const old = file.prepare<{ id: number; call_id: string }>(
    "SELECT id, call_id FROM calls WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?",
  );
  // Its views go with it, by the foreign key.
  const dropCall = file.prepare("DELETE FROM calls WHERE id = ?");
  const dropStats = file.prepare("DELETE FROM call_stats WHERE call_id = ?");
  const dropSamples = file.prepare("DELETE FROM call_samples WHERE call_id = ?");
  const dropStray = file.prepare(
    `DELETE FROM call_stats WHERE (call_id, reporter) IN (
       SELECT s.call_id, s.reporter FROM call_stats s
       WHERE s.updated_at_ms < ? AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.call_id = s.call_id)
       ORDER BY s.updated_at_ms LIMIT ?)`,
  );
  return (beforeMs, limit) =>
    file.transaction(() => {
      const calls = old.all(beforeMs, limit);
      for (const call of calls) {
        dropStats.run(call.call_id);
        dropSamples.run(call.call_id);
        dropCall.run(call.id);
      }
      dropStray.run(beforeMs, limit);
      return calls.length;
    });
}
