import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

describe("glare", () => {
  test("merges the second offer into the first: one call, one record", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await ann.trickles("a1");
    await bob.offers("ann", { id: "m1" });
    await bob.trickles("of the attempt", { callId: "c2" });
    await ann.trickles("a2");
    await bob.answers();
    await bob.trickles("b1");
    await bob.hangsUp({ id: "m2" });
    scenario.expect(`
      0s    ann offers bob           | ann < calling | bob < offer
      0s    ann sends a1             | bob < candidate a1
      0s    bob offers ann           | bob < calling replaces c2 | bob < ack
      0s    bob sends of the attempt
      0s    ann sends a2             | bob < candidate a2
      0s    bob answers              | ann < answer
      0s    bob sends b1             | ann < candidate b1
      0s    bob hangs up             | recorded hangup by bob 0s | ann < hangup hangup | bob < ack
    `);
    const merged = bob.device.received.find((message) => message.type === "calling");
    assert.ok(merged?.type === "calling");
    assert.equal(merged.sdp, "ann offers c1");
    assert.deepEqual(merged.candidates, [{ candidate: "a1" }]);
    assert.equal(scenario.journal.records[0]?.glare, true);
  });

  test("in the other order has the other call standing", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await bob.offers("ann");
    await bob.trickles("b1");
    await ann.offers("bob", { callId: "mine" });
    await ann.answers({ to: "bob" });
    scenario.expect(`
      0s    bob offers ann | bob < calling | ann < offer
      0s    bob sends b1   | ann < candidate b1
      0s    ann offers bob | ann < calling replaces mine
      0s    ann answers    | bob < answer
    `);
  });

  test("reserves the device that dialled: the callee's others and later diallers are told it is answered elsewhere", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet", "bob's car");
    const [ann, bob, tablet, car] = actors;
    const late = new ScenarioActor(scenario, scenario.device("bob's watch"));
    await ann.offers("bob");
    await bob.offers("ann");
    await tablet.offers("ann");
    await car.answers({ callId: "c1", id: "m1" });
    await late.joins();
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob          | ann < calling | bob < offer | bob's tablet < offer | bob's car < offer
      0s    bob offers ann          | bob < calling replaces c2 | bob's tablet < hangup answered_elsewhere | bob's car < hangup answered_elsewhere
      0s    bob's tablet offers ann | bob's tablet < calling c3 | bob's tablet < hangup answered_elsewhere c3
      0s    bob's car answers       | bob's car < error too_late answered_elsewhere
      0s    bob's watch joins       | bob's watch < joined
      0s    bob answers             | ann < answer
    `);
  });

  test("ends declined when the second dialler rejects, or hangs up the attempt that was replaced", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.offers("ann");
    await bob.rejects({ to: "ann" });
    await ann.offers("bob");
    await bob.offers("ann");
    await bob.hangsUp({ callId: "c4", to: "ann", id: "m1" });
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob offers ann | bob < calling replaces c2
      0s    bob rejects    | recorded declined by bob | ann < reject declined | bob < reject declined
      0s    ann offers bob | ann < calling c3 | bob < offer c3
      0s    bob offers ann | bob < calling replaces c4 c3
      0s    bob hangs up   | recorded declined by bob c3 | ann < reject declined c3 | bob < ack
    `);
  });

  test("repeats the merged calling to the second dialler, and refuses its id to others", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await bob.offers("ann");
    await bob.offers("ann", { callId: "c2" });
    await tablet.offers("ann", { callId: "c2" });
    scenario.expect(`
      0s    ann offers bob          | ann < calling | bob < offer | bob's tablet < offer
      0s    bob offers ann          | bob < calling replaces c2 | bob's tablet < hangup answered_elsewhere
      0s    bob offers ann          | bob < calling replaces c2
      0s    bob's tablet offers ann | bob's tablet < error call_id_used c2
    `);
  });

  test("rings on when the second dialler leaves, and asks a new session of that device alone", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await bob.offers("ann");
    await bob.leaves();
    await tablet.leaves();
    await tablet.joins();
    await bob.joins();
    await bob.trickles("b1");
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob      | ann < calling | bob < offer | bob's tablet < offer
      0s    bob offers ann      | bob < calling replaces c2 | bob's tablet < hangup answered_elsewhere
      0s    bob leaves
      0s    bob's tablet leaves
      0s    bob's tablet joins  | bob's tablet < joined
      0s    bob joins           | bob < joined [calling] | bob < offer
      0s    bob sends b1
      0s    bob answers         | ann < answer | ann < candidate b1
    `);
  });

  test("replays the merged call to a second dialler that lost its socket", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    bob.device.goDeaf();
    await scenario.row("bob's socket dies while it dials", () => bob.device.loseSocket());
    await bob.offers("ann");
    await bob.resumes();
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann offers bob                   | ann < calling | bob < offer
      0s    bob's socket dies while it dials
      0s    bob offers ann
      0s    bob resumes                      | bob < joined resumed [calling] | bob < calling replaces c2
      60s   …                                | recorded no_answer | ann < reject no_answer | bob < reject no_answer
    `);
  });

  test("ends for both when the first dialler cancels", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.offers("ann");
    await ann.hangsUp({ id: "m1" });
    await bob.answers({ id: "m2" });
    await bob.hangsUp({ callId: "c2", id: "m3" });
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob offers ann | bob < calling replaces c2
      0s    ann hangs up   | recorded cancelled by ann | bob < hangup cancelled | ann < ack
      0s    bob answers    | bob < error too_late cancelled
      0s    bob hangs up   | bob < ack
    `);
  });

  test("with a first offer whose caller is lost ends that one cancelled", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await ann.loses();
    await bob.offers("ann");
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    ann loses the socket
      0s    bob offers ann       | recorded cancelled by ann | bob < hangup cancelled | bob < calling c2
      0s    ann resumes          | ann < joined resumed [c2 calling] [ended cancelled] | ann < hangup cancelled | ann < offer c2
    `);
  });

  test("of a legacy second dialler ends its attempt, and offers it the call when its screen is free", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await ann.trickles("a1");
    await leo.offers("ann");
    await leo.trickles("of the attempt");
    await leo.hangsUp({ callId: "" });
    await leo.rejects({ callId: "" });
    scenario.passes(1_500);
    await leo.trickles("l1");
    await leo.answers();
    scenario.expect(`
      0s    ann offers leo           | ann < calling | leo < offer | ann < ringing
      0s    ann sends a1
      0s    leo offers ann           | leo < hangup superseded
      0s    leo sends of the attempt
      0s    leo hangs up
      0s    leo rejects
      1.5s  …                        | leo < offer
      1.5s  leo sends l1
      1.5s  leo answers              | ann < answer | ann < candidate l1 | leo < candidate a1
    `);
  });

  test("of a legacy second dialler is over when the first cancels before the offer", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.offers("ann");
    await ann.hangsUp({ id: "m1" });
    scenario.passes(5_000);
    scenario.expect(`
      0s    ann offers leo | ann < calling | leo < offer | ann < ringing
      0s    leo offers ann | leo < hangup superseded
      0s    ann hangs up   | recorded cancelled by ann | ann < ack
    `);
    void leo;
  });

  test("of a legacy first dialler merges a current second", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    await leo.trickles("l1");
    await bob.offers("leo");
    await bob.answers();
    scenario.expect(`
      0s    leo offers bob | leo < calling fresh-3 | bob < offer fresh-3
      0s    leo sends l1   | bob < candidate l1 fresh-3
      0s    bob offers leo | bob < calling replaces c3 fresh-3
      0s    bob answers    | leo < answer fresh-3
    `);
  });

  test("of two legacy devices is one call as well", async () => {
    const { scenario, actors } = await play("leo (legacy)", "mia (legacy)");
    const [leo, mia] = actors;
    await leo.offers("mia");
    await mia.offers("leo");
    scenario.passes(1_500);
    await mia.answers();
    scenario.passes(10_000);
    await leo.hangsUp();
    scenario.expect(`
      0s    leo offers mia | leo < calling fresh-3 | mia < offer fresh-3 | leo < ringing fresh-3
      0s    mia offers leo | mia < hangup superseded
      1.5s  …              | mia < offer fresh-3
      1.5s  mia answers    | leo < answer fresh-3
      11.5s leo hangs up   | recorded hangup by leo 10s fresh-3 | mia < hangup hangup fresh-3
    `);
  });

  test("does not touch a third person's ring until somebody answers", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await cleo.offers("bob");
    await bob.offers("ann");
    await bob.answers({ callId: "c1", to: "ann" });
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    cleo offers bob | cleo < calling c2 | bob < offer c2
      0s    bob offers ann  | bob < calling replaces c3
      0s    bob answers     | recorded busy c2 | ann < answer | cleo < busy c2 | bob < busy c2
    `);
  });
});
