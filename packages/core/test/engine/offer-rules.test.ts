import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play } from "@echoo/testkit";

describe("an offer, by the first rule that matches", () => {
  test("repeats calling for one's own unanswered call under the same id", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    await ann.offers("bob", { id: "m1" });
    scenario.passes(5_000);
    await ann.offers("bob", { callId: ann.call, id: "m2" });
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer | ann < ack
      5s    ann offers bob | ann < calling | ann < ack
    `);
    assert.equal(ann.device.received.filter((message) => message.type === "calling").at(-1)?.expiresInMs, 55_000);
  });

  test("renegotiates an answered call of this device and refuses its id to the user's other devices", async () => {
    const { scenario, actors } = await play("ann", "ann's tablet", "bob");
    const [ann, tablet, bob] = actors;
    await ann.offers("bob", { neg: 1 });
    await bob.answers({ neg: 1 });
    await ann.renegotiates(2, { to: "bob" });
    await tablet.offers("bob", { callId: ann.call });
    scenario.expect(`
      0s    ann offers bob          | ann < calling | bob < offer
      0s    bob answers             | ann < answer
      0s    ann renegotiates        | bob < offer again 2
      0s    ann's tablet offers bob | ann's tablet < error call_id_used
    `);
  });

  test("refuses an id that was used before, remembered or stored or somebody else's", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await cleo.offers("bob", { callId: ann.call, id: "m1" });
    await bob.rejects();
    await ann.offers("bob", { callId: ann.call });
    await ann.offers("bob", { callId: "stored-long-ago" });
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    cleo offers bob | cleo < error call_id_used
      0s    bob rejects     | recorded declined by bob | ann < reject declined | bob < reject declined
      0s    ann offers bob  | ann < error call_id_used
      0s    ann offers bob  | ann < error call_id_used stored-long-ago
    `);
  });

  test("refuses a call to oneself", async () => {
    const { scenario, actors } = await play("ann", "ann's tablet");
    const [ann] = actors;
    await ann.offers("ann", { id: "m1" });
    scenario.expect(`
      0s    ann offers ann | ann < error self_call
    `);
  });

  test("ends the caller's other call when it says supersede, answered or not", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo", "dan");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await ann.offers("cleo", { supersede: true });
    await cleo.answers();
    scenario.passes(7_000);
    await ann.offers("dan", { supersede: true });
    await bob.answers({ callId: "c1" });
    scenario.expect(`
      0s    ann offers bob          | ann < calling | bob < offer
      0s    ann offers cleo instead | recorded superseded by ann | ann < hangup superseded | bob < hangup superseded | ann < calling c2 | cleo < offer c2
      0s    cleo answers            | ann < answer c2
      7s    ann offers dan instead  | recorded superseded by ann 7s c2 | ann < hangup superseded c2 | cleo < hangup superseded c2 | ann < calling c3 | dan < offer c3
      7s    bob answers             | bob < error too_late superseded
    `);
  });

  test("ends the caller's other call when its own leg there is lost", async () => {
    const { scenario, actors } = await play("ann", "ann's tablet", "bob", "cleo");
    const [ann, tablet, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.loses();
    await tablet.offers("cleo");
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob           | ann < calling | bob < offer
      0s    bob answers              | ann < answer
      0s    ann loses the socket     | bob < peerLost 45s
      0s    ann's tablet offers cleo | recorded superseded by ann 0s | bob < hangup superseded | ann's tablet < calling c2 | cleo < offer c2
      0s    ann resumes              | ann < joined resumed [c2 calling] [ended superseded] | ann < hangup superseded
    `);
  });

  test("is refused while the caller has a live call, placed or answered, and names it", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await ann.offers("cleo");
    await bob.answers();
    await bob.offers("cleo", { id: "m1" });
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    ann offers cleo | ann < error already_in_call
      0s    bob answers     | ann < answer
      0s    bob offers cleo | bob < error already_in_call
    `);
    const refusal = bob.device.received.find((message) => message.type === "error");
    assert.ok(refusal?.type === "error" && refusal.callId === scenario.id("c1") && refusal.id === "m1");
    void cleo;
  });

  test("of somebody blocked looks like one to a person who is offline", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    scenario.people.describe("bob", { blocked: new Map([["ann", 0]]) });
    await ann.offers("bob", { id: "m1" });
    await ann.offers("cleo", { id: "m2" });
    scenario.expect(`
      0s    ann offers bob  | recorded unreachable | ann < calling | ann < reject unreachable | ann < ack
      0s    ann offers cleo | recorded unreachable c2 | ann < calling c2 | ann < reject unreachable c2 | ann < ack
    `);
    assert.deepEqual(
      scenario.journal.records.map(({ callee, callerOnly = false }) => ({ callee, callerOnly })),
      [
        { callee: "bob", callerOnly: true },
        { callee: "cleo", callerOnly: false },
      ],
    );
  });

  test("to somebody who does not disturb is recorded so, and told as unreachable", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    scenario.people.describe("bob", { doNotDisturb: true });
    await ann.offers("bob");
    await ann.joins();
    scenario.expect(`
      0s    ann offers bob | recorded do_not_disturb | ann < calling | ann < reject unreachable
      0s    ann joins      | ann < joined [ended unreachable]
    `);
  });

  test("is busy where the callee placed or answered a call, and not where it is only rung", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo", "dan");
    const [ann, bob, cleo, dan] = actors;
    await ann.offers("bob");
    await cleo.offers("ann");
    await dan.offers("bob");
    await bob.answers({ callId: "c1" });
    await cleo.offers("bob");
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    cleo offers ann | recorded busy c2 | cleo < calling c2 | cleo < busy c2
      0s    dan offers bob  | dan < calling c3 | bob < offer c3
      0s    bob answers     | recorded busy c3 | ann < answer | dan < busy c3 | bob < busy c3
      0s    cleo offers bob | recorded busy c4 | cleo < calling c4 | cleo < busy c4
    `);
  });

  test("is unreachable where the callee has no session, and rings one that may still come back", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("nobody");
    await bob.loses();
    scenario.passes(30_000);
    await ann.offers("bob");
    await bob.resumes();
    scenario.expect(`
      0s    ann offers nobody    | recorded unreachable | ann < calling | ann < reject unreachable
      0s    bob loses the socket
      30s   ann offers bob       | ann < calling c2
      30s   bob resumes          | bob < joined resumed [c2 calling] | bob < offer c2
    `);
  });

  test("that the database kept waiting is decided by what is true afterwards", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    scenario.people.hold();
    const offered = ann.offers("bob");
    bob.device.loseSocket();
    scenario.passes(46_000);
    scenario.people.release();
    await offered;
    scenario.expect(`
      0s    ann offers bob
      46s   …              | recorded unreachable | ann < calling | ann < reject unreachable
    `);
  });

  test("is dropped where its sender left while the database was asked", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    scenario.people.hold();
    const offered = ann.offers("bob");
    ann.device.loseSocket();
    scenario.passes(46_000);
    scenario.people.release();
    await offered;
    assert.equal(scenario.node.engine.activeCalls, 0);
    scenario.expect(`
      0s    ann offers bob
    `);
  });
});
