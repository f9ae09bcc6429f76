import type { Calls, Pause } from "@echoo/core";
import { historyBounds } from "../../records/record-bounds.ts";
import type { IndexBuilder } from "../link/index-builder.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";
import { callFigures } from "./call-figures.ts";
import { callLook } from "./call-look.ts";
import { CallWriter } from "./call-writer.ts";
import { historyPage } from "./history-page.ts";
import { findCalls, putVerdicts } from "./mongo-verdicts.ts";
import { callSweep } from "./sweep-calls.ts";

export function mongoCalls(link: MongoLink, indexes: Pick<IndexBuilder, "isDone">, pause: Pause): Calls {
  const calls = link.collection<CallDocument>("calls");
  const writer = new CallWriter(link, calls);

  return {
    look: callLook(link, indexes),
    record: (ended) => writer.record(ended),
    report: (call, reporter, shared, maxPosted) => writer.report({ call, reporter, shared }, maxPosted),
    async find(callId) {
      const found = await link.run(() => calls.findOne({ _id: text(callId) }));
      return found === null ? undefined : toStoredCall(found);
    },
    findMany: (callIds) => findCalls(link, calls, callIds, pause),
    putVerdicts: (made) => putVerdicts(link, calls, made),
    page: (query) => historyPage(link, query, indexes.isDone),
    figures: (query) => callFigures(link, query, indexes.isDone ? "history" : undefined),
    unseenMissed: (viewer) =>
      link.run(() => calls.countDocuments({ unseenBy: text(viewer) }, { limit: historyBounds.unseenCounted })),
    async markSeen(viewer, untilMs) {
      const unseen = { unseenBy: text(viewer), createdAtMs: { $lte: untilMs } };
      return (await link.run(() => calls.updateMany(unseen, { $unset: { unseenBy: true } }))).modifiedCount;
    },
    async hide(viewer, callId) {
      const [_id, hider] = [text(callId), text(viewer)];
      const move = { $pull: { viewers: hider }, $addToSet: { hiddenBy: hider } };
      const done = await link.run(() =>
        // Only the callee may have it unseen: that goes with its place in the history. One of the two applies.
        calls.bulkWrite([
          { updateOne: { filter: { _id, viewers: hider, caller: hider }, update: move } },
          {
            updateOne: {
              filter: { _id, viewers: hider, callee: hider },
              update: { ...move, $unset: { unseenBy: true } },
            },
          },
        ]),
      );
      if (done.matchedCount > 0) return true;
      return (await link.run(() => calls.countDocuments({ _id, hiddenBy: hider }, { limit: 1 }))) > 0;
    },
    sweep: callSweep(link),
  };
}
