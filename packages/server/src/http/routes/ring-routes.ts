import type { RingControl, RungDevice, Store } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import type { Caller } from "../requests/authenticate.ts";
import type { Handlers } from "../route.ts";

/** Says which device has a ticket for a call. */
export interface TicketReader {
  deviceOf(callId: string, ticket: string): string | undefined;
}

interface RingRouteDeps {
  readonly store: Pick<Store, "contacts">;
  readonly live: { readonly rings: RingControl };
  readonly tickets: TicketReader;
}

interface Asking {
  readonly callId: string;
  readonly ticket: string | undefined;
  /** For who has a token of the host product, of which no device is known. */
  readonly deviceId: string | undefined;
}

/** For devices that a push has woken: they speak by the ticket that came with it, or by their token. */
export function ringRoutes(deps: RingRouteDeps): Handlers<"getRing" | "showRing" | "rejectRing"> {
  const { store, live } = deps;

  function speakerOf(caller: Caller, { callId, ticket, deviceId }: Asking): RungDevice {
    const device = ticket === undefined ? undefined : deps.tickets.deviceOf(callId, ticket);
    if (device !== undefined) return { device };
    if (ticket !== undefined || caller.kind !== "user") throw new Refusal("unauthorized");
    const { userId: user, token } = caller;
    return token.kind === "own" ? { user, token: token.id } : { user, ofUser: deviceId ?? "" };
  }

  return {
    getRing: async ({ caller, params, query }) => {
      const by = speakerOf(caller, { callId: params.callId, ticket: query.ticket, deviceId: query.deviceId });
      const call = live.rings.rungCall(params.callId, by);
      if (call === undefined) throw new Refusal("unknown_call");
      const contacts = await store.contacts.list(call.callee);
      const own = contacts.find(({ contact }) => contact === call.caller)?.name;
      const from = { phone: call.caller, displayName: own || call.callerName || call.caller };
      const { callId, isVideo, expiresInMs, reason } = call;
      const state = expiresInMs === undefined ? ("ended" as const) : ("ringing" as const);
      const left = expiresInMs === undefined ? {} : { expiresInMs: Math.round(expiresInMs) };
      return { status: 200, body: { callId, state, from, isVideo, ...left, ...(reason ? { reason } : {}) } };
    },

    showRing: async ({ caller, params, body }) => {
      const by = speakerOf(caller, { callId: params.callId, ticket: body?.ticket, deviceId: body?.deviceId });
      const refused = live.rings.ringShown(params.callId, by);
      if (refused) throw refusalOf(refused);
      return { status: 200, body: { success: true } };
    },

    rejectRing: async ({ caller, params, body }) => {
      const by = speakerOf(caller, { callId: params.callId, ticket: body?.ticket, deviceId: body?.deviceId });
      const refused = live.rings.ringRejected(params.callId, by, body?.reason === "busy");
      if (refused) throw refusalOf(refused);
      return { status: 200, body: { success: true } };
    },
  };
}

function refusalOf({ code, reason }: NonNullable<ReturnType<RingControl["ringShown"]>>): Refusal {
  return new Refusal(code, reason === undefined ? {} : { reason });
}
