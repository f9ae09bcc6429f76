import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { sharedStrangerQuota, strangersPerDay } from "../../src/limits/stranger-quota.ts";
import { twoServers } from "./two-servers.ts";

const ann = "5550001";
const isRefused = (error: unknown) => error instanceof Refusal && error.code === "rate_limited";

function setUp() {
  const { clock, shared, one, other } = twoServers();
  const [here, there] = [sharedStrangerQuota(one, shared.strangers), sharedStrangerQuota(other, shared.strangers)];
  return { clock, shared, here, there };
}

test("a user may ask about 200 people a day on both servers together, the same ones again on either", async () => {
  const { here, there } = setUp();
  for (let n = 0; n < strangersPerDay; n += 1) await (n % 2 ? here : there).requireRoom(ann, `555${1000 + n}`);
  await assert.rejects(here.requireRoom(ann, "5559999"), isRefused);
  await assert.rejects(there.requireRoom(ann, "5559999"), isRefused);
  await there.requireRoom(ann, "5551001");
  await there.requireRoom("5550002", "5559999");
});

test("where an answer cannot wait, what was asked elsewhere counts from the next question on", async () => {
  const { here, there } = setUp();
  for (let n = 0; n < strangersPerDay - 1; n += 1) await here.requireRoom(ann, `555${1000 + n}`);
  assert.equal(there.allows(ann, "5558888"), true);
  // The answer of the others is there once this has waited as well.
  await there.requireRoom(ann, "5558888");
  assert.equal(there.allows(ann, "5559999"), false);
  assert.equal(there.allows(ann, "5558888"), true);
  await assert.rejects(here.requireRoom(ann, "5559999"), isRefused);
});

test("while they cannot be asked each server counts for itself, and the day still ends", async () => {
  const { clock, shared, here } = setUp();
  await here.requireRoom(ann, "5551000");
  shared.setAway(true);
  for (let n = 1; n < strangersPerDay; n += 1) await here.requireRoom(ann, `555${1000 + n}`);
  await assert.rejects(here.requireRoom(ann, "5559999"), isRefused);
  clock.advance(24 * 3_600_000);
  await here.requireRoom(ann, "5559999");
});
