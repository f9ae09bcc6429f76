import assert from "node:assert/strict";
import { test } from "node:test";
import { UnjoinedSockets } from "../../src/ws/limits/unjoined-sockets.ts";

test("one socket more that has not joined closes the one that has waited longest, and none that has joined", () => {
  const closed: string[] = [];
  const unjoined = new UnjoinedSockets(2);
  const socket = (name: string) => ({ close: (code: number) => void closed.push(`${name} ${code}`) });
  const [a, b, c, d] = ["a", "b", "c", "d"].map(socket) as [never, never, never, never];
  for (const each of [a, b]) unjoined.add(each);
  assert.deepEqual(closed, []);
  unjoined.add(c);
  assert.deepEqual(closed, ["a 4408"]);
  unjoined.delete(b);
  unjoined.add(d);
  assert.deepEqual(closed, ["a 4408"]);
  // One that leaves its session waits anew, behind the others.
  unjoined.add(b);
  assert.deepEqual(closed, ["a 4408", "c 4408"]);
});
