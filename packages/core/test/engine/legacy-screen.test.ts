import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

describe("a legacy device that two people ring", () => {
  test("is offered the second call when the first is over, with the time that is left", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo] = actors;
    await ann.offers("leo");
    scenario.passes(5_000);
    await cleo.offers("leo");
    await cleo.trickles("c1");
    scenario.passes(10_000);
    await ann.hangsUp();
    scenario.passes(50_000);
    scenario.expect(`
      0s    ann offers leo  | ann < calling | leo < offer | ann < ringing
      5s    cleo offers leo | cleo < calling c2
      5s    cleo sends c1
      15s   ann hangs up    | recorded cancelled by ann | ann < hangup cancelled | leo < hangup cancelled | leo < offer c2 | cleo < ringing c2
      65s   …               | recorded no_answer c2 | cleo < reject no_answer c2 | leo < reject no_answer c2
    `);
  });

  test("hears nothing of the second when it accepts the first", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await leo.answers();
    await ann.connects();
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann offers leo   | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo  | cleo < calling c2
      0s    leo answers      | recorded busy c2 | ann < answer | cleo < busy c2
      0s    ann is connected
    `);
  });

  test("rings on when the second caller gives up, which was unreachable for as long as it did not ring", async () => {
    const { scenario, actors } = await play("ann", "cleo", "dan", "leo (legacy)");
    const [ann, cleo, dan, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await dan.offers("leo");
    await cleo.hangsUp();
    await leo.rejects();
    await leo.answers();
    scenario.expect(`
      0s    ann offers leo  | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo | cleo < calling c2
      0s    dan offers leo  | dan < calling c3
      0s    cleo hangs up   | recorded cancelled by cleo c2 | cleo < hangup cancelled c2
      0s    leo rejects     | recorded declined by leo | ann < reject declined | leo < offer c3 | dan < ringing c3
      0s    leo answers     | dan < answer c3
    `);
  });

  test("rejects and accepts whom it names, whatever the id that it sends with it", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)", "leo's web");
    const [ann, cleo, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await leo.rejects({ to: "ann", callId: "c2" });
    await leo.rejects({ to: "ann", callId: "c2", label: "rejects her again" });
    await ann.offers("leo");
    await leo.answers({ to: "cleo", callId: "an id of long ago" });
    await leo.hangsUp({ to: "cleo", callId: "c3" });
    scenario.expect(`
      0s    ann offers leo        | ann < calling | leo < offer | ann < ringing | leo's web < offer
      0s    cleo offers leo       | cleo < calling c2 | leo's web < offer c2
      0s    leo rejects           | recorded declined by leo | ann < reject declined | leo's web < hangup declined_elsewhere | leo < offer c2 | cleo < ringing c2
      0s    leo rejects her again | leo < error unknown_call c2
      0s    ann offers leo        | ann < calling c3 | leo's web < offer c3
      0s    leo answers           | recorded busy c3 | cleo < answer c2 | leo's web < hangup answered_elsewhere c2 | ann < busy c3 | leo's web < busy c3
      0s    leo hangs up          | recorded hangup by leo 0s c2 | cleo < hangup hangup c2
    `);
  });

  test("is left out of what its user's current devices ring for, and they are not", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)", "leo's web");
    const [ann, cleo, leo, web] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await web.rings({ callId: "c2" });
    await web.rejects({ callId: "c2" });
    await cleo.offers("leo");
    await web.answers({ callId: "c3" });
    scenario.expect(`
      0s    ann offers leo    | ann < calling | leo < offer | ann < ringing | leo's web < offer
      0s    cleo offers leo   | cleo < calling c2 | leo's web < offer c2
      0s    leo's web rings   | cleo < ringing c2
      0s    leo's web rejects | recorded declined by leo c2 | cleo < reject declined c2 | leo's web < reject declined c2
      0s    cleo offers leo   | cleo < calling c3 | leo's web < offer c3
      0s    leo's web answers | recorded busy | cleo < answer c3 | ann < busy | leo < busy | leo's web < busy
    `);
    void leo;
  });

  test("is busy for the one and free for the other: its user's only other device declines as busy", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)", "leo's web");
    const [ann, cleo, leo, web] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await web.rejects({ callId: "c2", reason: "busy" });
    await leo.rejects();
    scenario.expect(`
      0s    ann offers leo    | ann < calling | leo < offer | ann < ringing | leo's web < offer
      0s    cleo offers leo   | cleo < calling c2 | leo's web < offer c2
      0s    leo's web is busy | leo's web < busy c2
      0s    leo rejects       | recorded declined by leo | ann < reject declined | leo's web < hangup declined_elsewhere | leo < offer c2 | cleo < ringing c2
    `);
  });

  test("has the ring that it had before when it joins again, and the other one after it", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    scenario.passes(1_000);
    await leo.loses();
    scenario.passes(29_000);
    await cleo.hangsUp();
    await cleo.offers("leo");
    await leo.joins();
    scenario.passes(30_000);
    scenario.expect(`
      0s    ann offers leo       | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo      | cleo < calling c2
      1s    leo loses the socket
      30s   cleo hangs up        | recorded cancelled by cleo c2 | cleo < hangup cancelled c2
      30s   cleo offers leo      | cleo < calling c3
      30s   leo joins            | leo < joined [ringing] [c3 calling] | leo < offer
      60s   …                    | recorded no_answer | ann < reject no_answer | leo < reject no_answer | leo < offer c3 | cleo < ringing c3
    `);
  });

  test("and was away for both hears of no end of a call that it never had", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo, leo] = actors;
    await leo.loses();
    await ann.offers("leo");
    await cleo.offers("leo");
    await ann.hangsUp();
    await leo.joins();
    scenario.expect(`
      0s    leo loses the socket
      0s    ann offers leo       | ann < calling
      0s    cleo offers leo      | cleo < calling c2
      0s    ann hangs up         | recorded cancelled by ann | ann < hangup cancelled
      0s    leo joins            | leo < joined [c2 calling] | leo < offer c2 | cleo < ringing c2
    `);
  });

  test("that dials one of them is offered that one's call alone", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    await leo.offers("cleo");
    await ann.trickles("a1");
    scenario.passes(1_500);
    await leo.rejects();
    scenario.expect(`
      0s    ann offers leo  | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo | cleo < calling c2
      0s    leo offers cleo | leo < hangup superseded
      0s    ann sends a1
      1.5s  …               | leo < offer c2 | cleo < ringing c2
      1.5s  leo rejects     | recorded declined by leo c2 | cleo < reject declined c2 | leo < offer
    `);
  });

  test("whose session ends is not offered the other on its way out", async () => {
    const { scenario, actors } = await play("ann", "cleo");
    const [ann, cleo] = actors;
    const leo = new ScenarioActor(scenario, scenario.device("leo (legacy)", { token: "t1" }));
    await leo.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("leo");
    await cleo.offers("leo");
    await scenario.row("leo's token is revoked", () => {
      scenario.node.engine.tokenRevoked("t1");
      scenario.node.endTurn();
    });
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann offers leo         | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo        | cleo < calling c2
      0s    leo's token is revoked | leo < closed 4401
      60s   …                      | recorded no_answer | ann < reject no_answer | recorded unreachable c2 | cleo < reject unreachable c2
    `);
  });
});

describe("a legacy device that asks for the users", () => {
  test("soon after its join has just started, and later shows its dial screen: it has left the call that it was in", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    const asks = () => scenario.row("leo asks for the users", () => leo.device.send({ type: "getUsers" }));
    await ann.offers("leo");
    await leo.answers();
    scenario.passes(2_000);
    await asks();
    scenario.passes(1);
    await asks();
    scenario.expect(`
      0s    ann offers leo         | ann < calling | leo < offer | ann < ringing
      0s    leo answers            | ann < answer
      2s    leo asks for the users
      2.001s leo asks for the users | recorded hangup by leo 2s | ann < hangup hangup
    `);
  });

  test("rings nobody any more, whom it had dialled", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [, leo] = actors;
    scenario.passes(10_000);
    await leo.offers("ann");
    await scenario.row("leo asks for the users", () => leo.device.send({ type: "getUsers" }));
    scenario.expect(`
      10s   leo offers ann         | leo < calling fresh-3 | ann < offer fresh-3
      10s   leo asks for the users | recorded cancelled by leo fresh-3 | ann < hangup cancelled fresh-3
    `);
  });

  test("is sent the offer again that it may have been deaf to, and no other", async () => {
    const { scenario, actors } = await play("ann", "cleo", "leo (legacy)");
    const [ann, cleo, leo] = actors;
    await ann.offers("leo");
    await cleo.offers("leo");
    scenario.passes(3_000);
    await scenario.row("leo asks for the users", () => leo.device.send({ type: "getUsers" }));
    await leo.answers();
    scenario.expect(`
      0s    ann offers leo         | ann < calling | leo < offer | ann < ringing
      0s    cleo offers leo        | cleo < calling c2
      3s    leo asks for the users | leo < offer
      3s    leo answers            | recorded busy c2 | ann < answer | cleo < busy c2
    `);
  });

  test("is left alone for as long as its own attempt gives way", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    scenario.passes(3_000);
    await ann.offers("leo");
    await leo.offers("ann");
    await scenario.row("leo asks for the users", () => leo.device.send({ type: "getUsers" }));
    scenario.passes(1_500);
    scenario.expect(`
      3s    ann offers leo         | ann < calling | leo < offer | ann < ringing
      3s    leo offers ann         | leo < hangup superseded
      3s    leo asks for the users
      4.5s  …                      | leo < offer
    `);
  });

  test("and is a current one means nothing by it", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await ann.connects();
    scenario.passes(3_000);
    await scenario.row("bob asks for the users", () => bob.device.send({ type: "getUsers" }));
    scenario.expect(`
      0s    ann offers bob         | ann < calling | bob < offer
      0s    bob answers            | ann < answer
      0s    ann is connected
      3s    bob asks for the users
    `);
  });
});
