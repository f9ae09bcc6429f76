import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { GatheredLines } from "../../src/observability/gathered-lines.ts";
import { createBoundedLog } from "../../src/observability/logging.ts";

/** Of a line without its message. */
const lineChars = '{"msg":""}\n'.length;

function scene() {
  const clock = new FakeClock();
  const writes: string[][] = [];
  const write = (text: string) => {
    const lines = text.trimEnd().split("\n");
    writes.push(lines.map((line) => JSON.parse(line).msg));
  };
  const gathered = new GatheredLines({ write }, clock);
  return { clock, writes, gathered, logger: createBoundedLog("info", clock, gathered).logger };
}

test("lines of one time are written together, 20 ms after the first of them, in their order", () => {
  const { clock, logger, writes } = scene();
  logger.info("first");
  clock.advance(19);
  logger.info("second");
  assert.deepEqual(writes, []);
  clock.advance(1);
  assert.deepEqual(writes, [["first", "second"]]);
  logger.info("third");
  clock.advance(20);
  assert.deepEqual(writes.slice(1), [["third"]]);
});

test("a warning is written at once, with what waited before it", () => {
  const { clock, logger, writes } = scene();
  logger.info("before");
  logger.child({}).warn("something is wrong");
  assert.deepEqual(writes, [["before", "something is wrong"]]);
  clock.advance(1_000);
  assert.equal(writes.length, 1);
});

test("what waits is written when the process ends", () => {
  const { clock, logger, writes, gathered } = scene();
  logger.info("shutting down");
  gathered.flushSync();
  gathered.flushSync();
  clock.advance(1_000);
  assert.deepEqual(writes, [["shutting down"]]);
});

test("16,384 characters do not wait, and one less do", () => {
  const { writes, gathered } = scene();
  gathered.write(`${JSON.stringify({ msg: "x".repeat(16_383 - lineChars) })}\n`);
  assert.equal(writes.length, 0);
  gathered.flushSync();
  gathered.write(`${JSON.stringify({ msg: "x".repeat(16_384 - lineChars) })}\n`);
  assert.equal(writes.length, 2);
});
