import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { createStrangerQuota, strangersPerDay } from "../../src/limits/stranger-quota.ts";

const ann = "5550001";

test("a user may ask about 200 distinct people a day, about each as often as they like", () => {
  const quota = createStrangerQuota(new FakeClock());
  for (let n = 0; n < strangersPerDay; n += 1) assert.equal(quota.allows(ann, `555${1000 + n}`), true);
  assert.equal(quota.allows(ann, "5559999"), false);
  assert.equal(quota.allows(ann, "5551000"), true);
  assert.equal(quota.allows(ann, ann), true);
  assert.equal(quota.allows("5550002", "5559999"), true);
});

test("the quota is new a day after the first question, and the refusal says how long that is", async () => {
  const clock = new FakeClock();
  const quota = createStrangerQuota(clock);
  await quota.requireRoom(ann, "5551000");
  clock.advance(22 * 3_600_000);
  for (let n = 1; n < strangersPerDay; n += 1) await quota.requireRoom(ann, `555${1000 + n}`);
  await assert.rejects(
    quota.requireRoom(ann, "5559999"),
    (error: unknown) => error instanceof Refusal && error.code === "rate_limited" && error.retryInMs === 2 * 3_600_000,
  );
  clock.advance(2 * 3_600_000);
  await quota.requireRoom(ann, "5559999");
});

test("when more people ask than the table holds, a new one waits until tomorrow instead of opening it to everyone", () => {
  const clock = new FakeClock();
  const quota = createStrangerQuota(clock);
  for (let n = 0; n < 20_000; n += 1) assert.equal(quota.allows(`asker ${n}`, "5551"), true);
  assert.equal(quota.allows("one more", "5551"), false);
  assert.equal(quota.allows("asker 0", "5552"), true);
  clock.advance(24 * 3_600_000);
  assert.equal(quota.allows("one more", "5551"), true);
});
