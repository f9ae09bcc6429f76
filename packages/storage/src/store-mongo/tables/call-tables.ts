import { partiesOf } from "@echoo/core";
import {
  byCodePoint,
  type CallView,
  type KeptCall,
  type KeptSamples,
  type KeptStatistics,
  type Table,
} from "../../tables/store-tables.ts";
import { type CallDocument, toDocument, toStoredCall } from "../calls/call-document.ts";
import type { SampleDocument, StatsDocument } from "../calls/mongo-statistics.ts";
import { joinKey, splitKey } from "../calls/statistics-key.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import { mongoTable } from "./mongo-table.ts";

/**
 * A document that an operator made by hand may have no viewers; a check must not fail on it, and says what is wrong.
 */
function viewsOf({ viewers = [], hiddenBy = [], unseenBy }: Partial<CallDocument>): readonly CallView[] {
  const views: readonly CallView[] = [
    ...viewers.map((viewer): CallView => ({ viewer, state: viewer === unseenBy ? "unseen" : "seen" })),
    ...hiddenBy.map((viewer): CallView => ({ viewer, state: "hidden" })),
  ];
  return views.toSorted((a, b) => byCodePoint(a.viewer, b.viewer));
}

/** The document with exactly these views, which need not be those of a call that has just ended: one may be erased. */
function documentOf({ call, views }: KeptCall): CallDocument {
  const { viewers: _, hiddenBy: _hidden, unseenBy: _unseen, unshownTo, ...rest } = toDocument(call);
  const parties = partiesOf(rest);
  const ordered = views.toSorted((a, b) => parties.indexOf(a.viewer) - parties.indexOf(b.viewer));
  const hiddenBy = ordered.filter(({ state }) => state === "hidden").map(({ viewer }) => text(viewer));
  const unseen = ordered.find(({ state }) => state === "unseen");
  return {
    ...rest,
    viewers: ordered.filter(({ state }) => state !== "hidden").map(({ viewer }) => text(viewer)),
    ...(hiddenBy.length === 0 ? {} : { hiddenBy }),
    ...(unshownTo === undefined ? {} : { unshownTo }),
    ...(unseen === undefined ? {} : { unseenBy: text(unseen.viewer) }),
  };
}

export function callsTable(link: MongoLink): Table<KeptCall> {
  return mongoTable<CallDocument, KeptCall>(link, {
    collection: link.collection("calls"),
    idOf: ([callId]) => callId,
    toEntry: (document) => ({ call: toStoredCall(document), views: viewsOf(document) }),
    toDocument: documentOf,
    chars: () => 1000,
  });
}

export function statisticsTable(link: MongoLink): Table<KeptStatistics> {
  return mongoTable<StatsDocument, KeptStatistics>(link, {
    collection: link.collection("call_stats"),
    idOf: (key) => joinKey(...key),
    toEntry: ({ _id, ...rest }) => rest,
    toDocument: ({ callId, reporter, summary, reported, reportedAtMs, updatedAtMs }) => ({
      _id: joinKey(callId, reporter),
      callId: text(callId),
      reporter: text(reporter),
      ...(summary === undefined ? {} : { summary }),
      ...(reported === undefined ? {} : { reported: text(reported) }),
      ...(reportedAtMs === undefined ? {} : { reportedAtMs }),
      updatedAtMs,
    }),
    chars: ({ reported = "" }) => reported.length + 1500,
  });
}

export function samplesTable(link: MongoLink): Table<KeptSamples> {
  return mongoTable<SampleDocument, KeptSamples>(link, {
    collection: link.collection("call_samples"),
    idOf: (key) => joinKey(...key),
    toEntry({ _id, reporter, receivedAtMs, samples }) {
      const [callId = "", , batch = ""] = splitKey(_id);
      return { callId, reporter, batch, receivedAtMs, samples };
    },
    toDocument: ({ callId, reporter, batch, receivedAtMs, samples }) => ({
      _id: joinKey(callId, reporter, batch),
      reporter: text(reporter),
      receivedAtMs,
      samples,
    }),
    chars: ({ samples }) => samples.length + 200,
  });
}
