import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequestTurns } from "../../src/adapters/http/request-turns.ts";

test("of many requests at once a few begin in each turn, in the order of their coming, and none is forgotten", async () => {
  const turns: (() => void)[] = [];
  const nextTurn = createRequestTurns((run) => void turns.push(run));
  const begun: number[] = [];
  const ask = (n: number) => void nextTurn().then(() => void begun.push(n));
  const all = Array.from({ length: 20 }, (_, n) => n);
  for (const n of all) ask(n);
  const counts: number[] = [];
  for (;;) {
    // What a turn lets begin has begun before the next one.
    await new Promise(setImmediate);
    counts.push(begun.length);
    const turn = turns.shift();
    if (turn === undefined) break;
    turn();
  }
  assert.deepEqual(counts, [8, 16, 20, 20]);
  assert.deepEqual(begun, all);
  // With nothing under way the next one begins at once.
  ask(20);
  await new Promise(setImmediate);
  assert.equal(begun.at(-1), 20);
});
