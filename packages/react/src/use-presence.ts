import { useMemo } from "react";
import { useEchoo } from "./echoo-context.ts";
import { type Presence, presenceStore } from "./stores/presence-store.ts";
import { useStore } from "./use-store.ts";

/**
 * Who of these users is there, by their ids as the server writes them (`+4915112345678`), as long as this is on the page; at
 * most 200 at once of all components, past which the newest stay unknown.
 */
export function usePresence(users: readonly string[]): ReadonlyMap<string, Presence> {
  const { client } = useEchoo();
  const key = JSON.stringify(users);
  // Another array with the same users is the same question.
  const store = useMemo(() => presenceStore(client, JSON.parse(key) as string[]), [client, key]);
  return useStore(store);
}
