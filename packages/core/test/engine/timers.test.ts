import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, Engine, type EngineOptions } from "@echoo/core";
import { play, Scenario, ScenarioActor } from "@echoo/testkit";

test("a timer that fires a moment too early is set again, so that a call still ends", async () => {
  // As Node's timers do: they follow another clock than the one that tells the time.
  const early = (clock: Clock): Clock => ({
    now: () => clock.now(),
    steady: () => clock.steady(),
    after: (delayMs, run) => clock.after(Math.max(0, delayMs - (delayMs > 1 ? 1 : 0)), run),
  });
  const makeEngine = (options: EngineOptions) => new Engine({ ...options, clock: early(options.clock) });
  const scenario = new Scenario({ makeEngine });
  const ann = new ScenarioActor(scenario, scenario.device("ann"));
  const bob = new ScenarioActor(scenario, scenario.device("bob"));
  for (const { device } of [ann, bob]) await device.connect({ resume: false });
  scenario.transcript.restart();
  await ann.offers("bob");
  await bob.rings();
  scenario.passes(61_000);
  scenario.expect(`
    0s    ann offers bob | ann < calling | bob < offer
    0s    bob rings      | ann < ringing
    60s   …              | recorded no_answer | ann < reject no_answer | bob < reject no_answer
  `);
});

test("a socket that ends after the engine was stopped leaves no timer", async () => {
  const { scenario, actors } = await play("ann", "bob");
  const [ann, bob] = actors;
  await ann.offers("bob");
  scenario.node.engine.stop();
  for (const actor of [ann, bob]) await actor.loses();
  assert.equal(scenario.node.pendingTimers, 0);
});
