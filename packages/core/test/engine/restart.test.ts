import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, Scenario, ScenarioActor } from "@echoo/testkit";
import { CrashingJournal } from "../model/crashing-journal.ts";

async function restart(scenario: Scenario, afterMs = 0): Promise<void> {
  await scenario.row("the node restarts", () => scenario.restart(afterMs));
}

describe("after a restart", () => {
  test("a ring goes on: the caller's leg rebinds, the callee is asked afresh, the deadline stays", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await ann.trickles("a1");
    await bob.rings();
    await restart(scenario, 3_000);
    scenario.passes(20_000);
    await ann.resumes();
    await bob.resumes();
    scenario.passes(37_000);
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    ann sends a1      | bob < candidate a1
      0s    bob rings         | ann < ringing
      0s    the node restarts
      23s   ann resumes       | ann < joined rebound [ringing bound]
      23s   bob resumes       | bob < joined [ringing] | bob < offer | bob < candidate a1
      60s   …                 | recorded no_answer | ann < reject no_answer | bob < reject no_answer
    `);
  });

  test("a caller has its whole resume time, and ten seconds again after it came back", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo", "dan");
    const [ann, , cleo] = actors;
    await ann.offers("bob");
    await cleo.offers("dan");
    await restart(scenario);
    scenario.passes(30_000);
    await cleo.resumes();
    await cleo.loses();
    scenario.passes(15_000);
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer
      0s    cleo offers dan       | cleo < calling c2 | dan < offer c2
      0s    the node restarts
      30s   cleo resumes          | cleo < joined rebound [c2 calling bound]
      30s   cleo loses the socket
      40s   …                     | recorded cancelled by cleo c2
      45s   …                     | recorded cancelled by ann
    `);
  });

  test("an answered call goes on when both sides come back, with all that a lost queue held", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob", { neg: 1 });
    await ann.trickles("a1");
    await bob.answers({ neg: 1 });
    await bob.trickles("b1");
    await ann.trickles("a2");
    await restart(scenario, 40_000);
    await bob.resumes();
    scenario.passes(10_000);
    await ann.resumes();
    await ann.connects();
    await ann.renegotiates(2, { to: "bob" });
    await bob.answers({ neg: 2 });
    scenario.passes(5_000);
    await ann.hangsUp({ id: "m1" });
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    ann sends a1      | bob < candidate a1
      0s    bob answers       | ann < answer
      0s    bob sends b1      | ann < candidate b1
      0s    ann sends a2      | bob < candidate a2
      0s    the node restarts
      40s   bob resumes       | bob < joined rebound [reconnecting bound offer a1 a2]
      50s   ann resumes       | bob < peerBack | ann < joined rebound [connecting bound answer b1]
      50s   ann is connected
      50s   ann renegotiates  | bob < offer again 2
      50s   bob answers       | ann < answer
      55s   ann hangs up      | recorded hangup by ann 55s | bob < hangup hangup | ann < ack
    `);
  });

  test("an answered call ends server_restart where a side does not come back", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.connects();
    scenario.passes(61_000);
    await restart(scenario, 5_000);
    await bob.resumes();
    scenario.passes(45_000);
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    bob answers       | ann < answer
      0s    ann is connected
      61s   the node restarts
      66s   bob resumes       | bob < joined rebound [reconnecting bound offer]
      111s  …                 | recorded server_restart 60s | bob < hangup server_restart
      111s  ann resumes       | ann < joined [ended server_restart]
    `);
  });

  test("a later loss of a call that rang through it ends connection_lost", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await restart(scenario);
    await ann.resumes();
    await bob.resumes();
    await bob.answers();
    await ann.connects();
    scenario.passes(120_000);
    await ann.loses();
    scenario.passes(45_000);
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    the node restarts
      0s    ann resumes          | ann < joined rebound [calling bound]
      0s    bob resumes          | bob < joined [calling] | bob < offer
      0s    bob answers          | ann < answer
      0s    ann is connected
      120s  ann loses the socket | bob < peerLost 45s
      165s  …                    | recorded connection_lost 120s | bob < hangup connection_lost
    `);
  });

  test("a ring whose deadline passed meanwhile is over at that time", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.rings();
    await restart(scenario, 90_000);
    await ann.resumes();
    await bob.resumes();
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    bob rings         | ann < ringing
      0s    the node restarts | recorded no_answer
      90s   ann resumes       | ann < joined [ended no_answer]
      90s   bob resumes       | bob < joined
    `);
    const [record] = scenario.journal.records;
    assert.equal((record?.endedAtMs ?? 0) - (record?.createdAtMs ?? 0), 60_000);
  });

  test("a merged call still waits for the device that dialled second, named or not", async () => {
    const { scenario, actors } = await play("ann", "bob's tablet");
    const [ann, tablet] = actors;
    const bob = new ScenarioActor(scenario, scenario.device("bob", { anonymous: true }));
    await bob.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("bob");
    await bob.offers("ann");
    await restart(scenario);
    await tablet.resumes();
    await bob.resumes();
    await ann.resumes();
    await bob.offers("ann", { callId: "c2" });
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob's tablet < offer | bob < offer
      0s    bob offers ann       | bob < calling replaces c2 | bob's tablet < hangup answered_elsewhere
      0s    the node restarts
      0s    bob's tablet resumes | bob's tablet < joined
      0s    bob resumes          | bob < joined [calling] | bob < offer
      0s    ann resumes          | ann < joined rebound [calling bound]
      0s    bob offers ann       | bob < calling replaces c2
      0s    bob answers          | ann < answer
    `);
  });

  test("a device that joins naming no session hangs its call up", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await restart(scenario);
    await bob.resumes();
    await ann.joins();
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    bob answers       | ann < answer
      0s    the node restarts
      0s    bob resumes       | bob < joined rebound [reconnecting bound offer]
      0s    ann joins         | recorded hangup by ann 0s | bob < hangup hangup | ann < joined [ended hangup]
    `);
  });

  test("revoking a token ends the call that waits for its device", async () => {
    const { scenario, actors } = await play("bob");
    const [bob] = actors;
    const ann = new ScenarioActor(scenario, scenario.device("ann", { token: "t1" }));
    await ann.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("bob");
    await bob.answers();
    await restart(scenario);
    await bob.resumes();
    await scenario.row("ann's token is revoked", () => scenario.node.engine.tokenRevoked("t1"));
    scenario.expect(`
      0s    ann offers bob         | ann < calling | bob < offer
      0s    bob answers            | ann < answer
      0s    the node restarts
      0s    bob resumes            | bob < joined rebound [reconnecting bound offer]
      0s    ann's token is revoked | recorded admin_ended 0s | bob < hangup admin_ended
    `);
  });

  test("an ended call stays ended, and its id used", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.rejects({ id: "m1" });
    await restart(scenario);
    await bob.joins();
    await bob.answers({ callId: "c1", to: "ann", id: "m2" });
    await ann.joins();
    await ann.offers("bob", { callId: "c1" });
    scenario.expect(`
      0s    ann offers bob    | ann < calling | bob < offer
      0s    bob rejects       | recorded declined by bob | ann < reject declined | bob < ack
      0s    the node restarts
      0s    bob joins         | bob < joined [ended declined]
      0s    bob answers       | bob < error too_late declined
      0s    ann joins         | ann < joined [ended declined]
      0s    ann offers bob    | ann < error call_id_used
    `);
  });

  test("what was not committed never happened", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await scenario.row("the node dies before it has written bob's answer", async () => {
      const { session } = bob.device;
      assert.ok(session);
      scenario.node.engine.receive(session, { type: "answer", callId: bob.call, sdp: "lost" });
      scenario.restart();
    });
    await ann.resumes();
    await bob.resumes();
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob                                   | ann < calling | bob < offer
      0s    the node dies before it has written bob's answer
      0s    ann resumes                                      | ann < joined rebound [calling bound]
      0s    bob resumes                                      | bob < joined [calling] | bob < offer
      0s    bob answers                                      | ann < answer
    `);
  });

  test("a legacy caller that was away when its call was answered has left it", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    await restart(scenario);
    await bob.resumes();
    await bob.answers();
    await bob.trickles("b1");
    scenario.passes(10_000);
    await leo.joins();
    scenario.expect(`
      0s    leo offers bob    | leo < calling fresh-3 | bob < offer fresh-3
      0s    the node restarts
      0s    bob resumes       | bob < joined [fresh-3 calling] | bob < offer fresh-3
      0s    bob answers       | bob < peerLost 45s fresh-3
      0s    bob sends b1
      10s   leo joins         | recorded hangup by leo 10s fresh-3 | bob < hangup hangup fresh-3 | leo < joined [fresh-3 ended hangup]
    `);
  });

  test("a legacy caller whose return was noted, and nothing else, has left its call once", async () => {
    const journal = new CrashingJournal();
    const scenario = new Scenario({ journal });
    const [leo, bob] = ["leo (legacy)", "bob"].map((label) => new ScenarioActor(scenario, scenario.device(label)));
    assert.ok(leo && bob);
    await leo.joins();
    await bob.joins();
    scenario.transcript.restart();
    // The node dies when it has noted what happened, before it has told anybody.
    const diesAtNextCommit = () => journal.crashAtNextCommit("after", () => scenario.node.die());
    await leo.offers("bob");
    diesAtNextCommit();
    await bob.answers();
    await restart(scenario, 1_000);
    diesAtNextCommit();
    await leo.joins();
    await restart(scenario);
    await leo.joins();
    scenario.expect(`
      0s    leo offers bob    | leo < calling fresh-3 | bob < offer fresh-3
      0s    bob answers
      0s    the node restarts
      1s    leo joins
      1s    the node restarts
      1s    leo joins         | leo < joined [fresh-3 ended hangup]
    `);
  });
});
