import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

describe("a call that nobody has answered", () => {
  test("tells the caller once that it rings, whoever says so first", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await tablet.rings({ id: "m1" });
    await tablet.rings({ id: "m2" });
    await bob.rings();
    scenario.expect(`
      0s    ann offers bob     | ann < calling | bob < offer | bob's tablet < offer
      0s    bob's tablet rings | ann < ringing | bob's tablet < ack
      0s    bob's tablet rings | bob's tablet < ack
      0s    bob rings
    `);
  });

  test("rings a device that comes online before the deadline, with the time and candidates left", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    const tablet = new ScenarioActor(scenario, scenario.device("bob's tablet"));
    const late = new ScenarioActor(scenario, scenario.device("bob's car"));
    await ann.offers("bob");
    await ann.trickles("a1");
    scenario.passes(59_000);
    await tablet.joins();
    scenario.passes(1_000);
    await late.joins();
    scenario.expect(`
      0s    ann offers bob     | ann < calling | bob < offer
      0s    ann sends a1       | bob < candidate a1
      59s   bob's tablet joins | bob's tablet < joined [calling] | bob's tablet < offer | bob's tablet < candidate a1
      60s   …                  | recorded unreachable | ann < reject unreachable | bob < reject unreachable | bob's tablet < reject unreachable
      60s   bob's car joins    | bob's car < joined
    `);
    const offer = tablet.device.received.find((message) => message.type === "offer");
    assert.equal(offer?.type === "offer" && offer.expiresInMs, 1_000);
  });

  test("goes to the device that answers, whose candidates were held until then", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await ann.trickles("a1");
    await bob.trickles("b1");
    await tablet.trickles("t1");
    await ann.trickles(null);
    scenario.passes(45_000);
    await bob.answers();
    await tablet.trickles("t2");
    await bob.trickles("b2");
    await ann.trickles("a2");
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer | bob's tablet < offer
      0s    ann sends a1          | bob < candidate a1 | bob's tablet < candidate a1
      0s    bob sends b1
      0s    bob's tablet sends t1
      0s    ann sends the end     | bob < candidate end | bob's tablet < candidate end
      45s   bob answers           | ann < answer | ann < candidate b1 | bob's tablet < hangup answered_elsewhere
      45s   bob's tablet sends t2
      45s   bob sends b2          | ann < candidate b2
      45s   ann sends a2          | bob < candidate a2
    `);
  });

  test("has one winner when two devices answer at once", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await tablet.answers({ id: "m1" });
    await bob.answers({ id: "m2" });
    await bob.rejects({ id: "m3" });
    await bob.hangsUp();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer | bob's tablet < offer
      0s    bob's tablet answers | ann < answer | bob < hangup answered_elsewhere | bob's tablet < ack
      0s    bob answers          | bob < error too_late answered_elsewhere
      0s    bob rejects          | bob < error too_late answered_elsewhere
      0s    bob hangs up         | bob < error too_late answered_elsewhere
    `);
  });

  test("ends declined for everybody when one device declines", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await bob.rejects({ id: "m1" });
    await tablet.rejects({ id: "m2" });
    await tablet.answers({ id: "m3" });
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer | bob's tablet < offer
      0s    bob rejects          | recorded declined by bob | ann < reject declined | bob's tablet < hangup declined_elsewhere | bob < ack
      0s    bob's tablet rejects | bob's tablet < ack
      0s    bob's tablet answers | bob's tablet < error too_late declined_elsewhere
    `);
  });

  test("ends declined when an offered device hangs up, which is told as well if it asked for no ack", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.hangsUp();
    await bob.hangsUp();
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob hangs up   | recorded declined by bob | ann < reject declined | bob < reject declined
      0s    bob hangs up
    `);
  });

  test("goes on for the others when one device is busy, and ends busy with the last", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet", "bob's car");
    const [ann, bob, tablet, car] = actors;
    await ann.offers("bob");
    await car.loses();
    await bob.rejects({ reason: "busy", id: "m1" });
    await bob.rings();
    await tablet.rejects({ reason: "busy" });
    await car.resumes();
    scenario.expect(`
      0s    ann offers bob             | ann < calling | bob < offer | bob's tablet < offer | bob's car < offer
      0s    bob's car loses the socket
      0s    bob is busy                | bob < ack
      0s    bob rings                  | bob < error too_late busy
      0s    bob's tablet is busy       | recorded busy by bob | ann < busy | bob's tablet < busy
      0s    bob's car resumes          | bob's car < joined resumed [ended busy] | bob's car < busy
    `);
  });

  test("is cancelled by the offering device alone", async () => {
    const { scenario, actors } = await play("ann", "ann's tablet", "bob", "cleo");
    const [ann, tablet, bob, cleo] = actors;
    await ann.offers("bob");
    await tablet.hangsUp({ callId: "c1", id: "m1" });
    await cleo.hangsUp({ callId: "c1", id: "m2" });
    await ann.hangsUp({ id: "m3" });
    await bob.answers({ id: "m4" });
    await ann.hangsUp({ id: "m5" });
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer
      0s    ann's tablet hangs up | ann's tablet < error not_bound
      0s    cleo hangs up         | cleo < error unknown_call
      0s    ann hangs up          | recorded cancelled by ann | bob < hangup cancelled | ann < ack
      0s    bob answers           | bob < error too_late cancelled
      0s    ann hangs up          | ann < ack
    `);
  });

  test("is hung up when the answer came first", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.hangsUp();
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob answers    | ann < answer
      0s    ann hangs up   | recorded hangup by ann 0s | ann < hangup hangup | bob < hangup hangup
    `);
  });

  test("is cancelled ten seconds after its caller was lost", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    await ann.offers("bob");
    await ann.loses();
    scenario.passes(9_000);
    await ann.resumes();
    await ann.loses();
    scenario.passes(10_000);
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    ann loses the socket
      9s    ann resumes          | ann < joined resumed [calling bound]
      9s    ann loses the socket
      19s   …                    | recorded cancelled by ann | bob < hangup cancelled
      19s   ann resumes          | ann < joined resumed [ended cancelled] | ann < hangup cancelled
    `);
  });

  test("answered while its caller is lost waits for the caller", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await ann.loses();
    scenario.passes(4_000);
    await bob.answers();
    await bob.trickles("b1");
    scenario.passes(20_000);
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    ann loses the socket
      4s    bob answers          | bob < peerLost 41s
      4s    bob sends b1
      24s   ann resumes          | ann < joined resumed [connecting bound answer b1] | ann < answer | ann < candidate b1 | bob < peerBack
    `);
  });

  test("ends unreachable at the deadline where no device acknowledged, and no_answer where one did", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo", "dan");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await cleo.offers("dan");
    await bob.rings();
    scenario.passes(60_000);
    await bob.answers({ id: "m1" });
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    cleo offers dan | cleo < calling c2 | dan < offer c2
      0s    bob rings       | ann < ringing
      60s   …               | recorded no_answer | ann < reject no_answer | bob < reject no_answer | recorded unreachable c2 | cleo < reject unreachable c2 | dan < reject unreachable c2
      60s   bob answers     | bob < error too_late no_answer
    `);
  });

  test("is answered in time or too late by the clock, not by the timer", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    scenario.passes(59_999);
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      59.999s bob answers    | ann < answer
    `);
  });

  test("ends as the caller's hangup when it leaves, or joins naming no session after its socket was lost", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await ann.leaves();
    await cleo.offers("bob");
    await cleo.loses();
    await cleo.joins();
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer
      0s    ann leaves            | recorded cancelled by ann | ann < hangup cancelled | bob < hangup cancelled
      0s    cleo offers bob       | cleo < calling c2 | bob < offer c2
      0s    cleo loses the socket
      0s    cleo joins            | recorded cancelled by cleo c2 | bob < hangup cancelled c2 | cleo < joined [c2 ended cancelled]
    `);
    void bob;
  });

  test("no longer asks a device that left or was lost; a new session of it is asked again", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await bob.leaves();
    await bob.joins();
    await tablet.loses();
    await tablet.joins();
    await bob.loses();
    await bob.resumes();
    await tablet.answers();
    scenario.expect(`
      0s    ann offers bob                | ann < calling | bob < offer | bob's tablet < offer
      0s    bob leaves
      0s    bob joins                     | bob < joined [calling] | bob < offer
      0s    bob's tablet loses the socket
      0s    bob's tablet joins            | bob's tablet < joined [calling] | bob's tablet < offer
      0s    bob loses the socket
      0s    bob resumes                   | bob < joined resumed [calling]
      0s    bob's tablet answers          | ann < answer | bob < hangup answered_elsewhere
    `);
  });

  test("does not ask a device again that was busy", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.rejects({ reason: "busy" });
    await bob.loses();
    await bob.joins();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer | bob's tablet < offer
      0s    bob is busy          | bob < busy
      0s    bob loses the socket
      0s    bob joins            | bob < joined
    `);
  });

  test("ends busy at everybody else's when its callee answers or places another", async () => {
    const { scenario, actors } = await play("ann", "cleo", "dan", "bob", "bob's tablet");
    const [ann, cleo, dan, bob] = actors;
    await ann.offers("bob");
    await cleo.offers("bob");
    await bob.answers({ callId: "c1", to: "ann" });
    await bob.hangsUp({ callId: "c1", to: "ann", id: "m1" });
    await cleo.offers("bob");
    await bob.offers("dan");
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer | bob's tablet < offer
      0s    cleo offers bob | cleo < calling c2 | bob < offer c2 | bob's tablet < offer c2
      0s    bob answers     | recorded busy c2 | ann < answer | bob's tablet < hangup answered_elsewhere | cleo < busy c2 | bob < busy c2 | bob's tablet < busy c2
      0s    bob hangs up    | recorded hangup by bob 0s | ann < hangup hangup | bob < ack
      0s    cleo offers bob | cleo < calling c3 | bob < offer c3 | bob's tablet < offer c3
      0s    bob offers dan  | recorded busy c3 | bob < calling c4 | dan < offer c4 | cleo < busy c3 | bob < busy c3 | bob's tablet < busy c3
    `);
    void dan;
  });

  test("ignores what strangers say of it", async () => {
    const { scenario, actors } = await play("ann", "bob", "eve");
    const [ann, , eve] = actors;
    await ann.offers("bob");
    await eve.rings({ callId: "c1" });
    await eve.answers({ callId: "c1", id: "m1" });
    await eve.trickles("e1", { callId: "c1" });
    await eve.rejects({ callId: "c1" });
    await eve.hangsUp({ callId: "c1" });
    await eve.connects({ callId: "c1" });
    scenario.expect(`
      0s    ann offers bob   | ann < calling | bob < offer
      0s    eve rings        | eve < error unknown_call
      0s    eve answers      | eve < error unknown_call
      0s    eve sends e1     | eve < error unknown_call
      0s    eve rejects      | eve < error unknown_call
      0s    eve hangs up     | eve < error unknown_call
      0s    eve is connected | eve < error unknown_call
    `);
  });

  test("ends admin_ended when the caller's token is revoked or an account erased", async () => {
    const { scenario, actors } = await play("bob");
    const ann = new ScenarioActor(scenario, scenario.device("ann", { token: "t1" }));
    const cleo = new ScenarioActor(scenario, scenario.device("cleo"));
    await ann.device.connect({ resume: false });
    await cleo.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("bob");
    await scenario.row("ann's token is revoked", () => scenario.node.engine.tokenRevoked("t1"));
    await cleo.offers("bob");
    await scenario.row("bob is erased", () => scenario.node.engine.userErased("bob", "deleted:1"));
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann offers bob         | ann < calling | bob < offer
      0s    ann's token is revoked | recorded admin_ended | ann < hangup admin_ended | bob < hangup admin_ended | ann < closed 4401
      0s    cleo offers bob        | cleo < calling c2 | bob < offer c2
      0s    bob is erased          | bob < closed 4401 | recorded admin_ended c2 | cleo < hangup admin_ended c2
    `);
    void actors;
  });
});
