import type { HistoryPage, HistoryQuery } from "@echoo/core";
import type { Collection, Filter, Sort } from "mongodb";
import { decodeCursor, encodeCursor } from "../../records/history-cursor.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";
import { text } from "./stored-text.ts";

export const historyOrder = { createdAtMs: -1, _id: -1 } as const satisfies Sort;

/** The conditions of one page. All but the cursor's last word are bounds of the index `history`. */
export function historyFilter(query: HistoryQuery): Filter<CallDocument> {
  const { sinceMs, untilMs, direction, status } = query;
  const viewer = text(query.viewer);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const times = {
    ...(sinceMs === undefined ? {} : { $gte: sinceMs }),
    ...(untilMs === undefined ? {} : { $lt: untilMs }),
    ...(after === undefined ? {} : { $lte: after.createdAtMs }),
  };
  const caller = direction === "incoming" ? { $ne: viewer } : { $eq: viewer };
  return {
    ...(query.hidden ? { hiddenBy: viewer } : { viewers: viewer }),
    ...(Object.keys(times).length === 0 ? {} : { createdAtMs: times }),
    ...(direction === undefined ? {} : { caller }),
    ...(status === undefined ? {} : { status: { $eq: status } }),
    ...(after === undefined ? {} : { $or: following(after) }),
  };
}

/** Of the calls of the cursor's own millisecond those that come after it. */
function following({ createdAtMs, callId }: ReturnType<typeof decodeCursor>): Filter<CallDocument>[] {
  return [{ createdAtMs: { $lt: createdAtMs } }, { _id: { $lt: text(callId) } }];
}

/** Reads one page. The index is named once it is known to be there, since a planner's guess may change with the data. */
export async function historyPage(
  calls: Collection<CallDocument>,
  query: HistoryQuery,
  index: string | undefined,
): Promise<HistoryPage> {
  const viewer = text(query.viewer);
  const found = await calls
    .find(historyFilter(query), index === undefined || query.hidden ? {} : { hint: index })
    .sort(historyOrder)
    .limit(query.limit + 1)
    .toArray();
  const shown = found.slice(0, query.limit);
  const viewed = shown.map((document) => ({ call: toStoredCall(document), seen: document.unseenBy !== viewer }));
  const last = viewed.at(-1);
  return found.length > query.limit && last
    ? { calls: viewed, nextCursor: encodeCursor(last.call) }
    : { calls: viewed };
}
