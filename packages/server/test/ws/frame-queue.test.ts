import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameQueue } from "../../src/ws/limits/frame-queue.ts";

function setUp() {
  const handled: string[] = [];
  const reading: boolean[] = [];
  const queue: FrameQueue<string> = new FrameQueue<string>(
    (text) => {
      handled.push(text);
      if (text.startsWith("wait")) queue.hold();
      if (text === "wait twice") queue.hold();
    },
    (isReading) => reading.push(isReading),
  );
  return { handled, reading, queue };
}

test("frames are handled as they come, and the socket is read all the time", () => {
  const { handled, reading, queue } = setUp();
  for (const text of ["a", "b"]) queue.push(text);
  assert.deepEqual([handled, reading], [["a", "b"], []]);
});

test("while one frame waits for two things at once, nothing overtakes it", () => {
  const { handled, reading, queue } = setUp();
  for (const text of ["wait twice", "b", "wait", "d"]) queue.push(text);
  assert.deepEqual([handled, reading], [["wait twice"], [false]]);
  queue.release();
  assert.deepEqual([handled, reading], [["wait twice"], [false]]);
  queue.release();
  // The next one that waits holds the queue again at once: the socket was not read in between.
  assert.deepEqual(
    [handled, reading],
    [
      ["wait twice", "b", "wait"],
      [false, false],
    ],
  );
  queue.release();
  assert.deepEqual([handled.at(-1), reading], ["d", [false, false, true]]);
});

test("after its end nothing is handled, whatever was waiting or still comes", () => {
  const { handled, reading, queue } = setUp();
  for (const text of ["wait", "b"]) queue.push(text);
  queue.end();
  queue.release();
  queue.push("c");
  assert.deepEqual([handled, reading], [["wait"], [false]]);
});
