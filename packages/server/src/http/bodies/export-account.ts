import type { GoodToken } from "@echoo/accounts";
import type {
  Clock,
  HistoryPage,
  HistoryQuery,
  SignalingControl,
  Store,
  StoredCall,
  User,
  ViewedCall,
} from "@echoo/core";
import type { CallSide, ResponseOf } from "@echoo/protocol";
import { type HeavyReplyDeps, heavyReply } from "../replies/heavy-reply.ts";
import { instantOf } from "../replies/instant.ts";
import { JsonElements, type JsonPieces } from "../replies/json-pieces.ts";
import type { StreamedReply } from "../replies/reply-stream.ts";
import { writeSide } from "../requests/write-side.ts";
import { type CallBodyDeps, callBodies } from "./call-body.ts";
import { callSide } from "./call-sides.ts";
import { pushDeviceBody } from "./push-device-body.ts";
import { tokenBody } from "./token-body.ts";
import { ownUserBody } from "./user-body.ts";
import { verdictBody } from "./verdict-body.ts";

export interface ExportDeps extends HeavyReplyDeps, CallBodyDeps {
  readonly store: Pick<
    Store,
    "users" | "tokens" | "pushDevices" | "contacts" | "blocks" | "calls" | "statistics" | "reports"
  >;
  readonly live: Pick<SignalingControl, "findPresence">;
  readonly clock: Pick<Clock, "now">;
}

/** Calls read and written in one step. */
const callsPerStep = 25;

interface Page {
  readonly calls: readonly ViewedCall[];
  readonly hidden: boolean;
}

type Export = ResponseOf<"exportUser", 200>;
type Head = Omit<Export, "calls" | "statistics">;

/**
 * Writes everything stored about a user, as it is read, and nothing that is only about another user. The history is
 * gone through twice, for the document has the calls first and then what was measured of them. `onBegin` is told before
 * anything leaves.
 */
export function exportOf(deps: ExportDeps, user: User, current: GoodToken, onBegin: () => void): StreamedReply<200> {
  return heavyReply(deps, user.id, async (pieces) => {
    pieces.put(JSON.stringify(await headOf(deps, user, current)).slice(0, -1));
    onBegin();
    await writeCalls(deps, user.id, pieces);
    await writeStatistics(deps, user.id, pieces);
    pieces.put("}");
  });
}

async function headOf({ store, clock, live }: ExportDeps, user: User, current: GoodToken): Promise<Head> {
  const [tokens, devices, contacts, blocks] = await Promise.all([
    store.tokens.list(user.id, clock.now()),
    store.pushDevices.list(user.id, clock.now()),
    store.contacts.list(user.id),
    store.blocks.list(user.id),
  ]);
  const users = await store.users.findMany(contacts.map(({ contact }) => contact));
  const registered = new Set(users.map(({ id }) => id));
  return {
    exportedAt: instantOf(clock.now()),
    user: await ownUserBody(user, live),
    sessions: tokens.map((token) => tokenBody(token, current.id)),
    contacts: contacts.map(({ contact, name, createdAtMs }) => {
      return { phone: contact, name, registered: registered.has(contact), createdAt: instantOf(createdAtMs) };
    }),
    blocks: blocks.map(({ blocked, createdAtMs }) => ({ phone: blocked, createdAt: instantOf(createdAtMs) })),
    devices: devices.map((device) => {
      const { current: _of, ...shown } = pushDeviceBody(device, current.id);
      return { ...shown, address: device.address };
    }),
  };
}

/** The calls of the history, and then those that the user hid, a few at a time. */
async function* historyOf({ store }: Pick<ExportDeps, "store">, viewer: string): AsyncIterable<Page> {
  for (const hidden of [false, true]) {
    let query: HistoryQuery | undefined = { viewer, limit: callsPerStep, ...(hidden ? { hidden } : {}) };
    while (query !== undefined) {
      const { calls, nextCursor: cursor }: HistoryPage = await store.calls.page(query);
      yield { calls, hidden };
      query = cursor === undefined ? undefined : { ...query, cursor };
    }
  }
}

async function writeCalls(deps: ExportDeps, viewer: string, pieces: JsonPieces): Promise<void> {
  pieces.put(`,"calls":[`);
  const elements = new JsonElements<Export["calls"][number]>(pieces);
  for await (const { calls, hidden } of historyOf(deps, viewer)) {
    const details = new Map(calls.map(({ call }) => [call.callId, detailsOf(call, viewer)]));
    for (const body of await callBodies(deps, viewer, calls)) {
      const more = details.get(body.callId);
      if (more !== undefined) elements.add({ ...body, ...more, hidden });
    }
    await pieces.step();
  }
  pieces.put("]");
}

/**
 * What is stored of a call besides what a history shows. Of the other party's device nothing; and not that a call
 * exists in the caller's history alone, which would tell that they are blocked.
 */
function detailsOf(call: StoredCall, viewer: string) {
  const device = call.caller === viewer ? call.callerDevice : call.calleeDevice;
  const client = call.caller === viewer ? call.server?.callerClient : call.server?.calleeClient;
  const verdict = verdictBody(call, viewer);
  return {
    ...(call.ringingAtMs === undefined ? {} : { ringingAt: instantOf(call.ringingAtMs) }),
    ...(call.connectedAtMs === undefined ? {} : { connectedAt: instantOf(call.connectedAtMs) }),
    ...(device === undefined ? {} : { device }),
    ...(call.reportedBy === undefined ? {} : { reportedBy: [...call.reportedBy] }),
    ...(client === undefined ? {} : { client }),
    ...(verdict === undefined ? {} : { verdictDetails: verdict }),
    glare: call.glare,
    reconnects: call.reconnects,
  };
}

async function writeStatistics(deps: ExportDeps, viewer: string, pieces: JsonPieces): Promise<void> {
  const { store } = deps;
  pieces.put(`,"statistics":[`);
  const elements = new JsonElements<Export["statistics"][number]>(pieces);
  for await (const { calls } of historyOf(deps, viewer)) {
    const ids = calls.map(({ call }) => call.callId);
    const [summaries, timelines] = await Promise.all([store.statistics.summaries(ids), store.reports.timelines(ids)]);
    for (const { call } of calls) {
      const role: CallSide["role"] = call.caller === viewer ? "caller" : "callee";
      const side = await callSide(deps, { callId: call.callId, role, phone: viewer }, summaries, timelines);
      if (side === undefined) continue;
      elements.begin();
      await writeSide(pieces, side, { callId: call.callId });
    }
    await pieces.step();
  }
  pieces.put("]");
}
