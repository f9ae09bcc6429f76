import assert from "node:assert/strict";
import { test } from "node:test";
import { type Reader, RequestPacing, requestsPerTurn } from "../../src/web/request-pacing.ts";

/** Connections with so many requests each; `begun` has whose request began, in order. */
function scene() {
  const planned: (() => void)[] = [];
  const turns = new RequestPacing((run) => void planned.push(run));
  const begun: string[] = [];
  const connection = (name: string, requests: number): Reader => {
    let left = requests;
    return {
      readSome() {
        if (left === 0) return 0;
        left -= 1;
        begun.push(name);
        return 1;
      },
      get hasMore() {
        return left > 0;
      },
    };
  };
  const nextTurn = () => {
    const run = planned.shift();
    run?.();
    return run !== undefined;
  };
  return { turns, begun, connection, nextTurn, planned };
}

test("one connection with thousands of requests has one begun in a turn, and others' single ones beside it", () => {
  const { turns, begun, connection, nextTurn } = scene();
  const flood = connection("flood", 5_000);
  turns.ask(flood);
  // Answered at once, it asks again within the same turn.
  turns.ask(flood);
  turns.ask(connection("other", 1));
  turns.ask(connection("another", 1));
  assert.deepEqual(begun, ["flood"]);
  nextTurn();
  assert.deepEqual(begun, ["flood", "flood", "other", "another"]);
  nextTurn();
  assert.deepEqual(begun.slice(4), ["flood"]);
});

test("a few requests begin in each turn, whichever connection sent them, and none is forgotten", () => {
  const { turns, begun, connection, nextTurn } = scene();
  const names = Array.from({ length: 6 * requestsPerTurn + 2 }, (_, n) => `c${n}`);
  for (const name of names) turns.ask(connection(name, 1));
  const begunIn = [begun.length];
  for (let before = begun.length; nextTurn(); before = begun.length) begunIn.push(begun.length - before);
  const [last, ...full] = [begunIn.at(-2), ...begunIn.slice(0, -2)];
  assert.deepEqual(full, Array(6).fill(requestsPerTurn));
  assert.deepEqual([last, begunIn.at(-1)], [2, 0]);
  assert.deepEqual(begun, names);
  // With nothing under way the next one begins at once.
  turns.ask(connection("late", 1));
  assert.equal(begun.at(-1), "late");
});

test("reading by which no request begins counts as well, and several that began at once count each", () => {
  const { turns, nextTurn } = scene();
  const read: string[] = [];
  const reader = (name: string, begins: number): Reader => ({
    readSome: () => {
      read.push(name);
      return begins;
    },
    hasMore: false,
  });
  turns.ask(reader("five at once", 5));
  for (const name of ["body", "body", "body", "late"]) turns.ask(reader(name, 0));
  assert.deepEqual(read, ["five at once", "body", "body", "body"]);
  nextTurn();
  assert.equal(read.at(-1), "late");
});

test("who asks again while waiting waits once, and who left is not read", () => {
  const { turns, begun, connection, nextTurn, planned } = scene();
  for (let n = 0; n < requestsPerTurn; n += 1) turns.ask(connection("first", 1));
  const [twice, gone] = [connection("twice", 1), connection("gone", 1)];
  for (const reader of [twice, gone, twice]) turns.ask(reader);
  turns.leave(gone);
  assert.equal(planned.length, 1);
  nextTurn();
  assert.deepEqual(begun.slice(requestsPerTurn), ["twice"]);
});
