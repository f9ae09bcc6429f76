import { Scenario } from "./scenario.ts";
import { ScenarioActor } from "./scenario-actor.ts";

/** A scenario whose devices have joined before its first row. */
export async function play<const L extends readonly string[]>(
  ...labels: L
): Promise<{ scenario: Scenario; actors: { [I in keyof L]: ScenarioActor } }> {
  const scenario = new Scenario();
  const actors = labels.map((label) => new ScenarioActor(scenario, scenario.device(label)));
  for (const { device } of actors) await device.connect({ resume: false });
  scenario.transcript.restart();
  return { scenario, actors: actors as { [I in keyof L]: ScenarioActor } };
}
