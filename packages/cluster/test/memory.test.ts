import type { RemoteScripts, UserPresence } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { MemoryStore } from "../src/memory/memory-store.ts";
import { scriptsConformance } from "./conformance/scripts-conformance.ts";
import { afar } from "./memory/afar.ts";

scriptsConformance("memory", async () => {
  const clock = new FakeClock();
  let hears: (presence: readonly UserPresence[]) => void = () => {};
  const store = new MemoryStore(
    () => clock.now(),
    () => {},
    (presence) => hears(presence),
  );
  const scripts: RemoteScripts = afar(store);
  return {
    scripts,
    read: async (node, after) => store.read(node, after),
    trim: async (node, upTo) => store.trim(node, upTo),
    settle: async () => clock.advance(5_000),
    empty: async () => store.loseTo(undefined),
    dump: async () => {
      const kept = store.data.copy();
      return async () => store.loseTo(kept);
    },
    next: async () => clock.advance(1),
    fill: async (what, node, entries) => {
      const stream = what === "records" ? store.data.records : store.data.streams.get(node);
      for (let at = 0; at < entries; at += 1) stream?.add(`filled ${at}`, clock.now());
    },
    hearPresence: async (run) => {
      hears = run;
    },
    close: async () => {},
  };
});
