import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

describe("a legacy device", () => {
  test("rings when its offer is written, and gets the caller's candidates once it answered", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await ann.trickles("a1");
    await leo.answers();
    await ann.trickles("a2");
    await leo.trickles("l1");
    await ann.connects();
    await leo.hangsUp();
    scenario.expect(`
      0s    ann offers leo   | ann < calling | leo < offer | ann < ringing
      0s    ann sends a1
      0s    leo answers      | ann < answer | leo < candidate a1
      0s    ann sends a2     | leo < candidate a2
      0s    leo sends l1     | ann < candidate l1
      0s    ann is connected
      0s    leo hangs up     | recorded hangup by leo 0s | ann < hangup hangup
    `);
  });

  test("has an active call at the answer when the other is legacy too", async () => {
    const { scenario, actors } = await play("leo (legacy)", "mia (legacy)");
    const [leo, mia] = actors;
    await leo.offers("mia");
    await mia.answers();
    scenario.passes(120_000);
    await leo.hangsUp();
    scenario.expect(`
      0s    leo offers mia | leo < calling fresh-3 | mia < offer fresh-3 | leo < ringing fresh-3
      0s    mia answers    | leo < answer fresh-3
      120s  leo hangs up   | recorded hangup by leo 120s fresh-3 | mia < hangup hangup fresh-3
    `);
  });

  test("that is cut off like its peer has talked as long as it did, and its call is not missed", async () => {
    const { scenario, actors } = await play("leo (legacy)", "mia (legacy)");
    const [leo, mia] = actors;
    await leo.offers("mia");
    await mia.answers();
    scenario.passes(20_000);
    await leo.loses();
    scenario.passes(10_000);
    await mia.loses();
    scenario.passes(45_000);
    scenario.expect(`
      0s    leo offers mia       | leo < calling fresh-3 | mia < offer fresh-3 | leo < ringing fresh-3
      0s    mia answers          | leo < answer fresh-3
      20s   leo loses the socket | mia < peerLost fresh-3
      30s   mia loses the socket
      75s   …                    | recorded connection_lost 30s fresh-3
    `);
  });

  test("that is heard of now and then keeps nothing of what it was sent, though it never confirms any of it", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.answers();
    await ann.trickles("a1");
    const kept = () => leo.device.session?.queue.since(0, scenario.clock.steady()).length;
    assert.ok((kept() ?? 0) >= 2);
    scenario.passes(30_000);
    await leo.trickles("l1");
    await ann.trickles("a2");
    scenario.passes(30_000);
    // The second candidate was written at the moment of its last sign of life, and may not have arrived.
    assert.equal(kept(), 1);
    assert.ok((ann.device.session?.queue.since(0, scenario.clock.steady()).length ?? 0) > 1);
  });

  test("that was away rings when its replay is written", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await leo.loses();
    await ann.offers("leo");
    await leo.joins();
    scenario.expect(`
      0s    leo loses the socket
      0s    ann offers leo       | ann < calling
      0s    leo joins            | leo < joined [calling] | leo < offer | ann < ringing
    `);
  });

  test("hangs up the call it placed, whatever id it names", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    await leo.hangsUp({ callId: "" });
    await leo.offers("bob");
    await bob.answers();
    await leo.hangsUp({ callId: "fresh-3" });
    scenario.expect(`
      0s    leo offers bob | leo < calling fresh-3 | bob < offer fresh-3
      0s    leo hangs up   | recorded cancelled by leo fresh-3 | bob < hangup cancelled fresh-3
      0s    leo offers bob | leo < calling fresh-4 | bob < offer fresh-4
      0s    bob answers    | leo < answer fresh-4
      0s    leo hangs up   | recorded hangup by leo 0s fresh-4 | bob < hangup hangup fresh-4
    `);
  });

  test("that was called hangs up by the exact id, by none, and not by an ended one", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.rejects();
    await ann.offers("leo");
    await leo.answers();
    await leo.hangsUp({ callId: "c1" });
    await leo.hangsUp({ callId: "" });
    scenario.expect(`
      0s    ann offers leo | ann < calling | leo < offer | ann < ringing
      0s    leo rejects    | recorded declined by leo | ann < reject declined
      0s    ann offers leo | ann < calling c2 | leo < offer c2 | ann < ringing c2
      0s    leo answers    | ann < answer c2
      0s    leo hangs up
      0s    leo hangs up   | recorded hangup by leo 0s c2 | ann < hangup hangup c2
    `);
  });

  test("ends the call its number was in by dialling, and does not hear of that on its new screen", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob", "cleo", "dan");
    const [leo, bob, , dan] = actors;
    await leo.offers("bob");
    await bob.answers();
    await dan.offers("leo");
    await leo.offers("cleo");
    scenario.expect(`
      0s    leo offers bob  | leo < calling fresh-5 | bob < offer fresh-5
      0s    bob answers     | leo < answer fresh-5
      0s    dan offers leo  | recorded busy c3 | dan < calling c3 | dan < busy c3
      0s    leo offers cleo | recorded superseded by leo 0s fresh-5 | bob < hangup superseded fresh-5 | leo < calling fresh-7 | cleo < offer fresh-7
    `);
  });

  test("that is rung and dials somebody else does not hear of the ring's end", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)", "leo's web", "cleo");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.offers("cleo");
    scenario.expect(`
      0s    ann offers leo  | ann < calling | leo < offer | ann < ringing | leo's web < offer
      0s    leo offers cleo | recorded busy | leo < calling fresh-6 | cleo < offer fresh-6 | ann < busy | leo's web < busy
    `);
  });

  test("that dials a caller whose socket is gone does not hear that the old ring is over", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await ann.loses();
    await leo.offers("ann");
    scenario.expect(`
      0s    ann offers leo       | ann < calling | leo < offer | ann < ringing
      0s    ann loses the socket
      0s    leo offers ann       | recorded cancelled by ann | leo < calling fresh-4
    `);
  });

  test("is told hangup when it answers too late", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)", "leo's web");
    const [ann, leo, web] = actors;
    await ann.offers("leo");
    await web.answers();
    await leo.answers();
    await ann.hangsUp({ id: "m1" });
    await leo.answers();
    await leo.answers({ callId: "", to: "ann" });
    scenario.expect(`
      0s    ann offers leo    | ann < calling | leo < offer | ann < ringing | leo's web < offer
      0s    leo's web answers | ann < answer | leo < hangup answered_elsewhere
      0s    leo answers       | leo < hangup answered_elsewhere | leo < error too_late answered_elsewhere
      0s    ann hangs up      | recorded hangup by ann 0s | leo's web < hangup hangup | ann < ack
      0s    leo answers       | leo < hangup answered_elsewhere | leo < error too_late answered_elsewhere
      0s    leo answers       | leo < hangup answered_elsewhere | leo < error unknown_call
    `);
  });

  test("that joins again has the call back that it rings with, and hears of an end that it missed", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    scenario.passes(1_000);
    await leo.loses();
    scenario.passes(1_000);
    await leo.joins();
    await bob.answers();
    await bob.trickles("b1");
    scenario.passes(1_000);
    await leo.loses();
    scenario.passes(1_000);
    await bob.hangsUp({ id: "m1" });
    await leo.joins();
    scenario.expect(`
      0s    leo offers bob       | leo < calling fresh-3 | bob < offer fresh-3
      1s    leo loses the socket
      2s    leo joins            | leo < joined [fresh-3 calling]
      2s    bob answers          | leo < answer fresh-3
      2s    bob sends b1         | leo < candidate b1 fresh-3
      3s    leo loses the socket | bob < peerLost fresh-3
      4s    bob hangs up         | recorded hangup by bob 2s fresh-3 | bob < ack
      4s    leo joins            | leo < joined [fresh-3 ended hangup] | leo < hangup hangup fresh-3
    `);
  });

  test("that joins while its old socket lives replaces it, and the old one's end touches nothing", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    await bob.answers();
    scenario.passes(5_000);
    await leo.joins();
    await scenario.row("the old socket ends", () => leo.device.loseOlderSockets());
    await bob.trickles("b1");
    scenario.passes(20_000);
    scenario.expect(`
      0s    leo offers bob      | leo < calling fresh-3 | bob < offer fresh-3
      0s    bob answers         | leo < answer fresh-3
      5s    leo joins           | leo < joined [fresh-3 connecting] | leo < answer fresh-3
      5s    the old socket ends
      5s    bob sends b1        | leo < candidate b1 fresh-3
    `);
  });

  test("learns once of an end that it missed, also after its session is over", async () => {
    const { scenario, actors } = await play("leo (legacy)", "bob");
    const [leo, bob] = actors;
    await leo.offers("bob");
    await bob.answers();
    await bob.connects();
    await leo.loses();
    scenario.passes(50_000);
    await bob.hangsUp({ id: "m1" });
    scenario.passes(10_000);
    await leo.joins();
    await leo.loses();
    scenario.passes(60_000);
    await leo.joins();
    scenario.expect(`
      0s    leo offers bob       | leo < calling fresh-3 | bob < offer fresh-3
      0s    bob answers          | leo < answer fresh-3
      0s    bob is connected
      0s    leo loses the socket | bob < peerLost fresh-3
      50s   bob hangs up         | recorded hangup by bob 50s fresh-3 | bob < ack
      60s   leo joins            | leo < joined [fresh-3 ended hangup] | leo < hangup hangup fresh-3
      60s   leo loses the socket
      120s  leo joins            | leo < joined [fresh-3 ended hangup]
    `);
  });

  test("without a token never takes over the session of a token, nor ends its call", async () => {
    const { scenario, actors } = await play("bob");
    const [bob] = actors;
    const leo = new ScenarioActor(scenario, scenario.device("leo (legacy)", { token: "t1" }));
    const other = new ScenarioActor(scenario, scenario.device("leo's twin (legacy)"));
    await leo.device.connect({ resume: false });
    scenario.transcript.restart();
    await leo.offers("bob");
    await bob.answers();
    await leo.loses();
    await other.joins();
    await bob.trickles("b1");
    scenario.expect(`
      0s    leo offers bob       | leo < calling fresh-3 | bob < offer fresh-3
      0s    bob answers          | leo < answer fresh-3
      0s    leo loses the socket | bob < peerLost fresh-3
      0s    leo's twin joins     | leo's twin < joined [fresh-3 reconnecting]
      0s    bob sends b1
    `);
  });

  test("does not take over a current device's leg", async () => {
    const { scenario, actors } = await play("leo", "bob");
    const [web, bob] = actors;
    const leo = new ScenarioActor(scenario, scenario.device("leo's phone (legacy)"));
    await web.offers("bob");
    await bob.answers();
    await web.loses();
    await leo.joins();
    await bob.trickles("b1");
    scenario.expect(`
      0s    leo offers bob       | leo < calling | bob < offer
      0s    bob answers          | leo < answer
      0s    leo loses the socket | bob < peerLost 45s
      0s    leo's phone joins    | leo's phone < joined [reconnecting]
      0s    bob sends b1
    `);
  });
});
