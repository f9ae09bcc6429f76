import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { createRateCounter } from "../../src/web/rate-counter.ts";

test("so many are allowed in a minute, and one more is told when to come back", async () => {
  const counter = createRateCounter(3, new FakeClock());
  for (let n = 0; n < 3; n += 1) assert.equal(await counter.count("a"), 0);
  const waitMs = await counter.count("a");
  assert.ok(waitMs > 0 && waitMs <= 60_000, `${waitMs} ms`);
  assert.equal(await counter.count("b"), 0);
});

test("beyond the keys that are kept, the others share one count; a minute later they have their own", async () => {
  const clock = new FakeClock();
  const counter = createRateCounter(1, clock, 2);
  assert.deepEqual([await counter.count("a"), await counter.count("b"), await counter.count("c")], [0, 0, 0]);
  assert.ok((await counter.count("d")) > 0);
  clock.advance(61_000);
  assert.equal(await counter.count("d"), 0);
});
