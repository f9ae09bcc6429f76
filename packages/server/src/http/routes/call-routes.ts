import { type Accounts, needsOwnToken } from "@echoo/accounts";
import {
  type EndedCall,
  type HistoryQuery,
  isShownTo,
  type SignalingControl,
  type Store,
  type StoredCall,
  type ViewedCall,
} from "@echoo/core";
import { limits, type QueryOf, Refusal } from "@echoo/protocol";
import { type CallBodyDeps, callBodies } from "../bodies/call-body.ts";
import { needsToken, ownNumber } from "../requests/acting-user.ts";
import type { Caller } from "../requests/authenticate.ts";
import { endedCallOf, type PostedCallDeps } from "../requests/posted-call.ts";
import { createPostingQuota } from "../requests/posting-quota.ts";
import type { Handlers } from "../route.ts";

interface CallRouteDeps extends CallBodyDeps, PostedCallDeps {
  readonly store: Pick<Store, "users" | "calls" | "statistics">;
  readonly accounts: Pick<Accounts, "userIdRule" | "userFacts" | "strangerQuota">;
  readonly live: Pick<SignalingControl, "partiesOf">;
}

const fullOfNewer = `You have saved ${limits.postedCallsPerUser} calls, as many as are kept, and all of them are newer.`;

type CallOperations = "listCalls" | "getCall" | "saveCall" | "markCallsSeen" | "hideCall";

export function callRoutes(deps: CallRouteDeps): Handlers<CallOperations> {
  const { store, live } = deps;
  const quota = createPostingQuota(deps.clock);

  return {
    listCalls: async ({ caller, params, query }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      const [page, unseenMissed] = await Promise.all([
        store.calls.page(historyQuery(viewer, query)),
        store.calls.unseenMissed(viewer),
      ]);
      const calls = await callBodies(deps, viewer, page.calls);
      const next = page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor };
      return { status: 200, body: { calls, ...next, unseenMissed } };
    },

    getCall: async ({ caller, params }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      const viewed = await viewedCall(store, viewer, params.callId);
      const [call] = viewed === undefined ? [] : await callBodies(deps, viewer, [viewed]);
      if (call === undefined) throw new Refusal("unknown_call");
      return { status: 200, body: { call } };
    },

    saveCall: async ({ caller, body }) => {
      const call = endedCallOf(deps, body);
      const { reporter, shared } = await reporterOf(deps, caller, call);
      const running = live.partiesOf(call.callId);
      if (running !== undefined && (running.caller !== call.caller || running.callee !== call.callee)) {
        throw new Refusal("conflict");
      }
      if (body.callId === undefined || (await store.calls.find(body.callId)) === undefined) quota.requireRoom(reporter);
      const outcome = await store.calls.report(call, reporter, shared, limits.postedCallsPerUser);
      if (outcome === "full") throw new Refusal("conflict", { message: fullOfNewer });
      const stored = await store.calls.find(call.callId);
      if (outcome === "conflict" || stored === undefined || !isShownTo(stored, reporter)) throw new Refusal("conflict");
      const [shown] = await callBodies(deps, reporter, [{ call: stored, seen: isSeen(stored, reporter) }]);
      if (shown === undefined) throw new Error("a stored call has no body");
      return { status: outcome === "created" ? 201 : 200, body: { call: shown } };
    },

    markCallsSeen: async ({ caller, params, body }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      const marked = await store.calls.markSeen(viewer, body?.until ?? limits.latestTimeMs);
      return { status: 200, body: { marked, unseenMissed: await store.calls.unseenMissed(viewer) } };
    },

    hideCall: async ({ caller, params }) => {
      const viewer = await ownNumber(deps, caller, params.phone);
      if (!(await store.calls.hide(viewer, params.callId))) throw new Refusal("unknown_call");
      return { status: 200, body: { success: true } };
    },
  };
}

/** One call as the viewer's history has it: the pages of the moment at which it began say whether they hid it. */
async function viewedCall(
  store: Pick<Store, "calls">,
  viewer: string,
  callId: string,
): Promise<ViewedCall | undefined> {
  const call = await store.calls.find(callId);
  if (call === undefined || !isShownTo(call, viewer)) return undefined;
  const moment = { viewer, limit: limits.historyPage, sinceMs: call.createdAtMs, untilMs: call.createdAtMs + 1 };
  for (
    let page = await store.calls.page(moment);
    ;
    page = await store.calls.page({ ...moment, cursor: page.nextCursor })
  ) {
    const found = page.calls.find((viewed) => viewed.call.callId === callId);
    if (found !== undefined || page.nextCursor === undefined) return found;
  }
}

/**
 * Who tells of the call, and whether both see it at once. Under open access either party may be the one who tells;
 * but a number that was ever proven is told things by its own token alone.
 */
async function reporterOf(
  { store }: Pick<CallRouteDeps, "store">,
  caller: Caller,
  call: EndedCall,
): Promise<{ reporter: string; shared: boolean }> {
  if (caller.kind === "user") {
    if (caller.userId !== call.caller && caller.userId !== call.callee) throw new Refusal("forbidden");
    return { reporter: caller.userId, shared: false };
  }
  const users = await store.users.findMany([call.caller, call.callee]);
  const guarded = new Set(users.filter(needsOwnToken).map((user) => user.id));
  const reporter = [call.caller, call.callee].find((party) => !guarded.has(party));
  if (reporter === undefined) throw needsToken();
  return { reporter, shared: guarded.size === 0 };
}

/** A record that was only just told: its teller knows of it. One that the server saw stays as the history has it. */
function isSeen(call: StoredCall, viewer: string): boolean {
  return call.callee !== viewer || call.reportedBy !== undefined;
}

function historyQuery(viewer: string, query: QueryOf<"listCalls">): HistoryQuery {
  const { limit, cursor, direction, status, since, until } = query;
  return {
    viewer,
    limit,
    ...(cursor === undefined ? {} : { cursor }),
    ...(direction === undefined ? {} : { direction }),
    ...(status === undefined ? {} : { status }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
  };
}
