import { FakeClock } from "@echoo/testkit";
import { MemorySharedMemory } from "../../../cluster/src/shared/memory-shared-memory.ts";

/** A memory that two servers share, and the time of both. Their steady clocks begin at different moments. */
export function twoServers() {
  const clock = new FakeClock();
  const shared = new MemorySharedMemory(() => clock.now());
  const steady = () => clock.steady() + 7_777_777;
  return { clock, shared, one: clock, other: { now: () => clock.now(), steady, after: clock.after.bind(clock) } };
}

export function from(address: string) {
  return { address, vouches: true } as const;
}
