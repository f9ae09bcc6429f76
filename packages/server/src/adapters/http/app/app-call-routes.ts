import type { StoredCall, StoredSummary } from "@echoo/core";
import { limits, Refusal } from "@echoo/protocol";
import { tokenOf } from "../acting-user.ts";
import { callSide } from "../call-sides.ts";
import { mayShow } from "../call-visibility.ts";
import { groupBy } from "../group-by.ts";
import type { HttpDeps } from "../http-deps.ts";
import type { Handlers } from "../route.ts";
import { appCall } from "./app-call.ts";
import { appStatistics, sideFor } from "./app-statistics.ts";

/** Calls that one list of statistics looks through: the newest ones. */
const maxPages = 5;

interface CallAndSummaries {
  readonly call: StoredCall;
  readonly summaries: readonly StoredSummary[];
}

export function appCallRoutes(deps: HttpDeps): Handlers<"appListCalls" | "appListStatistics" | "appGetCallStatistics"> {
  const { store } = deps;

  async function withSummaries(calls: readonly { readonly call: StoredCall }[]): Promise<CallAndSummaries[]> {
    const summaries = await store.statistics.summaries(calls.map(({ call }) => call.callId));
    const byCall = groupBy(summaries, (summary) => summary.callId);
    return calls.map(({ call }) => ({ call, summaries: byCall.get(call.callId) ?? [] }));
  }

  return {
    appListCalls: async ({ caller, query }) => {
      const viewer = tokenOf(caller).userId;
      const page = await store.calls.page({ viewer, limit: query.limit });
      const calls = await withSummaries(page.calls);
      return { status: 200, body: { calls: calls.map(({ call, summaries }) => appCall(viewer, call, summaries)) } };
    },

    appListStatistics: async ({ caller, query }) => {
      const viewer = tokenOf(caller).userId;
      const stats = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < maxPages && stats.length < query.limit; pages += 1) {
        const at = cursor === undefined ? {} : { cursor };
        const page = await store.calls.page({ viewer, limit: limits.historyPage, ...at });
        for (const { call, summaries } of await withSummaries(page.calls)) {
          const side = sideFor(viewer, summaries);
          if (side !== undefined && stats.length < query.limit) stats.push(appStatistics(call, side, []));
        }
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      return { status: 200, body: { stats } };
    },

    appGetCallStatistics: async ({ caller, params }) => {
      const viewer = tokenOf(caller).userId;
      const call = await store.calls.find(params.callId);
      if (call === undefined || !mayShow(call, viewer)) throw new Refusal("unknown_call");
      const summaries = await store.statistics.summaries([call.callId]);
      const side = sideFor(viewer, summaries);
      if (side === undefined) throw new Refusal("unknown_call", { message: "Nobody measured that call." });
      const role = side.reporter === call.caller ? "caller" : "callee";
      const measured = await callSide(store, call.callId, role, side.reporter, summaries);
      return { status: 200, body: { stats: appStatistics(call, side, measured?.samples ?? []) } };
    },
  };
}
