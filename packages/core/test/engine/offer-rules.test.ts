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

  test("refuses an id that was used before, remembered or somebody else's", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    await ann.offers("bob");
    await cleo.offers("bob", { callId: ann.call, id: "m1" });
    await bob.rejects();
    await ann.offers("bob", { callId: ann.call });
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    cleo offers bob | cleo < error call_id_used
      0s    bob rejects     | recorded declined by bob | ann < reject declined | bob < reject declined
      0s    ann offers bob  | ann < error call_id_used
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
    scenario.userFacts.describe("bob", { blocked: new Map([["ann", 0]]) });
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
    scenario.userFacts.describe("bob", { doNotDisturb: true });
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
      0s    cleo offers ann | recorded busy c2 | cleo < calling c2 | cleo < busy c2 | ann < missed c2
      0s    dan offers bob  | dan < calling c3 | bob < offer c3
      0s    bob answers     | recorded busy c3 | ann < answer | dan < busy c3 | bob < busy c3
      0s    cleo offers bob | recorded busy c4 | cleo < calling c4 | cleo < busy c4 | bob < missed c4
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

  test("waits for no database: who is here is rung though it hangs, by what was known of them when they joined", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, bob, cleo] = actors;
    scenario.userFacts.describe("cleo", { blocked: new Map([["ann", 1]]) });
    for (const actor of [bob, cleo]) await actor.joins();
    scenario.transcript.restart();
    scenario.userFacts.databaseHangs();
    await ann.offers("bob");
    await bob.answers();
    await ann.hangsUp();
    await ann.offers("cleo");
    scenario.expect(`
      0s    ann offers bob  | ann < calling | bob < offer
      0s    bob answers     | ann < answer
      0s    ann hangs up    | recorded hangup by ann 0s | ann < hangup hangup | bob < hangup hangup
      0s    ann offers cleo | recorded unreachable c2 | ann < calling c2 | ann < reject unreachable c2
    `);
    assert.equal(scenario.journal.records.at(-1)?.callerOnly, true);
  });

  test("to somebody away of whom nothing is known ends at once, and its record says that this is to be found out", async () => {
    const { scenario, actors } = await play("ann");
    const [ann] = actors;
    scenario.userFacts.databaseHangs();
    await ann.offers("dan");
    scenario.expect(`
      0s    ann offers dan | recorded unreachable | ann < calling | ann < reject unreachable
    `);
    const [record] = scenario.journal.records;
    assert.deepEqual([record?.calleeUnknown, record?.callerOnly], [true, undefined]);
    scenario.userFacts.databaseAnswers();
    await ann.offers("dan");
    assert.equal(scenario.journal.records.at(-1)?.calleeUnknown, undefined);
  });

  test("is not kept waiting by what its device asked about others", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    scenario.userFacts.databaseHangs();
    await ann.device.send({ type: "watch", users: ["dan"] });
    await ann.device.send({ type: "unwatch", users: ["dan"] });
    await ann.device.send({ type: "checkUser", userId: "eve" });
    await ann.offers("bob");
    await scenario.row("the database answers", async () => {
      scenario.userFacts.databaseAnswers();
      await new Promise(setImmediate);
    });
    await scenario.row("dan joins", () => scenario.device("dan").connect({ resume: false }));
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    the database answers | ann < presence dan offline | ann < userStatus
      0s    dan joins            | dan < joined
      0s    bob answers          | ann < answer
    `);
  });

  test("waits for what its device asked, once that is more than eight questions", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    scenario.userFacts.databaseHangs();
    const { session } = ann.device;
    assert.ok(session);
    const asks = Array.from({ length: 9 }, (_, at) => {
      return scenario.node.engine.receive(session, { type: "checkUser", userId: `somebody${at}` });
    });
    assert.deepEqual(
      asks.map((asked) => asked instanceof Promise),
      [...Array.from({ length: 8 }, () => false), true],
    );
    scenario.userFacts.databaseAnswers();
    await asks[8];
    assert.equal(scenario.node.engine.receive(session, { type: "watch", users: ["dan"] }), undefined);
  });

  test("of a user who joins finds their wishes known: without a database nobody joins of whom nothing is", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    scenario.userFacts.databaseHangs();
    scenario.userFacts.databaseAnswers({ isAway: true });
    const dan = scenario.device("dan");
    await dan.connect({ resume: false });
    assert.equal(dan.session, undefined);
    await bob.resumes();
    await ann.offers("bob");
    assert.equal(bob.device.received.at(-1)?.type, "offer");
  });
});
