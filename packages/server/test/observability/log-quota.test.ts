import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { logBounds } from "../../src/observability/log-quota.ts";
import { createBoundedLog, logOfTransitions } from "../../src/observability/logging.ts";

function scene(level = "debug") {
  const clock = new FakeClock();
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const { logger, tellLeftOut } = createBoundedLog(level, clock, destination);
  return { clock, logger, tellLeftOut, lines };
}

const { linesOfAKind, transitionsOfAKind, windowMs, kinds } = logBounds;

test("of a flood of one kind the first few lines are written, and once a window how many were not", () => {
  const { clock, logger, lines } = scene();
  for (let n = 0; n < 1_000; n += 1) logger.warn({ n }, "refused");
  logger.warn("another kind");
  assert.deepEqual(
    lines.map(({ n, msg }) => n ?? msg),
    [...Array(linesOfAKind).keys(), "another kind"],
  );
  clock.advance(windowMs);
  const [told] = lines.slice(-1);
  assert.deepEqual(
    [told?.msg, told?.of, told?.leftOut],
    ["lines were left out of the log", "refused", 1_000 - linesOfAKind],
  );
  logger.warn({ n: "next" }, "refused");
  assert.equal(lines.at(-1)?.n, "next");
  clock.advance(windowMs * 10);
  assert.equal(lines.length, linesOfAKind + 3, "something was told twice");
});

test("a flood that goes on costs a few lines a window, whatever its level and whoever's child logs it", () => {
  const { clock, logger, lines } = scene();
  const child = logger.child({ part: "x" });
  for (let second = 0; second < 100; second += 1) {
    for (let n = 0; n < 100; n += 1) {
      logger.info("flood");
      child.error({ err: new Error("x") }, "flood");
    }
    clock.advance(1_000);
  }
  const windows = 100_000 / windowMs;
  assert.ok(lines.length <= windows * (linesOfAKind + 1) + 1, `${lines.length} lines`);
  const leftOut = lines.reduce((sum, line) => sum + Number(line.leftOut ?? 0), 0);
  assert.equal(leftOut + lines.filter(({ msg }) => msg === "flood").length, 20_000);
});

test("lines that are slower than the bound are all written", () => {
  const { clock, logger, lines } = scene();
  for (let n = 0; n < 50; n += 1) {
    logger.info({ n }, "now and then");
    clock.advance(windowMs / linesOfAKind);
  }
  assert.equal(lines.length, 50);
});

test("changes of sessions and calls have room for many, and are bounded too", () => {
  const { clock, logger, lines } = scene();
  const transitions = logOfTransitions(logger);
  for (let n = 0; n <= transitionsOfAKind; n += 1) transitions.info({ n }, "call ended");
  assert.equal(lines.length, transitionsOfAKind);
  clock.advance(windowMs);
  assert.equal(lines.at(-1)?.leftOut, 1);
});

test("who asks for debug lines gets all of them", () => {
  const { logger, lines } = scene();
  for (let n = 0; n < 1_000; n += 1) logger.debug("request");
  assert.equal(lines.length, 1_000);
});

test("more kinds than are told apart count together", () => {
  const { logger, lines, tellLeftOut } = scene();
  for (let n = 0; n < kinds + 100; n += 1) logger.warn(`kind ${n}`);
  assert.equal(lines.length, kinds + linesOfAKind);
  tellLeftOut();
  assert.deepEqual([lines.at(-1)?.of, lines.at(-1)?.leftOut], ["of other kinds", 100 - linesOfAKind]);
});
