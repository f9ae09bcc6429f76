import type { CallFigures, FiguresPage, FiguresQuery } from "@echoo/core";
import type { Collection } from "mongodb";
import { encodeCursor } from "../../records/history-cursor.ts";
import { byCodePoint } from "../../tables/store-tables.ts";
import type { MongoLink } from "../link/mongo-link.ts";
import { text } from "../link/stored-text.ts";
import type { CallDocument } from "./call-document.ts";
import { historyFilter, historyOrder } from "./history-page.ts";
import type { StatsDocument } from "./mongo-statistics.ts";

type Call = Pick<CallDocument, "_id" | "createdAtMs" | "answeredAtMs" | "caller" | "status" | "durationSec">;
type Measured = Pick<StatsDocument, "callId" | "reporter" | "summary">;

const ofCall = { createdAtMs: 1, answeredAtMs: 1, caller: 1, status: 1, durationSec: 1 } as const;
const ofSide = { _id: 0, callId: 1, reporter: 1, "summary.mos.p50": 1, "summary.dataUsedBytes": 1 } as const;

/** Reads one page: the calls by the index of histories, then what was measured of them. */
export async function callFigures(
  link: MongoLink,
  query: FiguresQuery,
  index: string | undefined,
): Promise<FiguresPage> {
  const calls: Collection<CallDocument> = link.collection("calls");
  const stats: Collection<StatsDocument> = link.collection("call_stats");
  const hint = index === undefined ? {} : { hint: index };
  const found = await link.run(() =>
    calls.find(historyFilter(query), hint).sort(historyOrder).limit(query.limit).project<Call>(ofCall).toArray(),
  );
  const ids = found.map(({ _id }) => _id);
  const measured = await link.run(() =>
    stats
      .find({ callId: { $in: ids } })
      .project<Measured>(ofSide)
      .toArray(),
  );
  const sides = new Map<string, Measured[]>(ids.map((id) => [id, []]));
  for (const side of measured) sides.get(side.callId)?.push(side);
  const viewer = text(query.viewer);
  const figures = found.map((call) => toFigures(viewer, call, sides.get(call._id) ?? []));
  const last = found.at(-1);
  if (last === undefined || found.length < query.limit) return { figures };
  return { figures, nextCursor: encodeCursor({ createdAtMs: last.createdAtMs, callId: last._id }) };
}

function toFigures(viewer: string, call: Call, sides: readonly Measured[]): CallFigures {
  const own = sides.find(({ reporter }) => reporter === viewer)?.summary;
  const peers = sides.filter(({ reporter }) => reporter !== viewer);
  const scored = peers.sort((a, b) => byCodePoint(a.reporter, b.reporter)).flatMap(({ summary }) => summary?.mos ?? []);
  const mos = own?.mos ?? scored[0];
  return {
    createdAtMs: call.createdAtMs,
    answered: call.answeredAtMs !== undefined,
    missed: call.caller !== viewer && call.status === "missed",
    durationSec: call.durationSec,
    ...(mos === undefined ? {} : { mos: mos.p50 }),
    ...(own?.dataUsedBytes === undefined ? {} : { dataUsedBytes: own.dataUsedBytes }),
  };
}
