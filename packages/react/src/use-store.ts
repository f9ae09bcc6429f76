import { useSyncExternalStore } from "react";
import type { Store } from "./store.ts";

/** On a server the value is read as it is there: a client that never connected. */
export function useStore<T>({ subscribe, read }: Store<T>): T {
  return useSyncExternalStore(subscribe, read, read);
}
