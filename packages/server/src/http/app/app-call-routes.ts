import { charsPerStep, createPacer, isShownTo, type Store, type StoredCall, type StoredSummary } from "@echoo/core";
import { evenly, Refusal, type Sample } from "@echoo/protocol";
import { type CallSideDeps, callSide } from "../bodies/call-sides.ts";
import { shownSamples } from "../bodies/shown-samples.ts";
import { groupBy } from "../replies/group-by.ts";
import { type HeavyReplyDeps, heavyReply } from "../replies/heavy-reply.ts";
import { JsonElements, type JsonPieces } from "../replies/json-pieces.ts";
import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers, StreamingHandlers } from "../route.ts";
import { appCall } from "./app-call.ts";
import { sideFor, writeAppStatistics } from "./app-statistics.ts";

/** Calls that one list of statistics looks through, the newest ones, and so many in one step. */
export const maxCalls = 1_000;
const callsPerStep = 50;

/** Samples that a list shows of each call: enough for its line on a screen. One call is shown with all of them. */
export const listedMax = 300;

/** What the app did not report itself it never had in a list. */
async function listedSamples(deps: CallSideDeps, side: StoredSummary): Promise<Sample[]> {
  return side.reported === undefined ? [] : evenly(await shownSamples(deps, side), listedMax);
}

export interface AppCallDeps extends HeavyReplyDeps {
  readonly store: Pick<Store, "calls" | "statistics" | "reports">;
}

interface CallAndSummaries {
  readonly call: StoredCall;
  readonly summaries: readonly StoredSummary[];
}

type AppCallHandlers = Handlers<"appListCalls"> & StreamingHandlers<"appListStatistics" | "appGetCallStatistics">;

export function appCallRoutes(deps: AppCallDeps): AppCallHandlers {
  const { store, pause } = deps;

  return {
    appListCalls: async ({ caller, query }) => {
      const viewer = tokenOf(caller).userId;
      const page = await store.calls.page({ viewer, limit: query.limit });
      const pace = createPacer(pause, charsPerStep);
      const calls = [];
      for (const { call, summaries } of await withSummaries(store, page.calls)) {
        calls.push(appCall(viewer, call, summaries));
        await pace(sideFor(viewer, summaries)?.reported?.length ?? 0);
      }
      return { status: 200, body: { calls } };
    },

    appListStatistics: async ({ caller, query }) => {
      const viewer = tokenOf(caller).userId;
      return heavyReply(deps, viewer, (pieces) => writeList(deps, pieces, viewer, query.limit));
    },

    appGetCallStatistics: async ({ caller, params }) => {
      const viewer = tokenOf(caller).userId;
      const call = await store.calls.find(params.callId);
      if (call === undefined || !isShownTo(call, viewer)) throw new Refusal("unknown_call");
      const summaries = await store.statistics.summaries([call.callId]);
      const side = sideFor(viewer, summaries);
      if (side === undefined) throw new Refusal("unknown_call", { message: "Nobody measured that call." });
      const role = side.reporter === call.caller ? "caller" : "callee";
      return heavyReply(deps, viewer, async (pieces) => {
        const measured = await callSide(deps, { callId: call.callId, role, phone: side.reporter }, summaries, []);
        pieces.put(`{"stats":`);
        await writeAppStatistics(pieces, call, side, measured?.samples ?? []);
        pieces.put("}");
      });
    },
  };
}

async function withSummaries(
  store: Pick<Store, "statistics">,
  calls: readonly { readonly call: StoredCall }[],
): Promise<CallAndSummaries[]> {
  const summaries = await store.statistics.summaries(calls.map(({ call }) => call.callId));
  const byCall = groupBy(summaries, (summary) => summary.callId);
  return calls.map(({ call }) => ({ call, summaries: byCall.get(call.callId) ?? [] }));
}

async function writeList(deps: AppCallDeps, pieces: JsonPieces, viewer: string, limit: number): Promise<void> {
  const { store } = deps;
  pieces.put(`{"stats":[`);
  const elements = new JsonElements(pieces);
  let cursor: string | undefined;
  let [looked, written] = [0, 0];
  do {
    const at = cursor === undefined ? {} : { cursor };
    const page = await store.calls.page({ viewer, limit: callsPerStep, ...at });
    for (const { call, summaries } of await withSummaries(store, page.calls)) {
      const side = sideFor(viewer, summaries);
      if (side === undefined || written === limit) continue;
      written += 1;
      elements.begin();
      await writeAppStatistics(pieces, call, side, await listedSamples(deps, side));
      await pieces.step();
    }
    looked += callsPerStep;
    cursor = page.nextCursor;
    await pieces.step();
  } while (cursor !== undefined && looked < maxCalls && written < limit);
  pieces.put("]}");
}
