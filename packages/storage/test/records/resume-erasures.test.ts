import assert from "node:assert/strict";
import { test } from "node:test";
import { type Erasure, StoreUnavailable } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { resumeErasures } from "../../src/records/resume-erasures.ts";

/** Erasures that wait, in a store that may be away. */
function scene() {
  const clock = new FakeClock();
  const waiting: Erasure[] = ["a", "b", "c"].map((userId) => ({ userId, replacement: `deleted:${userId}` }));
  const state = { isAway: false, erased: [] as string[], faults: 0 };
  const users = {
    async unfinishedErasures(limit: number) {
      if (state.isAway) throw new StoreUnavailable(undefined);
      return waiting.slice(0, limit);
    },
  };
  const start = (erase?: () => Promise<void>) =>
    resumeErasures({
      users,
      clock,
      erase: async (userId, replacement) => {
        await erase?.();
        waiting.shift();
        state.erased.push(`${userId} ${replacement}`);
      },
      onErased: () => {},
      onFault: () => void state.faults++,
    });
  return { clock, state, start };
}

const turn = () => new Promise(setImmediate);

test("erasures that an earlier process had begun are gone on with, one after the other", async () => {
  const { clock, state, start } = scene();
  start();
  await turn();
  assert.deepEqual(state.erased, ["a deleted:a", "b deleted:b", "c deleted:c"]);
  assert.equal(clock.pendingTimers, 0);
});

test("where the store is away it is tried again until it is there", async () => {
  const { clock, state, start } = scene();
  state.isAway = true;
  start();
  await turn();
  clock.advance(10_000);
  await turn();
  assert.deepEqual([state.faults, state.erased], [2, []]);
  state.isAway = false;
  clock.advance(10_000);
  await turn();
  assert.equal(state.erased.length, 3);
});

test("stopped, it ends after the one under way, and tries nothing again", async () => {
  const { clock, state, start } = scene();
  let end = () => {};
  const stop = start(() => new Promise((resolve) => (end = resolve)));
  await turn();
  stop();
  end();
  await turn();
  assert.deepEqual([state.erased.length, clock.pendingTimers], [1, 0]);
  state.isAway = true;
  start()();
  await turn();
  assert.deepEqual([state.faults, clock.pendingTimers], [0, 0]);
});
