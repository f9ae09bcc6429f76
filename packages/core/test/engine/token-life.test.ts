import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Clock, Engine, type EngineOptions, type Link } from "@echoo/core";
import { Scenario, ScenarioActor } from "@echoo/testkit";

/** Ann's token ends after the given time; Bob has none. */
async function meeting(annSec: number, { sparesCalls = true } = {}) {
  const scenario = new Scenario();
  const device = scenario.device("ann", { token: "first" });
  device.expiry = { atMs: scenario.clock.now() + annSec * 1000, sparesCalls };
  const ann = new ScenarioActor(scenario, device);
  const bob = new ScenarioActor(scenario, scenario.device("bob"));
  await bob.joins();
  scenario.transcript.restart();
  const renew = (label: string, forSec: number) =>
    scenario.row(label, () => {
      device.token = "second";
      device.expiry = { atMs: scenario.clock.now() + forSec * 1000, sparesCalls };
      device.renew();
    });
  return { scenario, ann, bob, renew };
}

describe("a session whose token ends", () => {
  test("is told a minute before, and cut at the end", async () => {
    const { scenario, ann } = await meeting(600);
    await ann.joins();
    scenario.passes(600_000);
    scenario.expect(`
      0s    ann joins | ann < joined
      540s  …         | ann < tokenExpiring 60s
      600s  …         | ann < closed 4401
    `);
    assert.equal(scenario.node.engine.onlineUsers, 1);
    assert.equal(scenario.node.pendingTimers, 2);
  });

  test("is told at once where less than a minute is left, and after a resume once more", async () => {
    const { scenario, ann } = await meeting(20);
    await ann.joins();
    scenario.passes(5_000);
    await ann.loses();
    await ann.resumes();
    scenario.passes(15_000);
    scenario.expect(`
      0s    ann joins            | ann < joined | ann < tokenExpiring 20s
      5s    ann loses the socket
      5s    ann resumes          | ann < joined resumed | ann < tokenExpiring 15s
      20s   …                    | ann < closed 4401
    `);
  });

  test("goes on with the next one, which ends at its own time", async () => {
    const { scenario, ann, renew } = await meeting(100);
    await ann.joins();
    scenario.passes(50_000);
    await renew("ann renews", 200);
    scenario.passes(200_000);
    scenario.expect(`
      0s    ann joins | ann < joined
      40s   …         | ann < tokenExpiring 60s
      50s   ann renews
      190s  …         | ann < tokenExpiring 60s
      250s  …         | ann < closed 4401
    `);
  });

  test("keeps the call that it is in, renegotiates it, and is cut once it has ended", async () => {
    const { scenario, ann, bob } = await meeting(30);
    await ann.joins();
    await ann.offers("bob", { neg: 1 });
    await bob.answers({ neg: 1 });
    for (const actor of [ann, bob]) await actor.connects();
    scenario.passes(100_000);
    await ann.offers("cid", { id: "m1", supersede: true, label: "offers cid" });
    await ann.renegotiates(2, { to: "bob", callId: scenario.id("c1") });
    await bob.answers({ neg: 2 });
    await bob.renegotiates(1);
    await ann.answers({ neg: 1, to: "bob", callId: scenario.id("c1") });
    scenario.passes(3_600_000);
    await bob.hangsUp();
    scenario.expect(`
      0s    ann joins        | ann < joined | ann < tokenExpiring 30s
      0s    ann offers bob   | ann < calling | bob < offer
      0s    bob answers      | ann < answer
      0s    ann is connected
      0s    bob is connected
      100s  ann offers cid   | ann < error unauthorized
      100s  ann renegotiates | bob < offer again 2
      100s  bob answers      | ann < answer
      100s  bob renegotiates | ann < offer again 1
      100s  ann answers      | bob < answer
      3700s bob hangs up     | recorded hangup by bob 3700s | ann < hangup hangup | bob < hangup hangup | ann < closed 4401
    `);
  });

  test("gets the answer to the hangup that ends its last call before it is cut", async () => {
    const { scenario, ann, bob } = await meeting(30);
    await ann.joins();
    await ann.offers("bob");
    await bob.answers();
    for (const actor of [ann, bob]) await actor.connects();
    scenario.passes(60_000);
    scenario.transcript.restart();
    await ann.hangsUp({ id: "m1" });
    scenario.expect(`
      0s    ann hangs up | recorded hangup by ann 60s | bob < hangup hangup | ann < ack | ann < closed 4401
    `);
  });

  test("lets a call that it placed ring on, and be answered", async () => {
    const { scenario, ann, bob } = await meeting(30);
    await ann.joins();
    await ann.offers("bob");
    scenario.passes(40_000);
    await bob.answers();
    for (const actor of [ann, bob]) await actor.connects();
    await bob.hangsUp();
    scenario.expect(`
      0s    ann joins        | ann < joined | ann < tokenExpiring 30s
      0s    ann offers bob   | ann < calling | bob < offer
      40s   bob answers      | ann < answer
      40s   ann is connected
      40s   bob is connected
      40s   bob hangs up     | recorded hangup by bob 0s | ann < hangup hangup | bob < hangup hangup | ann < closed 4401
    `);
  });

  test("takes no call that rings when it ends: the device is gone, and the call rings on elsewhere", async () => {
    const { scenario, ann, bob } = await meeting(30);
    const tablet = new ScenarioActor(scenario, scenario.device("ann's tablet"));
    await ann.joins();
    await tablet.joins();
    await bob.offers("ann");
    scenario.passes(30_000);
    await tablet.answers();
    scenario.expect(`
      0s    ann joins            | ann < joined | ann < tokenExpiring 30s
      0s    ann's tablet joins   | ann's tablet < joined
      0s    bob offers ann       | bob < calling | ann < offer | ann's tablet < offer
      30s   …                    | ann < closed 4401
      30s   ann's tablet answers | bob < answer
    `);
  });

  test("is free again when its token is renewed in the middle of its call", async () => {
    const { scenario, ann, bob, renew } = await meeting(30);
    await ann.joins();
    await ann.offers("bob");
    await bob.answers();
    for (const actor of [ann, bob]) await actor.connects();
    scenario.passes(60_000);
    scenario.transcript.restart();
    await renew("ann renews", 600);
    await bob.hangsUp();
    await ann.offers("bob");
    scenario.expect(`
      0s    ann renews
      0s    bob hangs up   | recorded hangup by bob 60s | ann < hangup hangup | bob < hangup hangup
      0s    ann offers bob | ann < calling c2 | bob < offer c2
    `);
  });

  test("is cut with its call where calls are not spared", async () => {
    const { scenario, ann, bob } = await meeting(30, { sparesCalls: false });
    await ann.joins();
    await ann.offers("bob");
    await bob.answers();
    scenario.transcript.restart();
    for (const actor of [ann, bob]) await actor.connects();
    scenario.passes(30_000);
    scenario.expect(`
      0s    ann is connected
      0s    bob is connected
      30s   … | recorded admin_ended 30s | ann < hangup admin_ended | bob < hangup admin_ended | ann < closed 4401
    `);
  });

  test("is over while its client is away, and leaves no timer", async () => {
    const { scenario, ann } = await meeting(30);
    await ann.joins();
    const before = scenario.node.pendingTimers;
    await ann.loses();
    scenario.passes(30_000);
    assert.equal(scenario.node.engine.onlineUsers, 1);
    assert.ok(scenario.node.pendingTimers < before);
  });

  for (const hours of [5, 100]) {
    test(`ends within a minute where the clock is set ahead of that by ${hours} h, not hours later`, async () => {
      const { scenario, ann } = await meeting(4 * 3_600);
      await ann.joins();
      scenario.passes(10_000);
      scenario.clock.jump(hours * 3_600_000);
      scenario.passes(60_000);
      assert.equal(ann.device.isOnline, false);
      assert.equal(scenario.node.engine.onlineUsers, 1);
    });

    test(`lives on where the clock is set back by ${hours} h, and hears of its end once more`, async () => {
      const { scenario, ann } = await meeting(90);
      await ann.joins();
      scenario.passes(40_000);
      scenario.clock.jump(-hours * 3_600_000);
      scenario.passes(hours * 3_600_000);
      assert.equal(ann.device.isOnline, true);
      scenario.passes(50_000);
      scenario.expect(`
        0s    ann joins | ann < joined
        30s   …         | ann < tokenExpiring 60s
        ${30 + hours * 3_600}s …  | ann < tokenExpiring 60s
        ${90 + hours * 3_600}s …  | ann < closed 4401
      `);
    });
  }

  test("that was spared for its call when the clock was ahead is free again once it is right", async () => {
    const { scenario, ann, bob } = await meeting(3_600);
    await ann.joins();
    await ann.offers("bob");
    await bob.answers();
    for (const actor of [ann, bob]) await actor.connects();
    scenario.clock.jump(5 * 3_600_000);
    scenario.passes(60_000);
    scenario.clock.jump(-5 * 3_600_000);
    scenario.passes(60_000);
    await bob.hangsUp();
    scenario.transcript.restart();
    await ann.offers("bob");
    scenario.expect(`
      0s    ann offers bob | ann < calling c2 | bob < offer c2
    `);
  });

  test("costs a timer only within a minute of what is to happen", async () => {
    const { scenario, ann } = await meeting(600);
    const before = scenario.node.pendingTimers;
    await ann.joins();
    assert.equal(scenario.node.pendingTimers, before);
    scenario.passes(480_000);
    assert.equal(scenario.node.pendingTimers, before + 1);
  });

  test("may live for months, though no timer of Node does", async () => {
    const delays: number[] = [];
    const noting = (clock: Clock): Clock => ({
      now: () => clock.now(),
      steady: () => clock.steady(),
      after(delayMs, run) {
        delays.push(delayMs);
        return clock.after(delayMs, run);
      },
    });
    const makeEngine = (options: EngineOptions) => new Engine({ ...options, clock: noting(options.clock) });
    const scenario = new Scenario({ makeEngine });
    const device = scenario.device("ann", { token: "first" });
    device.expiry = { atMs: scenario.clock.now() + 400 * 86_400_000, sparesCalls: true };
    await device.connect({ resume: false });
    // From 2 ** 31 ms on, Node fires at once.
    assert.ok(Math.max(...delays) < 2 ** 31, String(Math.max(...delays)));
    scenario.passes(2 * 86_400_000);
    assert.equal(device.isOnline, true);
  });
});

test("logging a user out everywhere cuts whoever came with a token, and nobody else", async () => {
  const { scenario, ann, bob } = await meeting(600);
  const open = new ScenarioActor(scenario, scenario.device("ann's tablet"));
  for (const actor of [ann, open]) await actor.joins();
  await ann.offers("bob");
  await bob.answers();
  scenario.transcript.restart();
  await scenario.row("ann logs out", () => scenario.node.engine.userLoggedOut("ann"));
  scenario.expect(`
    0s    ann logs out | recorded admin_ended 0s | ann < hangup admin_ended | bob < hangup admin_ended | ann < closed 4401
  `);
  assert.equal(open.device.isOnline, true);
});

test("a session of an address that used a token ends with that token, and with all of its user's", async () => {
  const { scenario } = await meeting(600);
  const { engine } = scenario.node;
  for (const cut of [() => engine.tokenRevoked("t1"), () => engine.userLoggedOut("ann")]) {
    const closed: number[] = [];
    const link: Link = {
      silentMs: 0,
      isReading: true,
      ping: () => {},
      send: () => 0,
      sendText: () => {},
      close: (code) => void closed.push(code),
    };
    const session = await engine.join(link, { userId: "ann", voucherId: "t1" }, {});
    assert.ok(typeof session !== "string" && session.token === undefined);
    engine.tokenRevoked("t2");
    assert.deepEqual(closed, []);
    cut();
    assert.deepEqual(closed, [4401]);
  }
});

test("whoever loses the right to be here while their settings are read does not enter", async () => {
  const { scenario } = await meeting(600);
  const link: Link = {
    silentMs: 0,
    isReading: true,
    ping: () => assert.fail(),
    send: () => assert.fail(),
    sendText: () => assert.fail(),
    close: () => assert.fail(),
  };
  const admission = { userId: "dan", tokenId: "t1", hasEnded: () => true };
  assert.equal(await scenario.node.engine.join(link, admission, { protocol: 2 }), "ended");
});

test("logging a user out everywhere ends the call that waits for a device of theirs after a restart", async () => {
  const { scenario, ann, bob } = await meeting(600);
  await ann.joins();
  await ann.offers("bob");
  await bob.answers();
  scenario.restart();
  await bob.resumes();
  scenario.transcript.restart();
  await scenario.row("ann logs out", () => scenario.node.engine.userLoggedOut("ann"));
  scenario.expect(`
    0s    ann logs out | recorded admin_ended 0s | bob < hangup admin_ended
  `);
});
