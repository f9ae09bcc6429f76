import type { HistoryPage, HistoryQuery } from "@echoo/core";
import type { Collection, Filter, Sort } from "mongodb";
import { decodeCursor, encodeCursor, type Position } from "../../records/history-cursor.ts";
import { historyBounds } from "../../records/record-bounds.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";

export const historyOrder = { createdAtMs: -1, _id: -1 } as const satisfies Sort;

/** Calls that a page looks at for those that pass its filter. */
const lookedPerPage = historyBounds.lookedPerStep * historyBounds.stepsPerPage;

type Range = Pick<HistoryQuery, "viewer" | "hidden" | "cursor" | "sinceMs" | "untilMs">;

/** The conditions of one page. All but the words about one millisecond are bounds of the index `history`. */
export function historyFilter(
  query: Range & Pick<HistoryQuery, "direction" | "status">,
  end?: Position,
): Filter<CallDocument> {
  const { sinceMs, untilMs, direction, status } = query;
  const viewer = text(query.viewer);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const from = Math.max(sinceMs ?? Number.NEGATIVE_INFINITY, end?.createdAtMs ?? Number.NEGATIVE_INFINITY);
  const times = {
    ...(from === Number.NEGATIVE_INFINITY ? {} : { $gte: from }),
    ...(untilMs === undefined ? {} : { $lt: untilMs }),
    ...(after === undefined ? {} : { $lte: after.createdAtMs }),
  };
  const caller = direction === "incoming" ? { $ne: viewer } : { $eq: viewer };
  const ends = [...(after === undefined ? [] : [following(after)]), ...(end === undefined ? [] : [upTo(end)])];
  return {
    ...(query.hidden ? { hiddenBy: viewer } : { viewers: viewer }),
    ...(Object.keys(times).length === 0 ? {} : { createdAtMs: times }),
    ...(direction === undefined ? {} : { caller }),
    ...(status === undefined ? {} : { status: { $eq: status } }),
    ...(ends.length === 0 ? {} : { $and: ends }),
  };
}

/** Of the calls of the cursor's own millisecond those that come after it. */
function following({ createdAtMs, callId }: Position): Filter<CallDocument> {
  return { $or: [{ createdAtMs: { $lt: createdAtMs } }, { _id: { $lt: text(callId) } }] };
}

/** Of the calls of this one's millisecond those that come before it, and itself. */
function upTo({ createdAtMs, callId }: Position): Filter<CallDocument> {
  return { $or: [{ createdAtMs: { $gt: createdAtMs } }, { _id: { $gte: text(callId) } }] };
}

/**
 * Reads one page. The index is named once it is known to be there, since a planner's guess may change with the data.
 * Where a filter passes few of many, so many calls are looked at and no more: the page has what was found by then, and
 * the next one goes on from there.
 */
export async function historyPage(link: MongoLink, query: HistoryQuery, hasIndex: boolean): Promise<HistoryPage> {
  const calls = link.collection<CallDocument>("calls");
  const hint = hasIndex ? { hint: query.hidden ? "hiddenHistory" : "history" } : {};
  const isFiltered = query.direction !== undefined || query.status !== undefined;
  const end = isFiltered ? await link.run(() => lookEnd(calls, query, hint)) : undefined;
  const viewer = text(query.viewer);
  const found = await link.run(() =>
    calls
      .find(historyFilter(query, end), hint)
      .sort(historyOrder)
      .limit(query.limit + 1)
      .toArray(),
  );
  const shown = found.slice(0, query.limit).map((document) => {
    return { call: toStoredCall(document), seen: document.unseenBy !== viewer };
  });
  const next = found.length > query.limit ? shown.at(-1)?.call : end;
  return next === undefined ? { calls: shown } : { calls: shown, nextCursor: encodeCursor(next) };
}

/** The last call that this page may look at; none where there are fewer. Its index alone is read. */
async function lookEnd(
  calls: Collection<CallDocument>,
  { direction, status, ...range }: HistoryQuery,
  hint: { readonly hint?: string },
): Promise<Position | undefined> {
  const last = await calls
    .find(historyFilter(range), hint)
    .sort(historyOrder)
    .skip(lookedPerPage - 1)
    .limit(1)
    .project<Pick<CallDocument, "_id" | "createdAtMs">>({ createdAtMs: 1 })
    .next();
  return last === null ? undefined : { createdAtMs: last.createdAtMs, callId: last._id };
}
