import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { createMetrics } from "../../src/observability/metrics.ts";
import { SocketLink, sendQueueBytesMax } from "../../src/ws/socket-link.ts";

/** A socket whose client has not taken so many bytes yet. */
function setUp() {
  const closed: number[] = [];
  const socket = {
    ...{ OPEN: 1, readyState: 1, bufferedAmount: 0, sent: 0 },
    send: () => {
      socket.sent += 1;
    },
    close: (code: number) => void closed.push(code),
  };
  const stream = { cork: () => {}, uncork: () => {} };
  const link = new SocketLink(socket as never, stream as never, new FakeClock(), createMetrics());
  return { socket, link, closed };
}

test("a reader who is behind by as much as is kept goes on, and by one byte more is closed with 4429", () => {
  const { socket, link, closed } = setUp();
  socket.bufferedAmount = sendQueueBytesMax;
  link.send({ type: "pong", time: 0 });
  assert.deepEqual([closed, link.isClosing], [[], false]);
  socket.bufferedAmount += 1;
  link.send({ type: "pong", time: 0 });
  assert.deepEqual([closed, link.isClosing], [[4429], true]);
  // Nothing is added to what it does not take.
  link.send({ type: "pong", time: 0 });
  assert.equal(socket.sent, 2);
});
