import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { currentBody } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import { MemoryJournal, Scenario, ScenarioActor } from "@echoo/testkit";

type Actors = Readonly<Record<string, ScenarioActor>>;

/** Plays a scenario, and tells every end that a device hears of, in its order: "bob's tablet < hangup …: you". */
async function ends(
  labels: readonly string[],
  act: (actors: Actors, scenario: Scenario) => Promise<void>,
  before: (scenario: Scenario) => void = () => {},
): Promise<string[]> {
  const rows: string[] = [];
  const scenario = new Scenario({ onHeard: (device, message) => rows.push(...endsIn(device.label, message)) });
  before(scenario);
  const actors: Record<string, ScenarioActor> = {};
  for (const label of labels) {
    const actor = new ScenarioActor(scenario, scenario.device(label));
    actors[label] = actor;
    await actor.joins();
  }
  await act(actors, scenario);
  return rows;
}

function endsIn(label: string, message: ServerMessage): string[] {
  switch (message.type) {
    case "busy":
    case "reject":
    case "hangup":
      return [`${label} < ${message.type} ${message.reason}: ${message.endedBy ?? "-"}`];
    case "joined":
      return message.calls
        .filter(({ state }) => state === "ended")
        .map(({ endReason, endedBy }) => `${label} < [ended ${endReason}: ${endedBy ?? "-"}]`);
    default:
      return [];
  }
}

const both = ["ann", "bob"];
const withTablet = ["ann", "bob", "bob's tablet"];

describe("who ended a call, as each device is told", () => {
  test("is the one who hangs up, by a message or by leaving", async () => {
    const rows = await ends(both, async ({ ann, bob }) => {
      await ann?.offers("bob");
      await bob?.answers();
      await bob?.hangsUp();
      await ann?.offers("bob");
      await bob?.answers();
      await ann?.leaves();
    });
    assert.deepEqual(rows, [
      "ann < hangup hangup: peer",
      "bob < hangup hangup: you",
      "ann < hangup hangup: you",
      "bob < hangup hangup: peer",
    ]);
  });

  test("is the callee for all its devices, whichever of them declined", async () => {
    const rows = await ends(withTablet, async ({ ann, bob }) => {
      await ann?.offers("bob");
      await bob?.rejects();
    });
    assert.deepEqual(rows, [
      "ann < reject declined: peer",
      "bob < reject declined: you",
      "bob's tablet < hangup declined_elsewhere: you",
    ]);
  });

  test("is the callee's own user for a device that stops ringing because another answered", async () => {
    const rows = await ends(withTablet, async ({ ann, bob }) => {
      await ann?.offers("bob");
      await bob?.answers();
      await ann?.hangsUp({ id: "m1" });
    });
    assert.deepEqual(rows, ["bob's tablet < hangup answered_elsewhere: you", "bob < hangup hangup: peer"]);
  });

  test("is the device that says busy, or the server where it knows of another call", async () => {
    const rows = await ends(["ann", "bob", "cleo"], async ({ ann, bob, cleo }) => {
      await ann?.offers("bob");
      await bob?.rejects({ reason: "busy", id: "m1" });
      await cleo?.offers("bob");
      await bob?.answers();
      await ann?.offers("bob");
    });
    assert.deepEqual(rows, ["ann < busy busy: peer", "ann < busy busy: server"]);
  });

  test("is the party whose ICE failed, and the server where it waited in vain", async () => {
    const rows = await ends(both, async ({ ann, bob }, scenario) => {
      await ann?.offers("bob");
      await bob?.answers();
      await bob?.hangsUp({ reason: "ice_failed", id: "m1" });
      await ann?.offers("bob");
      await bob?.answers();
      scenario.passes(30_000);
    });
    assert.deepEqual(rows, [
      "ann < hangup connect_failed: peer",
      "ann < hangup connect_failed: server",
      "bob < hangup connect_failed: server",
    ]);
  });

  test("is the one who began another call", async () => {
    const rows = await ends(["ann", "ann's tablet", "bob", "cleo"], async ({ ann, bob, "ann's tablet": tablet }) => {
      await ann?.offers("bob");
      await bob?.answers();
      await tablet?.offers("cleo", { supersede: true });
    });
    assert.deepEqual(rows.toSorted(), ["ann < hangup superseded: you", "bob < hangup superseded: peer"]);
  });

  test("is listed with a call that ended while a device was away, over a restart too", async () => {
    const rows = await ends(both, async ({ ann, bob }, scenario) => {
      await ann?.offers("bob");
      await bob?.answers();
      await bob?.loses();
      await ann?.hangsUp({ id: "m1" });
      scenario.restart();
      await bob?.joins();
      await ann?.joins();
    });
    assert.deepEqual(rows, ["bob < [ended hangup: peer]", "ann < [ended hangup: you]"]);
  });

  test("is still the peer when the one who ended it has erased their account", async () => {
    const rows = await ends(both, async ({ ann, bob }, scenario) => {
      await ann?.offers("bob");
      await bob?.answers();
      await bob?.loses();
      await ann?.hangsUp({ id: "m1" });
      scenario.node.engine.userErased("ann", "deleted:1");
      await bob?.joins();
    });
    assert.deepEqual(rows, ["bob < [ended hangup: peer]"]);
  });

  test("is the server for the caller of somebody who wishes no disturbance, as of somebody who is away", async () => {
    const act = async ({ ann }: Actors) => {
      await ann?.offers("bob");
      await ann?.joins();
    };
    const rows = await ends(both, act, ({ userFacts }) => userFacts.describe("bob", { doNotDisturb: true }));
    assert.deepEqual(rows, ["ann < reject unreachable: server", "ann < [ended unreachable: server]"]);
    assert.deepEqual(rows, await ends(["ann"], act, ({ userFacts }) => userFacts.describe("bob", {})));
  });

  test("is left out of a call whose end a journal of before does not tell", async () => {
    const journal = new MemoryJournal();
    const ended = (callId: string, endReason: string) => {
      const devices = [{ user: "fay", device: "fay", session: "s", reason: endReason }];
      const call = { state: "ended", id: callId, aliases: [], caller: "eve", callee: "fay", isVideo: true, endReason };
      const atMs = Date.UTC(2026, 0, 1);
      const body = JSON.stringify({ ...call, endedAtMs: atMs, answered: true, callerOnly: false, devices });
      return { tombstone: { callId, body: currentBody("ended", body, 0), expiresAtMs: atMs + 86_400_000 } };
    };
    const old = [ended("c1", "hangup"), ended("c2", "connect_failed")];
    journal.commit({ live: [], ended: old, samples: [], reported: [] });
    const rows: string[] = [];
    const scenario = new Scenario({ journal, onHeard: ({ label }, message) => rows.push(...endsIn(label, message)) });
    await new ScenarioActor(scenario, scenario.device("fay")).joins();
    assert.deepEqual(rows.toSorted(), ["fay < [ended connect_failed: -]", "fay < [ended hangup: -]"]);
  });
});
