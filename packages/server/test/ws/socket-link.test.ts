import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { FakeClock } from "@echoo/testkit";
import { createMetrics } from "../../src/observability/metrics.ts";
import { SocketLink, sendQueueBytesMax } from "../../src/ws/socket-link.ts";
import { textsOf } from "./texts-of.ts";

/** A socket of a client who takes nothing; `waiting`: what it has not taken before. */
function setUp(waiting = 0) {
  const closed: number[] = [];
  const socket = { OPEN: 1, readyState: 1, close: (code: number) => void closed.push(code) };
  const stream = {
    writableLength: waiting,
    writes: [] as string[][],
    write: (frames: Buffer) => {
      stream.writes.push(textsOf(frames));
      stream.writableLength += frames.length;
    },
  };
  const link = new SocketLink(socket as never, stream as never, new FakeClock(), createMetrics());
  return { socket, stream, link, closed };
}

const pong = { type: "pong", time: 0 } as const;
const text = JSON.stringify(pong);
const frameBytes = text.length + 2;

test("what is sent within a turn is written at its end, at once and in its order", async () => {
  const { stream, link } = setUp();
  link.send(pong);
  link.sendText("second", pong);
  assert.deepEqual(stream.writes, []);
  await turn();
  link.send(pong);
  await turn();
  assert.deepEqual(stream.writes, [[text, "second"], [text]]);
});

test("what was sent before a goodbye is written before it, and nothing after it", async () => {
  const { stream, link, closed } = setUp();
  link.send(pong);
  link.close(1012);
  assert.deepEqual([stream.writes, closed], [[[text]], [1012]]);
  link.send(pong);
  await turn();
  assert.equal(stream.writes.length, 1);
});

test("nothing is written to a client whose goodbye was answered in the same turn", async () => {
  const { socket, stream, link } = setUp();
  link.send(pong);
  socket.readyState = 2;
  await turn();
  assert.deepEqual(stream.writes, []);
});

test("a reader who is behind by as much as is kept goes on, and by one byte more is closed with 4429", async () => {
  const { stream, link, closed } = setUp(sendQueueBytesMax - frameBytes);
  link.send(pong);
  await turn();
  assert.deepEqual([closed, link.isClosing], [[], false]);
  stream.writableLength = sendQueueBytesMax - frameBytes + 1;
  link.send(pong);
  await turn();
  assert.deepEqual([closed, link.isClosing], [[4429], true]);
  // Nothing is added to what it does not take.
  link.send(pong);
  await turn();
  assert.equal(stream.writes.length, 2);
});

test("a reader who turns out to be too slow when it is told goodbye hears one goodbye", () => {
  const { link, closed } = setUp(sendQueueBytesMax);
  link.send(pong);
  link.close(1012);
  assert.deepEqual(closed, [4429]);
});
