import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { createSlidingWindow } from "../../src/limits/sliding-window.ts";

const rule = { name: "test", max: 2, windowMs: 1000 };

test("a window slides: each count leaves it when its own time is over", async () => {
  const clock = new FakeClock();
  const window = createSlidingWindow(clock, rule, 10);
  assert.equal(await window.take("a"), 0);
  clock.advance(400);
  assert.equal(await window.take("a"), 0);
  assert.deepEqual([await window.waitMs("a"), await window.waitMs("b")], [600, 0]);
  assert.equal(await window.take("a"), 600);
  clock.advance(600);
  assert.equal(await window.waitMs("a"), 0);
  assert.equal(await window.take("a"), 0);
  assert.equal(await window.waitMs("a"), 400);
});

test("what is given back was never counted", async () => {
  const window = createSlidingWindow(new FakeClock(), rule, 10);
  for (let times = 0; times < 5; times += 1) {
    assert.equal(await window.take("a"), 0);
    await window.giveBack("a");
  }
  await window.giveBack("b");
  assert.deepEqual([await window.take("a"), await window.take("a")], [0, 0]);
  assert.equal(await window.take("a"), 1000);
});

test("beyond its most keys the one that was quiet longest is forgotten", async () => {
  const window = createSlidingWindow(new FakeClock(), { ...rule, max: 1 }, 2);
  for (const key of ["a", "b", "c"]) await window.take(key);
  assert.deepEqual([await window.waitMs("a"), await window.waitMs("b"), await window.waitMs("c")], [0, 1000, 1000]);
});
