import type { Calls, CallsLook } from "@echoo/core";
import type { Filter } from "mongodb";
import { endOf, newestFirst } from "../../records/newest-first.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { type CallDocument, toStoredCall } from "./call-document.ts";

/** Each party is in one of these lists of a call, and each has an index by time. */
const lists = { viewers: "history", hiddenBy: "hiddenHistory", unshownTo: "unshownHistory" } as const;

/** Where in the order of an index the calls lie that are looked at. */
export function lookFilter(look: CallsLook): Filter<CallDocument> {
  const end = endOf(look);
  return {
    createdAtMs: { $gte: look.sinceMs, $lte: end.createdAtMs },
    $or: [{ createdAtMs: { $lt: end.createdAtMs } }, { _id: { $lt: text(end.callId) } }],
  };
}

/** Calls as an administrator looks at them. Indexes are named once they are known to be there. */
export function callLook(link: MongoLink, indexes: { readonly isDone: boolean }): Calls["look"] {
  const calls = link.collection<CallDocument>("calls");
  const find = (filter: Filter<CallDocument>, index: string, limit: number) =>
    link.run(() =>
      calls
        .find(filter, indexes.isDone ? { hint: index } : {})
        .sort({ createdAtMs: -1, _id: -1 })
        .limit(limit)
        .toArray(),
    );

  return async (look) => {
    const { party, limit } = look;
    const range = lookFilter(look);
    if (party === undefined) return (await find(range, "recent", limit)).map(toStoredCall);
    const found = await Promise.all(
      Object.entries(lists).map(([list, index]) => find({ ...range, [list]: text(party) }, index, limit)),
    );
    return found.flat().map(toStoredCall).sort(newestFirst).slice(0, limit);
  };
}
