import assert from "node:assert/strict";
import { test } from "node:test";
import { inSteps, untilDone } from "@echoo/core";
import { EventLoopTurns } from "../../src/composition/event-loop-turns.ts";

/** Turns of the event loop that the test lets end, one by one. */
function scriptedLoop() {
  const ends: (() => void)[] = [];
  const { defer, pause } = new EventLoopTurns((run) => void ends.push(run));
  return {
    defer,
    pause,
    /** Whether there was a turn to end; what it lets go on has gone on when this resolves. */
    async next(): Promise<boolean> {
      await new Promise(setImmediate);
      const end = ends.shift();
      try {
        end?.();
      } finally {
        await new Promise(setImmediate);
      }
      return end !== undefined;
    },
  };
}

test("of several pieces of long work one takes a step in each turn, by turns, until all have ended", async () => {
  const { pause, next } = scriptedLoop();
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

test("what is to be done soon is done before a step that was asked for earlier", async () => {
  const { defer, pause, next } = scriptedLoop();
  const done: string[] = [];
  void pause().then(() => void done.push("a step"));
  for (const name of ["first", "second"]) defer(() => void done.push(name));
  defer(() => defer(() => void done.push("in the turn after")));
  await next();
  assert.deepEqual(done, ["first", "second", "a step"]);
  await next();
  assert.deepEqual(done.at(-1), "in the turn after");
  assert.equal(await next(), false);
});

test("one that throws takes neither the others nor the long work with it", async () => {
  const { defer, pause, next } = scriptedLoop();
  const done: string[] = [];
  defer(() => {
    throw new Error("a bug");
  });
  defer(() => void done.push("another"));
  void pause().then(() => void done.push("a step"));
  await assert.rejects(next, /a bug/);
  while (await next());
  assert.deepEqual(done, ["a step", "another"]);
});

test("values in steps come in their order, so many at a time, with a pause in between alone", async () => {
  const { pause, next } = scriptedLoop();
  const seen: (readonly number[])[] = [];
  const work = inSteps([1, 2, 3, 4, 5], 2, pause, (some) => void seen.push(some));
  assert.deepEqual(seen, [[1, 2]]);
  while (await next());
  await work;
  assert.deepEqual(seen, [[1, 2], [3, 4], [5]]);
  await inSteps([], 2, pause, () => assert.fail("there is nothing to do"));
});

test("a step is repeated until it says that nothing is left", async () => {
  const { pause, next } = scriptedLoop();
  let left = 3;
  let isOver = false;
  const work = untilDone(pause, () => --left === 0).then(() => (isOver = true));
  assert.equal(left, 2);
  await next();
  assert.equal(left, 1);
  await next();
  assert.equal(left, 0);
  await work;
  assert.ok(isOver);
});
