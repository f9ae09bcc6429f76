import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pushActions } from "../model/push-action.ts";
import { PushWorld } from "../model/push-world.ts";

/** More or fewer walks than usual, and the walk to repeat: what a failure prints. */
const { ECHOO_MODEL_RUNS, ECHOO_MODEL_SEED, ECHOO_MODEL_PATH } = process.env;

test("no ring is pushed after its end, each at most once a death, and each device that rings is told to stop", async () => {
  const walks = fc.asyncProperty(pushActions, async (actions) => {
    const world = new PushWorld();
    try {
      await world.start();
      for (const action of actions) await world.step(action);
      await world.finish();
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${world.scenario.transcript}`, {
        cause: error,
      });
    }
  });
  const result = await fc.check(walks, {
    numRuns: Number(ECHOO_MODEL_RUNS ?? 500),
    ...(ECHOO_MODEL_SEED === undefined ? {} : { seed: Number(ECHOO_MODEL_SEED) }),
    ...(ECHOO_MODEL_PATH === undefined ? {} : { path: ECHOO_MODEL_PATH }),
  });
  const replay = `ECHOO_MODEL_SEED=${result.seed} ECHOO_MODEL_PATH=${result.counterexamplePath}`;
  assert.ok(!result.failed, `replay with ${replay}\n${result.errorInstance}`);
});
