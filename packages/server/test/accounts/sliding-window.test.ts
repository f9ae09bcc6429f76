import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { createSlidingWindow } from "../../src/accounts/sliding-window.ts";

test("a window slides: each count leaves it when its own time is over", () => {
  const clock = new FakeClock();
  const window = createSlidingWindow(clock, { max: 2, windowMs: 1000, maxKeys: 10 });
  window.count("a");
  clock.advance(400);
  window.count("a");
  assert.equal(window.waitMs("a"), 600);
  assert.equal(window.waitMs("b"), 0);
  clock.advance(600);
  assert.equal(window.waitMs("a"), 0);
  window.count("a");
  assert.equal(window.waitMs("a"), 400);
});

test("beyond its most keys the one that was quiet longest is forgotten", () => {
  const clock = new FakeClock();
  const window = createSlidingWindow(clock, { max: 1, windowMs: 1000, maxKeys: 2 });
  for (const key of ["a", "b", "a", "c"]) window.count(key);
  assert.deepEqual(
    ["a", "b", "c"].map((key) => window.waitMs(key) > 0),
    [true, false, true],
  );
});
