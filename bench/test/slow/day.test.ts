import assert from "node:assert/strict";
import { test } from "node:test";
import { mixed } from "../../src/scenarios/mixed.ts";
import { reads } from "../../src/scenarios/reads.ts";
import { statistics } from "../../src/scenarios/statistics.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of a mixed day looks at what must not grow while everything happens", async () => {
  const rates = { callsPerSec: 4, talkMs: 200, reconnectsPerSec: 4, readsPerSec: 2 };
  const report = await mixed(smoke, { users: 24, minutes: 0.05, lookSec: 1, ...rates });
  assert.ok(report.rows.length >= 1);
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of statistics sends the samples of both sides", async () => {
  const report = await statistics(smoke, { calls: 3, seconds: 2 });
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of long reads times calls beside an export and a year of statistics", async () => {
  const report = await reads(smoke, { calls: 40, callsPerSec: 5, pairs: 4, seconds: 1 });
  assert.deepEqual(
    report.rows.map(([reading]) => reading),
    ["nothing", "export", "statistics of 365 days"],
  );
  assert.ok(figuresOf(report.data).every((figure) => figure > 0));
});
