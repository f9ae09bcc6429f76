import type { Call, CallState, ClientStatus, EchooClient } from "@echoo/client";
import { type Store, Subscribers, storeOf } from "../store.ts";

/** The newest call of a client in one of these states. It follows from the client alone and is read from there. */
class NewestCall implements Store<Call | undefined> {
  readonly #client: EchooClient;
  readonly #is: (state: CallState) => boolean;
  readonly #subscribers: Subscribers;

  constructor(client: EchooClient, is: (state: CallState) => boolean) {
    this.#client = client;
    this.#is = is;
    this.#subscribers = new Subscribers(() => this.#follow());
  }

  get subscribe() {
    return this.#subscribers.subscribe;
  }

  readonly read = (): Call | undefined => this.#client.calls.findLast((call) => this.#is(call.state));

  #follow(): () => void {
    const stops = new Map<Call, () => void>();
    const look = () => {
      for (const [call, stop] of stops) {
        if (this.#client.calls.includes(call)) continue;
        stop();
        stops.delete(call);
      }
      for (const call of this.#client.calls) {
        if (!stops.has(call))
          stops.set(
            call,
            call.on("state", () => this.#subscribers.tell()),
          );
      }
      this.#subscribers.tell();
    };
    look();
    const stopCalls = this.#client.on("call", look);
    return () => {
      stopCalls();
      for (const stop of stops.values()) stop();
    };
  }
}

export const incomingCall = storeOf((client: EchooClient) => new NewestCall(client, (state) => state === "incoming"));
export const currentCall = storeOf(
  (client: EchooClient) => new NewestCall(client, (state) => state !== "incoming" && state !== "ended"),
);

export const connection = storeOf((client: EchooClient): Store<ClientStatus> => {
  return { subscribe: (changed) => client.on("status", changed), read: () => client.status };
});
