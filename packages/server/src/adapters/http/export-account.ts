import type { Store, StoredCall, User, ViewedCall } from "@echoo/core";
import { type CallSide, limits, type ResponseOf } from "@echoo/protocol";
import type { GoodToken } from "../../accounts/credentials.ts";
import { callBodies } from "./call-body.ts";
import { callSide } from "./call-sides.ts";
import type { HttpDeps } from "./http-deps.ts";
import { instantOf } from "./instant.ts";
import { sessionBody } from "./session-body.ts";
import { ownUserBody } from "./user-body.ts";

/** Calls in one export; a longer history is exported as its newest part. */
const maxExportedCalls = 20_000;

type Export = ResponseOf<"exportUser", 200>;

/** Everything stored about a user: nothing that is only about somebody else. */
export async function exportOf(deps: HttpDeps, user: User, current: GoodToken): Promise<Export> {
  const { store, clock, live } = deps;
  const [tokens, contacts, blocks] = await Promise.all([
    store.tokens.list(user.id, clock.now()),
    store.contacts.list(user.id),
    store.blocks.list(user.id),
  ]);
  const users = await store.users.findMany(contacts.map(({ contact }) => contact));
  const registered = new Set(users.map(({ id }) => id));
  return {
    exportedAt: instantOf(clock.now()),
    user: ownUserBody(user, live),
    sessions: tokens.map((token) => sessionBody(token, current.id)),
    contacts: contacts.map(({ contact, name, createdAtMs }) => {
      return { phone: contact, name, registered: registered.has(contact), createdAt: instantOf(createdAtMs) };
    }),
    blocks: blocks.map(({ blocked, createdAtMs }) => ({ phone: blocked, createdAt: instantOf(createdAtMs) })),
    ...(await exportedCalls(deps, user.id)),
  };
}

/** The calls of the history, and then those that the user hid. */
async function exportedCalls(deps: HttpDeps, viewer: string): Promise<Pick<Export, "calls" | "statistics">> {
  const calls: Export["calls"] = [];
  const statistics: Export["statistics"] = [];
  const { store } = deps;
  for (const which of [{}, { hidden: true }] as const) {
    let cursor: string | undefined;
    do {
      const at = cursor === undefined ? {} : { cursor };
      const page = await store.calls.page({ viewer, limit: limits.historyPage, ...which, ...at });
      const details = new Map(page.calls.map(({ call }) => [call.callId, detailsOf(call, viewer)]));
      const hidden = "hidden" in which;
      for (const body of await callBodies(deps, viewer, page.calls)) {
        const more = details.get(body.callId);
        if (more !== undefined) calls.push({ ...body, ...more, hidden });
      }
      statistics.push(...(await ownStatistics(store, viewer, page.calls)));
      cursor = page.nextCursor;
    } while (cursor !== undefined && calls.length < maxExportedCalls);
  }
  return { calls, statistics };
}

/**
 * What is stored of a call besides what a history shows. Of the other party's device nothing; and not that a call
 * exists in the caller's history alone, which would tell that they are blocked.
 */
function detailsOf(call: StoredCall, viewer: string) {
  const device = call.caller === viewer ? call.callerDevice : call.calleeDevice;
  return {
    ...(call.ringingAtMs === undefined ? {} : { ringingAt: instantOf(call.ringingAtMs) }),
    ...(call.connectedAtMs === undefined ? {} : { connectedAt: instantOf(call.connectedAtMs) }),
    ...(call.endedBy === undefined ? {} : { endedBy: call.endedBy }),
    ...(device === undefined ? {} : { device }),
    ...(call.reportedBy === undefined ? {} : { reportedBy: [...call.reportedBy] }),
    glare: call.glare,
    reconnects: call.reconnects,
  };
}

async function ownStatistics(
  store: Store,
  viewer: string,
  calls: readonly ViewedCall[],
): Promise<Export["statistics"]> {
  const summaries = await store.statistics.summaries(calls.map(({ call }) => call.callId));
  const sides = await Promise.all(
    calls.map(async ({ call }) => {
      const role: CallSide["role"] = call.caller === viewer ? "caller" : "callee";
      const side = await callSide(store, call.callId, role, viewer, summaries);
      return side === undefined ? [] : [{ ...side, callId: call.callId }];
    }),
  );
  return sides.flat();
}
