import { FakeClock } from "@echoo/testkit";
import { MemorySharedMemory } from "../../src/shared/memory-shared-memory.ts";
import { sharedConformance } from "./shared-conformance.ts";

sharedConformance("memory", async (most) => {
  const clock = new FakeClock();
  return {
    memory: new MemorySharedMemory(() => clock.now(), most),
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  };
});
