import type { Call, ClientStatus, EchooClient } from "@echoo/client";
import { useEchoo } from "./echoo-context.ts";
import type { Store } from "./store.ts";
import { type CallView, callStore } from "./stores/call-store.ts";
import { connection, currentCall, incomingCall } from "./stores/calls-store.ts";
import { useStore } from "./use-store.ts";

/** The client, and whether it is connected: `offline`, `connecting` or `online`. */
export function useConnection(): { readonly client: EchooClient; readonly status: ClientStatus } {
  const { client } = useEchoo();
  return { client, status: useStore(connection(client)) };
}

/** The call that rings here, the newest where there are several. */
export function useIncomingCall(): CallView | undefined {
  return useView(useStore(incomingCall(useEchoo().client)));
}

/**
 * The call that this user is in or dials; undefined once it has ended. With a call that the component keeps, that one, also
 * when it has ended.
 */
export function useCall(call?: Call): CallView | undefined {
  const current = useStore(currentCall(useEchoo().client));
  return useView(call ?? current);
}

const noCall: Store<undefined> = { subscribe: () => () => {}, read: () => undefined };

function useView(call: Call | undefined): CallView | undefined {
  return useStore<CallView | undefined>(call === undefined ? noCall : callStore(call));
}
