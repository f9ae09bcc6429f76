import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { createPostingQuota } from "../../src/http/requests/posting-quota.ts";

const dayMs = 24 * 3_600_000;

test("one call past the day's bound is refused until midnight, for its poster alone", () => {
  const clock = new FakeClock();
  clock.advance(dayMs - 1000);
  const quota = createPostingQuota(clock, 3);
  for (let n = 0; n < 3; n += 1) quota.requireRoom("ann");
  assert.throws(
    () => quota.requireRoom("ann"),
    (error) => error instanceof Refusal && error.code === "rate_limited" && error.retryInMs === 1000,
  );
  quota.requireRoom("bob");
  clock.advance(1000);
  quota.requireRoom("ann");
});

test("users past those that are counted share one count, and those who were counted before keep theirs", () => {
  const quota = createPostingQuota(new FakeClock(), 2, 2);
  for (const user of ["ann", "bob", "cleo", "dan"]) quota.requireRoom(user);
  assert.throws(() => quota.requireRoom("eve"), Refusal);
  quota.requireRoom("ann");
  assert.throws(() => quota.requireRoom("ann"), Refusal);
});
