import type { Accounts, Audit } from "@echoo/accounts";
import type { Clock, Instant, RunningControl, Store } from "@echoo/core";
import { limits, Refusal } from "@echoo/protocol";
import { callSides, everyside } from "../bodies/call-sides.ts";
import { adminVerdictBody } from "../bodies/verdict-body.ts";
import { type HeavyReplyDeps, heavyReply } from "../replies/heavy-reply.ts";
import { JsonElements } from "../replies/json-pieces.ts";
import { parseUserId, tokenOf } from "../requests/acting-user.ts";
import { invalid } from "../requests/request-context.ts";
import { writeSide } from "../requests/write-side.ts";
import type { Handlers, StreamingHandlers } from "../route.ts";
import { adminCallBody, adminRunningBody, worstMos } from "./admin-call-body.ts";
import type { LookNotes } from "./look-notes.ts";
import { decodeSearchCursor, encodeSearchCursor, searchCalls } from "./search-calls.ts";
import { searchPeople } from "./search-people.ts";

const dayMs = 86_400_000;
const runningShown = limits.adminPage;
/** People with a name whose calls are looked at. */
const namesakesMax = 10;

export interface AdminCallDeps extends HeavyReplyDeps {
  readonly store: Pick<Store, "users" | "calls" | "reports" | "statistics">;
  readonly accounts: Pick<Accounts, "userIdRule">;
  readonly live: { readonly running: RunningControl };
  readonly clock: Pick<Clock, "now">;
  readonly audit: Audit;
}

type ListIds = "adminListCalls" | "adminListRunningCalls";
const event = "admin_looked_at_calls";

export function adminCallRoutes(
  deps: AdminCallDeps,
  looks: LookNotes,
): Handlers<ListIds | "adminEndCall"> & StreamingHandlers<"adminGetCall"> {
  return { ...callLists(deps, looks), ...oneCall(deps, looks) };
}

async function namesOf(
  store: Pick<Store, "users">,
  calls: readonly { readonly caller: string; readonly callee: string }[],
) {
  const users = await store.users.findMany(calls.flatMap(({ caller, callee }) => [caller, callee]));
  return new Map(users.map((user) => [user.id, user]));
}

function callLists(deps: AdminCallDeps, looks: LookNotes): Handlers<ListIds> {
  const { store, live } = deps;

  /** Whose calls are asked for; undefined for everybody's. */
  async function partiesOf({ phone, name }: { phone?: string | undefined; name?: string | undefined }) {
    if (phone !== undefined) return [parseUserId(deps, "phone", phone)];
    if (name === undefined) return undefined;
    const { people } = await searchPeople(deps, { search: name, limit: namesakesMax });
    return people.map(({ id }) => id);
  }

  return {
    adminListCalls: async ({ query, requireReader, ...asked }) => {
      const time = timeOf(query, deps.clock.now());
      const parties = await partiesOf(query);
      for (const other of parties ?? [undefined]) looks.note(asked, { event, other, note: "listed" });
      const from = query.cursor === undefined ? undefined : decodeSearchCursor(query.cursor, query.order);
      const search = { ...query, ...time, parties, from };
      const { userId } = tokenOf(asked.caller);
      const work = () => searchCalls(deps, search, requireReader);
      const { found, looked, isComplete, next } = await deps.heavyReads.run(userId, work);
      const names = await namesOf(
        store,
        found.map(({ call }) => call),
      );
      const calls = found.map(({ call, mos }) => adminCallBody(call, names, mos));
      const more = next === undefined ? {} : { nextCursor: encodeSearchCursor(next) };
      return { status: 200, body: { calls, looked, isComplete, ...more } };
    },

    adminListRunningCalls: async (asked) => {
      looks.note(asked, { event, note: "under way" });
      const calls = live.running.list(runningShown);
      const { states } = live.running.figures;
      const running = Object.values(states).reduce((sum, count) => sum + count, 0);
      const names = await namesOf(store, calls);
      return { status: 200, body: { calls: calls.map((call) => adminRunningBody(call, names)), running } };
    },
  };
}

function oneCall(deps: AdminCallDeps, looks: LookNotes): Handlers<"adminEndCall"> & StreamingHandlers<"adminGetCall"> {
  const { store, live, audit } = deps;
  return {
    adminGetCall: async ({ params: { callId }, ...asked }) => {
      const running = live.running.find(callId);
      const ended = running === undefined ? await store.calls.find(callId) : undefined;
      const parties = running ?? ended;
      if (parties === undefined) throw new Refusal("unknown_call");
      for (const other of [parties.caller, parties.callee]) looks.note(asked, { event, other, note: `call ${callId}` });
      const names = await namesOf(store, [parties]);
      const mos = ended && worstMos(await store.statistics.summaries([callId]));
      const verdict = ended && adminVerdictBody(ended);
      const shown = {
        ...(verdict === undefined ? {} : { verdict }),
        ...(ended === undefined ? {} : { call: adminCallBody(ended, names, mos) }),
        ...(running === undefined ? {} : { running: adminRunningBody(running, names) }),
      };
      return heavyReply(deps, tokenOf(asked.caller).userId, async (pieces) => {
        pieces.put(`${JSON.stringify(shown).slice(0, -1)},"sides":[`);
        const elements = new JsonElements(pieces);
        for await (const side of callSides(deps, callId, parties, everyside)) {
          elements.begin();
          await writeSide(pieces, side);
        }
        pieces.put("]}");
      });
    },

    adminEndCall: async ({ params: { callId }, caller, address, requestId }) => {
      const running = live.running.find(callId);
      if (running === undefined || !live.running.end(callId)) throw new Refusal("unknown_call");
      const { userId: user } = tokenOf(caller);
      for (const other of [running.caller, running.callee]) {
        audit.note("admin_ended_call", { user, other, address, requestId, note: `call ${callId}` });
      }
      return { status: 200, body: { success: true } };
    },
  };
}

function timeOf({ since, until }: { since?: number | undefined; until?: number | undefined }, nowMs: Instant) {
  const untilMs = until ?? nowMs + 1;
  const sinceMs = since ?? Math.max(0, untilMs - dayMs);
  if (sinceMs > untilMs) throw invalid("since", "not after until");
  if (untilMs - sinceMs > limits.adminSearchDays * dayMs + 1) {
    throw invalid("since", `at most ${limits.adminSearchDays} days before until`);
  }
  return { sinceMs, untilMs };
}
