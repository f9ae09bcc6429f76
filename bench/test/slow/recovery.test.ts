import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/scenarios/kill.ts";
import { sizesWithin } from "../../src/scenarios/scenario.ts";
import { start } from "../../src/scenarios/start.ts";
import { storm } from "../../src/scenarios/storm.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of a killed server finds every call again", async () => {
  const report = await kill(smoke, { calls: [4, 8] });
  assert.deepEqual(
    report.rows.map(([calls, , , lost]) => `${calls}: ${lost} lost`),
    ["4: 0 lost", "8: 0 lost"],
  );
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of a storm gets every session back, while others call", async () => {
  const report = await storm(smoke, { users: 12, witnessPairs: 2, callsPerSec: 5, seconds: 2 });
  const { Echoo: figures } = report.data as { Echoo: Record<string, number> };
  assert.equal(figures.notResumed, 0);
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});

test("the bench of starts times a first start and another on the same data", async () => {
  const report = await start(smoke, undefined);
  assert.ok(figuresOf(report.data).every((figure) => figure > 0));
});

test("sizes that need more sockets than a process may open end at what it may", () => {
  const said: string[] = [];
  const context = { ...smoke, openFilesMax: 20_000, say: (line: string) => void said.push(line) };
  assert.deepEqual(sizesWithin(context, [1_000, 9_750], 2), [1_000, 9_750]);
  assert.deepEqual(said, []);
  assert.deepEqual(sizesWithin(context, [1_000, 9_751, 12_000], 2), [1_000, 9_750]);
  assert.equal(said.length, 1);
});
