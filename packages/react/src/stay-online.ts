import type { EchooClient } from "@echoo/client";

const wanted = new WeakMap<EchooClient, number>();

/**
 * Keeps a client connected until the result is called. A provider that is taken away and put back in the same turn, as
 * StrictMode does with each, keeps its socket: leaving is decided once the turn is over.
 */
export function stay(client: EchooClient): () => void {
  wanted.set(client, (wanted.get(client) ?? 0) + 1);
  client.connect();
  return () => {
    wanted.set(client, (wanted.get(client) ?? 1) - 1);
    queueMicrotask(() => {
      if (wanted.get(client) === 0) void client.leave();
    });
  };
}
