import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

describe("a session", () => {
  test("that resumes in time gets everything after what it had, times recomputed", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await bob.loses();
    await ann.offers("bob");
    await ann.trickles("a1");
    scenario.passes(20_000);
    await bob.resumes();
    await bob.answers();
    scenario.expect(`
      0s    bob loses the socket
      0s    ann offers bob       | ann < calling
      0s    ann sends a1
      20s   bob resumes          | bob < joined resumed [calling] | bob < offer | bob < candidate a1
      20s   bob answers          | ann < answer
    `);
    const offer = bob.device.received.find((message) => message.type === "offer");
    assert.equal(offer?.type === "offer" && offer.expiresInMs, 40_000);
  });

  test("whose socket is dead before the server knows misses nothing either", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await scenario.row("ann's socket dies unnoticed", () => ann.device.goDeaf());
    await bob.trickles("b1");
    await ann.trickles("a1");
    await ann.resumes();
    await bob.trickles("b2");
    scenario.expect(`
      0s    ann offers bob              | ann < calling | bob < offer
      0s    bob answers                 | ann < answer
      0s    ann's socket dies unnoticed
      0s    bob sends b1
      0s    ann sends a1
      0s    ann resumes                 | ann < joined resumed [connecting bound answer b1] | ann < candidate b1 | bob < candidate a1
      0s    bob sends b2                | ann < candidate b2
    `);
  });

  test("that is taken over while its socket still lives is no loss to the peer", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.resumes();
    await ann.trickles("a1");
    scenario.passes(20_000);
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob answers    | ann < answer
      0s    ann resumes    | ann < closed 4409 | ann < joined resumed [connecting bound answer]
      0s    ann sends a1   | bob < candidate a1
    `);
  });

  test("that named itself too late is a new one, and its calls are over", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.loses();
    scenario.passes(45_000);
    await ann.resumes();
    await ann.hangsUp({ callId: "c1", id: "m1" });
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    bob answers          | ann < answer
      0s    ann loses the socket | bob < peerLost 45s
      45s   …                    | recorded connection_lost 0s | bob < hangup connection_lost
      45s   ann resumes          | ann < joined [ended connection_lost]
      45s   ann hangs up         | ann < ack
    `);
  });

  test("whose queue overflowed keeps its leg, and is told what it needs to go on", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await bob.trickles("b1");
    await ann.loses();
    await scenario.row("bob chats 257 times", async () => {
      for (let i = 0; i < 257; i += 1) {
        await bob.device.send({ type: "chat", to: "ann", callId: bob.call, message: "hello" });
      }
    });
    await ann.resumes();
    await bob.trickles("b2");
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    bob answers          | ann < answer
      0s    bob sends b1         | ann < candidate b1
      0s    ann loses the socket | bob < peerLost 45s
      0s    bob chats 257 times
      0s    ann resumes          | bob < peerBack | ann < joined rebound [connecting bound answer b1]
      0s    bob sends b2         | ann < candidate b2
    `);
  });

  test("whose queue holds 256 messages resumes, and with one more does not", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    const chats = async (count: number) => {
      for (let i = 0; i < count; i += 1) {
        await bob.device.send({ type: "chat", to: "ann", callId: bob.call, message: "hello" });
      }
    };
    await ann.device.send({ type: "ping", seq: 2 });
    ann.device.loseSocket();
    await chats(256);
    await ann.device.connect({ resume: true });
    assert.deepEqual(resumed(ann), [true, true]);
    await ann.device.send({ type: "ping", seq: 258 });
    ann.device.loseSocket();
    await chats(257);
    await ann.device.connect({ resume: true });
    assert.deepEqual(resumed(ann), [false, false]);
    void scenario;
  });

  test("of a client that names no device is still that device when its queue overflowed", async () => {
    const { scenario, actors } = await play("ann", "bob's tablet");
    const [ann, tablet] = actors;
    const bob = new ScenarioActor(scenario, scenario.device("bob", { anonymous: true }));
    await bob.device.connect({ resume: false });
    await ann.offers("bob");
    await bob.offers("ann");
    scenario.transcript.restart();
    await bob.loses();
    await scenario.row("ann sends 257 candidates", async () => {
      for (let i = 0; i < 257; i += 1) {
        await ann.device.send({ type: "candidate", callId: ann.call, candidate: { candidate: `a${i}` } });
      }
    });
    bob.device.received.length = 0;
    await bob.device.connect({ resume: true });
    assert.deepEqual(
      bob.device.received.slice(0, 2).map(({ type }) => type),
      ["joined", "offer"],
    );
    void tablet;
  });

  test("of another device, or of a token without one, is not taken over", async () => {
    const { scenario, actors } = await play("bob");
    const [bob] = actors;
    const ann = new ScenarioActor(scenario, scenario.device("ann", { token: "t1" }));
    await ann.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("bob");
    await bob.answers();
    await ann.loses();
    await scenario.row("somebody without a token names ann's session", () => {
      ann.device.token = undefined;
      return ann.device.connect({ resume: true });
    });
    scenario.expect(`
      0s    ann offers bob                               | ann < calling | bob < offer
      0s    bob answers                                  | ann < answer
      0s    ann loses the socket                         | bob < peerLost 45s
      0s    somebody without a token names ann's session | ann < joined [reconnecting]
    `);
  });

  test("that left starts no second expiry when its socket closes", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    await ann.leaves();
    scenario.passes(120_000);
    assert.deepEqual(scenario.node.seen, ["ann"]);
  });

  test("stays online to others until its resume time is over", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await scenario.row("ann watches bob and cleo", () => ann.device.send({ type: "watch", users: ["bob", "cleo"] }));
    await bob.loses();
    scenario.passes(44_999);
    await scenario.row("nearly", () => {});
    scenario.passes(1);
    scenario.expect(`
      0s    ann watches bob and cleo | ann < presence bob online cleo offline
      0s    bob loses the socket
      44.999s nearly
      45s   …                        | ann < presence bob offline
    `);
  });
});

describe("the calls of a join", () => {
  test("say where each stands for this device", async () => {
    const { scenario, actors } = await play("ann", "bob", "bob's tablet", "cleo");
    const [ann, bob, tablet] = actors;
    await ann.offers("bob");
    await ann.trickles("a1");
    await tablet.answers();
    await bob.joins();
    await tablet.resumes();
    await tablet.hangsUp({ id: "m1" });
    await bob.joins();
    await tablet.resumes();
    await ann.resumes();
    scenario.expect(`
      0s    ann offers bob        | ann < calling | bob < offer | bob's tablet < offer
      0s    ann sends a1          | bob < candidate a1 | bob's tablet < candidate a1
      0s    bob's tablet answers  | ann < answer | bob < hangup answered_elsewhere
      0s    bob joins             | bob < joined [connecting]
      0s    bob's tablet resumes  | bob's tablet < closed 4409 | bob's tablet < joined resumed [connecting bound offer a1]
      0s    bob's tablet hangs up | recorded hangup by bob 0s | ann < hangup hangup | bob's tablet < ack
      0s    bob joins             | bob < joined [ended answered_elsewhere]
      0s    bob's tablet resumes  | bob's tablet < closed 4409 | bob's tablet < joined resumed [ended hangup]
      0s    ann resumes           | ann < closed 4409 | ann < joined resumed [ended hangup]
    `);
  });
});

describe("presence", () => {
  test("tells watchers of coming, going and being in a call, and nobody more than once", async () => {
    const { scenario, actors } = await play("ann", "cleo");
    const [ann, cleo] = actors;
    const bob = new ScenarioActor(scenario, scenario.device("bob"));
    await scenario.row("ann watches bob", () => ann.device.send({ type: "watch", users: ["bob"] }));
    await bob.joins();
    await bob.offers("cleo");
    await cleo.rejects({ id: "m1" });
    await bob.leaves();
    await scenario.row("ann watches nobody", () => ann.device.send({ type: "unwatch", users: ["bob"] }));
    await bob.joins();
    scenario.expect(`
      0s    ann watches bob    | ann < presence bob offline
      0s    bob joins          | bob < joined | ann < presence bob online
      0s    bob offers cleo    | bob < calling | cleo < offer | ann < presence bob in a call
      0s    cleo rejects       | recorded declined by cleo | bob < reject declined | cleo < ack | ann < presence bob online
      0s    bob leaves         | ann < presence bob offline
      0s    ann watches nobody
      0s    bob joins          | bob < joined [ended declined]
    `);
  });

  test("is shown as its owner chose, and a blocked person sees somebody offline", async () => {
    const { scenario, actors } = await play("ann", "bob", "cleo");
    const [ann, , cleo] = actors;
    scenario.userFacts.describe("bob", { presence: "contacts", contacts: new Set(["ann"]) });
    await scenario.row("ann watches bob", () => ann.device.send({ type: "watch", users: ["bob"] }));
    await scenario.row("cleo watches bob", () => cleo.device.send({ type: "watch", users: ["bob"] }));
    await scenario.row("bob blocks ann", async () => {
      scenario.userFacts.describe("bob", { presence: "everyone", blocked: new Map([["ann", 0]]) });
      await scenario.node.engine.personChanged("bob");
    });
    await scenario.row("ann asks", () => ann.device.send({ type: "checkUser", userId: "bob" }));
    scenario.expect(`
      0s    ann watches bob  | ann < presence bob online
      0s    cleo watches bob | cleo < presence bob offline
      0s    bob blocks ann   | ann < presence bob offline | cleo < presence bob online
      0s    ann asks         | ann < userStatus
    `);
  });

  test("is told afresh after a resume", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await scenario.row("ann watches bob", () => ann.device.send({ type: "watch", users: ["bob"] }));
    await ann.loses();
    await bob.leaves();
    await ann.resumes();
    scenario.expect(`
      0s    ann watches bob      | ann < presence bob online
      0s    ann loses the socket
      0s    bob leaves
      0s    ann resumes          | ann < joined resumed | ann < presence bob offline
    `);
  });
});

function resumed(actor: ScenarioActor): [boolean, boolean] {
  const joined = actor.device.received.findLast((message) => message.type === "joined");
  assert.ok(joined?.type === "joined");
  return [joined.resumed, joined.rebound === undefined];
}
