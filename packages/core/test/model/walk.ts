import type { EngineOptions } from "@echoo/core";
import type { PlayedEngine } from "@echoo/testkit";
import fc from "fast-check";
import { type ModelAction, modelActions } from "./model-action.ts";
import { ModelWorld } from "./model-world.ts";

/** Longer than any walk takes: one that waits for ever fails by it. */
const walkTimeoutMs = 20_000;

/** Walks at random, and tells of the first walk that broke an invariant: what broke, the rows, and how to repeat it. */
export async function walk(
  options: fc.Parameters<[ModelAction[]]>,
  makeEngine?: (options: EngineOptions) => PlayedEngine,
): Promise<{ runs: number; failure?: string }> {
  const walks = fc.asyncProperty(modelActions, async (actions) => {
    const world = new ModelWorld(makeEngine);
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
  const result = await fc.check(walks, { timeout: walkTimeoutMs, ...options });
  const runs = result.numRuns;
  if (!result.failed) return { runs };
  const replay = `ECHOO_MODEL_SEED=${result.seed} ECHOO_MODEL_PATH=${result.counterexamplePath}`;
  return { runs, failure: `after ${runs} walks, replay with ${replay}\n${result.errorInstance}` };
}
