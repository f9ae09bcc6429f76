import type { Accounts } from "@echoo/accounts";
import {
  endedByTo,
  enderOf,
  qualityLevel,
  reasonFor,
  type Store,
  type StoredCall,
  type StoredSummary,
  statusOf,
  type User,
  type ViewedCall,
} from "@echoo/core";
import type { CallBody } from "@echoo/protocol";
import { groupBy } from "../replies/group-by.ts";
import { instantOf } from "../replies/instant.ts";
import { shownName } from "./user-body.ts";
import { shortVerdict } from "./verdict-body.ts";

export interface CallBodyDeps {
  readonly store: Pick<Store, "users" | "statistics">;
  readonly accounts: Pick<Accounts, "userFacts" | "strangerQuota">;
}

/**
 * Calls as one viewer's history has them, with their names and figures looked up in two questions for all. A name
 * counts as a question about its owner: past the day's strangers a peer who never answered has their number for a name.
 */
export async function callBodies(
  { store, accounts }: CallBodyDeps,
  viewer: string,
  calls: readonly ViewedCall[],
): Promise<CallBody[]> {
  const facts = await accounts.userFacts.load(viewer);
  const peers = [...new Set(calls.map(({ call }) => peerOf(call, viewer)))];
  const met = new Set(calls.flatMap(({ call }) => (haveMet(call, viewer) ? peerOf(call, viewer) : [])));
  const named = peers.filter(
    (peer) => met.has(peer) || facts?.contacts.has(peer) || accounts.strangerQuota.allows(viewer, peer),
  );
  const [users, summaries] = await Promise.all([
    store.users.findMany(named),
    store.statistics.summaries(calls.map(({ call }) => call.callId)),
  ]);
  const names = new Map(users.map((user) => [user.id, user]));
  const figures = groupBy(summaries, (summary) => summary.callId);
  return calls.map((viewed) => callBody(viewer, viewed, names, figures.get(viewed.call.callId) ?? []));
}

/** Whether the peer called the viewer or answered them, as the server itself saw. */
function haveMet(call: StoredCall, viewer: string): boolean {
  return call.reportedBy === undefined && (call.callee === viewer || call.answeredAtMs !== undefined);
}

/** The other one of a call. */
function peerOf(call: { readonly caller: string; readonly callee: string }, viewer: string): string {
  return call.caller === viewer ? call.callee : call.caller;
}

/** What the viewer's own side measured, or else the peer's. */
function bestSummary(summaries: readonly StoredSummary[], viewer: string): StoredSummary["summary"] {
  const own = summaries.find(({ reporter, summary }) => reporter === viewer && summary?.mos !== undefined);
  return (own ?? summaries.find(({ summary }) => summary?.mos !== undefined))?.summary;
}

function callBody(
  viewer: string,
  { call, seen }: ViewedCall,
  names: ReadonlyMap<string, User>,
  summaries: readonly StoredSummary[],
): CallBody {
  const phone = peerOf(call, viewer);
  const quality = qualityOf(summaries, viewer);
  const verdict = shortVerdict(call, viewer);
  return {
    callId: call.callId,
    caller: call.caller,
    callee: call.callee,
    peer: { phone, displayName: shownName(names.get(phone), phone) },
    direction: call.caller === viewer ? "outgoing" : "incoming",
    isVideo: call.isVideo,
    status: statusOf(call),
    endReason: reasonFor(call, viewer),
    // What clients tell of a call says nothing of that.
    ...(call.reportedBy === undefined ? endedByTo(viewer, { caller: call.caller, ender: enderOf(call) }) : {}),
    startTime: instantOf(call.createdAtMs),
    ...(call.answeredAtMs === undefined ? {} : { answeredAt: instantOf(call.answeredAtMs) }),
    endTime: instantOf(call.endedAtMs),
    duration: call.durationSec,
    hasStats: summaries.length > 0,
    ...(quality === undefined ? {} : { quality }),
    ...(verdict === undefined ? {} : { verdict }),
    seen,
  };
}

function qualityOf(summaries: readonly StoredSummary[], viewer: string): CallBody["quality"] {
  const summary = bestSummary(summaries, viewer);
  if (summary?.mos === undefined) return undefined;
  const { mos, rttMs, lossPercent } = summary;
  return {
    mos: mos.p50,
    level: qualityLevel(mos.p50),
    ...(rttMs === undefined ? {} : { rttMs: rttMs.p50 }),
    ...(lossPercent === undefined ? {} : { lossPercent: lossPercent.p50 }),
  };
}
