import { type Calls, type Pause, untilDone } from "@echoo/core";
import { historyBounds } from "../../records/record-bounds.ts";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";
import { KeyedQuery } from "../keyed-query.ts";
import { callFigures } from "./call-figures.ts";
import { callLook } from "./call-look.ts";
import { type CallRow, toStoredCall } from "./call-row.ts";
import { CallWriter } from "./call-writer.ts";
import { historyPages } from "./history-page.ts";
import { callSweep } from "./sweep-calls.ts";

/** Calls marked as seen in one step. */
const marksPerStep = 200;

export function sqliteCalls(file: SqliteFile, pause: Pause): Calls {
  const writer = new CallWriter(file);
  const page = historyPages(file, pause);
  const figures = callFigures(file);
  const sweep = callSweep(file, pause);
  const many = new KeyedQuery<CallRow>(file, pause, (marks) => `SELECT * FROM calls WHERE call_id IN (${marks})`);
  const unseen = file.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT 1 FROM call_views WHERE viewer = ? AND seen = 0 AND hidden = 0 LIMIT ${historyBounds.unseenCounted})`,
  );
  const markSome = file.prepare(
    `UPDATE call_views SET seen = 1 WHERE (viewer, created_at_ms, call_id) IN (
       SELECT viewer, created_at_ms, call_id FROM call_views
       WHERE viewer = ? AND created_at_ms <= ? AND seen = 0 AND hidden = 0 ORDER BY created_at_ms LIMIT ${marksPerStep})`,
  );
  const hide = file.prepare(
    "UPDATE call_views SET hidden = 1 WHERE viewer = ? AND call = (SELECT id FROM calls WHERE call_id = ?)",
  );

  return {
    look: callLook(file),
    async record(calls) {
      if (calls.length === 0) return [];
      return file.transaction(() => calls.filter((call) => !writer.record(call)));
    },
    report: async (call, reporter, shared, maxPosted) =>
      file.transaction(() => writer.report({ call, reporter, shared }, maxPosted)),
    async find(callId) {
      const row = writer.find(callId);
      return row && toStoredCall(row);
    },
    findMany: async (callIds) => (await many.all(callIds)).map(toStoredCall),
    async putVerdicts(made) {
      if (made.length === 0) return;
      file.transaction(() => {
        for (const { callId, verdict } of made) writer.putVerdict(callId, verdict);
      });
    },
    page,
    figures: async (query) => figures(query),
    unseenMissed: async (viewer) => unseen.get(viewer)?.n ?? 0,
    async markSeen(viewer, untilMs) {
      let marked = 0;
      await untilDone(pause, () => {
        const some = markSome.run(viewer, untilMs);
        marked += some;
        return some < marksPerStep;
      });
      return marked;
    },
    hide: async (viewer, callId) => hide.run(viewer, callId) > 0,
    sweep,
  };
}
