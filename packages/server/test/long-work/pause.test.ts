import assert from "node:assert/strict";
import { test } from "node:test";
import { createPause, inSteps } from "../../src/long-work/pause.ts";

/** Turns of the event loop that the test lets begin, one by one. */
function scriptedTurns() {
  const turns: (() => void)[] = [];
  return {
    pause: createPause((run) => void turns.push(run)),
    /** Whether there was a turn to begin; what it lets go on has gone on when this resolves. */
    async next(): Promise<boolean> {
      const turn = turns.shift();
      turn?.();
      await new Promise(setImmediate);
      return turn !== undefined;
    },
  };
}

test("of several pieces of long work one takes a step in each turn, by turns, until all have ended", async () => {
  const { pause, next } = scriptedTurns();
  const steps: string[] = [];
  const work = async (name: string, count: number) => {
    for (let step = 1; step <= count; step += 1) {
      await pause();
      steps.push(`${name}${step}`);
    }
  };
  const all = Promise.all([work("a", 3), work("b", 1), work("c", 2)]);
  const perTurn: number[] = [];
  for (let before = 0; await next(); before = steps.length) perTurn.push(steps.length - before);
  await all;
  assert.deepEqual(steps, ["a1", "b1", "c1", "a2", "c2", "a3"]);
  assert.deepEqual(perTurn, [1, 1, 1, 1, 1, 1]);
});

test("values in steps come in their order, so many at a time, with a pause in between alone", async () => {
  const { pause, next } = scriptedTurns();
  const seen: (readonly number[])[] = [];
  const work = inSteps([1, 2, 3, 4, 5], 2, pause, (some) => void seen.push(some));
  assert.deepEqual(seen, [[1, 2]]);
  await new Promise(setImmediate);
  while (await next());
  await work;
  assert.deepEqual(seen, [[1, 2], [3, 4], [5]]);
  await inSteps([], 2, pause, () => assert.fail("there is nothing to do"));
});
