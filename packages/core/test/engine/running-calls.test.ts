import assert from "node:assert/strict";
import { test } from "node:test";
import { play, type ScenarioActor } from "@echoo/testkit";

async function scene(...labels: string[]) {
  const { scenario, actors } = await play("ann", "bob", ...labels);
  const [ann, bob, ...others] = actors as [ScenarioActor, ScenarioActor, ...ScenarioActor[]];
  return { scenario, ann, bob, others, running: scenario.node.engine.running };
}

test("calls under way are told newest first with where they stand, and are gone once they end", async () => {
  const { scenario, ann, bob, others, running } = await scene("cat", "dan");
  const [cat] = others as [ScenarioActor, ScenarioActor];
  await ann.offers("bob");
  scenario.passes(4_000);
  await bob.answers();
  await ann.connects();
  await bob.connects();
  await cat.offers("dan");
  assert.deepEqual(running.figures.states, { calling: 1, ringing: 0, connecting: 0, active: 1, reconnecting: 0 });
  const [newest, older] = running.list(10);
  assert.deepEqual([newest?.caller, newest?.state, newest?.answeredAtMs], ["cat", "calling", undefined]);
  assert.deepEqual([older?.caller, older?.callee, older?.state], ["ann", "bob", "active"]);
  assert.equal((older?.answeredAtMs ?? 0) - (older?.createdAtMs ?? 0), 4_000);
  assert.equal(running.list(1).length, 1);
  await ann.hangsUp();
  assert.deepEqual(
    running.list(10).map(({ caller }) => caller),
    ["cat"],
  );
  assert.equal(running.find(older?.callId ?? ""), undefined);
});

test("an administrator's end is told to both as such, and made once", async () => {
  const { scenario, ann, bob, running } = await scene();
  await ann.offers("bob");
  await bob.answers();
  scenario.transcript.restart();
  const [call] = running.list(1);
  await scenario.row("it is ended", () => {
    assert.equal(running.end(call?.callId ?? ""), true);
    assert.equal(running.end(call?.callId ?? ""), false);
    assert.equal(running.end("none"), false);
  });
  scenario.expect(`
    0s    it is ended | recorded admin_ended 0s | ann < hangup admin_ended | bob < hangup admin_ended
  `);
});
