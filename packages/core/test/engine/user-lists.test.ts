import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine, type EngineOptions } from "@echoo/core";
import { Scenario, ScenarioActor, type ScenarioDevice } from "@echoo/testkit";

/** A scenario in which everybody may see everybody, as under open access. */
function openScenario(): Scenario {
  return new Scenario({ makeEngine: (options: EngineOptions) => new Engine({ ...options, everyoneListed: true }) });
}

async function joined(scenario: Scenario, label: string): Promise<ScenarioDevice> {
  const device = scenario.device(label);
  await device.connect({ resume: false });
  return device;
}

function lists(device: ScenarioDevice): string[] {
  return device.received.flatMap((message) => (message.type === "userList" ? [message.users.join(" ")] : []));
}

describe("a device that cannot watch anybody", () => {
  test("gets a list at its join, even an empty one, and another when somebody comes or goes", async () => {
    const scenario = openScenario();
    const leo = await joined(scenario, "leo (legacy)");
    assert.deepEqual(lists(leo), [""]);
    scenario.passes(1_000);
    const bob = await joined(scenario, "bob");
    const amy = await joined(scenario, "amy (legacy)");
    scenario.passes(1_000);
    assert.deepEqual(lists(leo), ["", "amy bob"]);
    assert.deepEqual(lists(amy), ["bob leo"]);
    await bob.leave();
    scenario.passes(1_000);
    assert.deepEqual(lists(leo), ["", "amy bob", "amy"]);
    scenario.passes(60_000);
    assert.equal(lists(leo).length, 3);
    assert.deepEqual(lists(bob), []);
  });

  test("is sent one a second at most, and none where nothing is new at the end of the second", async () => {
    const scenario = openScenario();
    const leo = await joined(scenario, "leo (legacy)");
    for (let i = 0; i < 30; i += 1) {
      await joined(scenario, `user${i}`);
      scenario.passes(100);
    }
    assert.ok(lists(leo).length <= 4, `${lists(leo).length} lists in 3 s`);
    scenario.passes(1_000);
    const before = lists(leo).length;
    assert.equal(lists(leo).at(-1)?.split(" ").length, 30);
    const cleo = await joined(scenario, "cleo");
    await cleo.leave();
    scenario.passes(2_000);
    assert.equal(lists(leo).length, before);
  });

  test("sees everybody while 200 are here, and its own people alone beyond that", async () => {
    const scenario = openScenario();
    scenario.userFacts.describe("leo", { contacts: new Set(["user7", "zoe"]) });
    const leo = await joined(scenario, "leo (legacy)");
    for (let i = 0; i < 199; i += 1) await joined(scenario, `user${i}`);
    scenario.passes(2_000);
    assert.equal(lists(leo).at(-1)?.split(" ").length, 199);
    const last = await joined(scenario, "last");
    scenario.passes(1_000);
    assert.equal(lists(leo).at(-1), "user7");
    const before = lists(leo).length;
    await joined(scenario, "nobody");
    scenario.passes(2_000);
    assert.equal(lists(leo).length, before, "a stranger's coming is not told");
    await joined(scenario, "zoe");
    scenario.passes(1_000);
    assert.equal(lists(leo).at(-1), "user7 zoe");
    await last.leave();
    await scenario.devices.find(({ label }) => label === "nobody")?.leave();
    await scenario.devices.find(({ label }) => label === "user8")?.leave();
    scenario.passes(1_000);
    assert.equal(lists(leo).at(-1)?.split(" ").length, 199);
  });

  test("sees recent peers without open access, and nobody who hides from it", async () => {
    const scenario = new Scenario();
    const leo = new ScenarioActor(scenario, scenario.device("leo (legacy)"));
    const bob = new ScenarioActor(scenario, scenario.device("bob"));
    await joined(scenario, "amy");
    for (const { device } of [leo, bob]) await device.connect({ resume: false });
    await leo.offers("bob");
    await bob.rejects();
    scenario.passes(1_000);
    assert.deepEqual(lists(leo.device), ["", "bob"]);
    scenario.userFacts.describe("bob", { blocked: new Map([["leo", 0]]) });
    await scenario.node.engine.personChanged("bob");
    scenario.passes(1_000);
    assert.deepEqual(lists(leo.device), ["", "bob", ""]);
  });
});
