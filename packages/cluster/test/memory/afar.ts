import type { RemoteScripts, Scripts } from "@echoo/core";
import type { MemoryStore } from "../../src/memory/memory-store.ts";

/** The scripts of a store in this process, answering as one does that is elsewhere: later. */
export function afar(store: MemoryStore): RemoteScripts {
  return new Proxy({} as RemoteScripts, {
    get: (_target, name: keyof Scripts) => {
      return async (...args: unknown[]) => (store[name] as (...all: unknown[]) => unknown).apply(store, args);
    },
  });
}
