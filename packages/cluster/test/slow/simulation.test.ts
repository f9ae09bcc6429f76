import assert from "node:assert/strict";
import { test } from "node:test";
import { Schedule } from "../simulation/schedule.ts";

/** ECHOO_SIMULATIONS=10000 plays more of them, ECHOO_SIMULATION_SEED another part of them. */
const schedules = Number(process.env.ECHOO_SIMULATIONS ?? 300);
const firstSeed = Number(process.env.ECHOO_SIMULATION_SEED ?? 1);

test("engines on several nodes lose no call and make no second one, whatever breaks, from a seed", async () => {
  const broken: string[] = [];
  const counts = new Map<string, number>();
  for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
    const schedule = new Schedule({ seed });
    await schedule.play();
    const { world } = schedule;
    for (const [what, count] of world.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    if (world.broken.length > 0) broken.push(`seed ${seed}:\n  ${world.broken.join("\n  ")}`);
    if (broken.length === 5) break;
  }
  assert.deepEqual(broken, []);
  // It proves something only where things happened.
  for (const what of [
    "calls",
    "join resumed",
    "join rebound",
    "fault kill",
    "fault freeze",
    "fault empty",
    "crash at commit",
  ]) {
    assert.ok((counts.get(what) ?? 0) > 0, `${what} never happened`);
  }
});
