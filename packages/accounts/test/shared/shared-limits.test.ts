import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { createCodeBudget } from "../../src/limits/code-budget.ts";
import type { MakeLimit } from "../../src/limits/limit.ts";
import { sharedLimits } from "../../src/limits/shared-limits.ts";
import { createSlidingWindow } from "../../src/limits/sliding-window.ts";
import { from, twoServers } from "./two-servers.ts";

const rule = { name: "proofs:wrong", max: 4, windowMs: 1000 };

function setUp() {
  const { clock, shared, one, other } = twoServers();
  const make =
    (own: typeof other): MakeLimit =>
    (each) =>
      createSlidingWindow(own, each, 100);
  const limits = [make(one), make(other)].map((alone) => sharedLimits(shared.limits, alone));
  const [here, there] = limits as [MakeLimit, MakeLimit];
  return { clock, shared, here, there };
}

test("two servers together allow no more than one alone", async () => {
  const { here, there } = setUp();
  const [a, b] = [here(rule), there(rule)];
  const waits = await Promise.all([a, b, a, b, a, b].map((limit) => limit.take("ann")));
  assert.equal(waits.filter((waitMs) => waitMs === 0).length, 4);
  assert.deepEqual([await a.count("ann"), await b.waitMs("ann")], [4, 1000]);
  await b.giveBack("ann");
  assert.equal(await a.take("ann"), 0);
});

test("while the shared counts are away each server goes on from what it has allowed itself", async () => {
  const { shared, here, there } = setUp();
  const [a, b] = [here(rule), there(rule)];
  for (const limit of [a, a, a, b]) await limit.take("ann");
  shared.setAway(true);
  assert.deepEqual([await a.count("ann"), await b.count("ann")], [3, 1]);
  assert.equal(await a.take("ann"), 0);
  assert.ok((await a.take("ann")) > 0);
  assert.equal(await b.take("ann"), 0);
  await b.giveBack("ann");
  shared.setAway(false);
  assert.ok((await b.take("ann")) > 0);
});

test("no code is made while the shared counts are away, and the refusal says that this passes", async () => {
  const { shared, here } = setUp();
  const budget = createCodeBudget(here, true);
  const ask = { userId: "5550001", client: from("203.0.113.5"), asker: "a", isKnown: false };
  assert.ok(typeof (await budget.take(ask)) === "object");
  shared.setAway(true);
  const isUnavailable = (error: unknown) => error instanceof Refusal && error.code === "unavailable";
  await assert.rejects(budget.take(ask), isUnavailable);
  await assert.rejects(budget.waitMs(ask), isUnavailable);
  shared.setAway(false);
  assert.ok(typeof (await budget.take(ask)) === "object");
});

test("a client gets five codes an hour for a number from both servers together", async () => {
  const { here, there } = setUp();
  const budgets = [createCodeBudget(here, true), createCodeBudget(there, true)];
  const ask = { userId: "5550001", client: from("203.0.113.5"), asker: "a", isKnown: true };
  const taken = await Promise.all(Array.from({ length: 8 }, (_, at) => budgets[at % 2]?.take(ask)));
  assert.equal(taken.filter((each) => typeof each === "object").length, 5);
});
