import { describe, test } from "node:test";
import { play, type Scenario, ScenarioActor } from "@echoo/testkit";

/** Ann rang Bob, who answered; the others only have joined. The rows of a test begin after that. */
async function talking<const Others extends readonly string[]>(...others: Others) {
  const scene = await play("ann", "bob", ...others);
  const [ann, bob] = scene.actors;
  await ann.offers("bob", { neg: 1 });
  await bob.answers({ neg: 1 });
  const tablets = others.filter((label) => label.startsWith("bob's"));
  const offered = tablets.map((label) => ` | ${label} < offer`).join("");
  const withdrawn = tablets.map((label) => ` | ${label} < hangup answered_elsewhere`).join("");
  scene.scenario.expect(`
    0s ann offers bob | ann < calling | bob < offer${offered}
    0s bob answers    | ann < answer${withdrawn}
  `);
  scene.scenario.transcript.restart();
  return scene;
}

/** Bob's side is away, and Cid rings him: the tablet. The rows of a test begin after that. */
async function rungWhileAway() {
  const scene = await talking("bob's tablet", "cid");
  const [, bob, , cid] = scene.actors;
  await bob.loses();
  await cid.offers("bob");
  scene.scenario.expect(`
    0s bob loses the socket | ann < peerLost 45s
    0s cid offers bob       | cid < calling c2 | bob's tablet < offer c2
  `);
  scene.scenario.transcript.restart();
  return scene;
}

/** Where one device id stands for several tabs, as an app may give it. */
async function anotherTab(scenario: Scenario): Promise<ScenarioActor> {
  const tab = new ScenarioActor(scenario, scenario.device("bob's tab", { deviceId: "bob" }));
  await tab.joins();
  return tab;
}

describe("a page that goes away", () => {
  test("leaves its call to the next page of its tab, which is told all of it anew", async () => {
    const { scenario, actors } = await talking();
    const [, bob] = actors;
    await bob.renegotiates(3);
    await bob.goesAway();
    scenario.passes(9_000);
    await bob.reloads();
    await bob.renegotiates(4, { renew: true, label: "renews" });
    scenario.passes(20_000);
    scenario.expect(`
      0s    bob renegotiates | ann < offer again 3
      0s    bob goes away    | ann < peerLost 10s
      9s    bob joins anew   | ann < peerBack | bob < joined rebound [connecting bound offer]
      9s    bob renews       | ann < offer again 4 renew
    `);
  });

  test("ends its call, as its hangup, where no page comes back within ten seconds", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers();
    await bob.connects();
    await bob.goesAway();
    scenario.passes(10_000);
    scenario.expect(`
      0s    ann offers bob   | ann < calling | bob < offer
      0s    bob answers      | ann < answer
      0s    bob is connected
      0s    bob goes away    | ann < peerLost 10s
      10s   …                | recorded hangup by bob 10s | ann < hangup hangup
    `);
  });

  test("cancels what it rings for at once: the next page cannot take an answer", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann] = actors;
    await ann.offers("bob");
    await ann.goesAway();
    await ann.reloads();
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    ann goes away  | recorded cancelled by ann | bob < hangup cancelled
      0s    ann joins anew | ann < joined [ended cancelled]
    `);
  });

  test("is rung again where it rang", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.rings();
    await bob.goesAway();
    await bob.reloads();
    await bob.answers();
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob rings      | ann < ringing
      0s    bob goes away
      0s    bob joins anew | bob < joined [ringing] | bob < offer
      0s    bob answers    | ann < answer
    `);
  });
});

describe("a device that joins anew, naming no session, while its older socket looks alive", () => {
  test("ends within five seconds what the page before left, so that nobody else hears busy for long", async () => {
    const { scenario, actors } = await talking("cid");
    const [, bob, cid] = actors;
    await scenario.row("bob's socket dies unnoticed", () => bob.device.goDeaf());
    scenario.passes(2_000);
    await bob.joins();
    scenario.passes(4_999);
    await cid.offers("bob");
    scenario.passes(1);
    await cid.offers("bob");
    scenario.expect(`
      0s    bob's socket dies unnoticed
      2s    bob joins                   | bob < joined [connecting]
      6.999s cid offers bob             | recorded busy c2 | cid < calling c2 | cid < busy c2 | bob < missed c2
      7s    …                           | recorded hangup by bob 7s | ann < hangup hangup
      7s    cid offers bob              | cid < calling c3 | bob < offer c3
    `);
  });

  test("leaves another tab of its device in its call: that one shows a sign of life", async () => {
    const { scenario, actors } = await talking();
    const [, bob] = actors;
    const tab = await anotherTab(scenario);
    scenario.passes(20_000);
    await bob.loses();
    scenario.passes(9_000);
    await bob.resumes();
    await tab.leaves();
    scenario.expect(`
      0s    bob's tab joins      | bob's tab < joined [connecting]
      20s   bob loses the socket | ann < peerLost 45s
      29s   bob resumes          | bob < joined resumed [connecting bound offer] | ann < peerBack
      29s   bob's tab leaves
    `);
  });

  test("leaves its resume time to a tab that has shown a sign of life and is lost after that", async () => {
    const { scenario, actors } = await talking();
    const [, bob] = actors;
    await anotherTab(scenario);
    scenario.passes(1_000);
    await bob.loses();
    scenario.passes(9_000);
    scenario.expect(`
      0s    bob's tab joins      | bob's tab < joined [connecting]
      1s    bob loses the socket | ann < peerLost 45s
    `);
  });

  test("does not end what a token's session has, where it has none", async () => {
    const { scenario, actors } = await play("ann");
    const [ann] = actors;
    const bob = new ScenarioActor(scenario, scenario.device("bob", { token: "t1" }));
    await bob.joins();
    await ann.offers("bob", { neg: 1 });
    await bob.answers({ neg: 1 });
    await scenario.row("bob's socket dies unnoticed", () => bob.device.goDeaf());
    await anotherTab(scenario);
    scenario.passes(6_000);
    scenario.expect(`
      0s    bob joins                   | bob < joined
      0s    ann offers bob              | ann < calling | bob < offer
      0s    bob answers                 | ann < answer
      0s    bob's socket dies unnoticed
      0s    bob's tab joins             | bob's tab < joined [connecting]
    `);
  });
});

describe("a user whose side of a call is away", () => {
  test("is rung at another device, and takes the new call there in place of the old one", async () => {
    const { scenario, actors } = await rungWhileAway();
    const [, , tablet] = actors;
    await tablet.answers();
    scenario.expect(`
      0s    bob's tablet answers | recorded superseded by bob 0s | ann < hangup superseded | cid < answer c2
    `);
  });

  test("stops being rung there once that side is back", async () => {
    const { scenario, actors } = await rungWhileAway();
    const [, bob] = actors;
    await bob.resumes();
    scenario.expect(`
      0s    bob resumes          | bob < joined resumed [connecting bound offer] | recorded busy c2 | ann < peerBack | cid < busy c2 | bob's tablet < busy c2
    `);
  });

  test("is rung there as well where it comes back after the end of the old call", async () => {
    const { scenario, actors } = await rungWhileAway();
    const [ann, bob] = actors;
    await ann.hangsUp();
    await bob.resumes();
    scenario.expect(`
      0s    ann hangs up         | recorded hangup by ann 0s | ann < hangup hangup
      0s    bob resumes          | bob < joined resumed [c2 calling] [ended hangup] | bob < hangup hangup | bob < offer c2
    `);
  });

  test("is busy where there is no other device", async () => {
    const { scenario, actors } = await talking("cid");
    const [, bob, cid] = actors;
    await bob.loses();
    await cid.offers("bob");
    scenario.expect(`
      0s    bob loses the socket | ann < peerLost 45s
      0s    cid offers bob       | recorded busy c2 | cid < calling c2 | cid < busy c2
    `);
  });
});
