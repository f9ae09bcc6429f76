import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

const hourMs = 3_600_000;

/** Ann talks with Leo, who has the app; the others only have joined. The rows of a test begin after that. */
async function talking<const Others extends readonly string[]>(...others: Others) {
  const scene = await play("ann", "leo (legacy)", ...others);
  const [ann, leo] = scene.actors;
  await ann.offers("leo");
  await leo.answers();
  await ann.connects();
  scene.scenario.expect(`
    0s ann offers leo | ann < calling | leo < offer | ann < ringing
    0s leo answers    | ann < answer
    0s ann is connected
  `);
  scene.scenario.transcript.restart();
  return scene;
}

/** Leo talks with Mia, both by the app. The rows of a test begin after that. */
async function appsTalking() {
  const scene = await play("leo (legacy)", "mia (legacy)");
  const [leo, mia] = scene.actors;
  await leo.offers("mia");
  await mia.answers();
  scene.scenario.expect(`
    0s leo offers mia | leo < calling fresh-3 | mia < offer fresh-3 | leo < ringing fresh-3
    0s mia answers    | leo < answer fresh-3
  `);
  scene.scenario.transcript.restart();
  return scene;
}

describe("a legacy device that lost its socket in an answered call", () => {
  test("has left it when it joins again: its hangup never left the phone", async () => {
    const { scenario, actors } = await talking("cleo");
    const [ann, leo, cleo] = actors;
    scenario.passes(20_000);
    await leo.loses();
    scenario.passes(5_000);
    await leo.joins();
    await cleo.offers("ann");
    await ann.rejects();
    await cleo.offers("leo");
    scenario.expect(`
      20s   leo loses the socket | ann < peerLost
      25s   leo joins            | recorded hangup by leo 25s | ann < hangup hangup | leo < joined [ended hangup]
      25s   cleo offers ann      | cleo < calling c2 | ann < offer c2
      25s   ann rejects          | recorded declined by ann c2 | cleo < reject declined c2 | ann < reject declined c2
      25s   cleo offers leo      | cleo < calling c3 | leo < offer c3 | cleo < ringing c3
    `);
  });

  test("has left it where its peer is a legacy device as well, on whichever side it was", async () => {
    const { scenario, actors } = await appsTalking();
    const [leo, mia] = actors;
    await mia.loses();
    await mia.joins();
    await leo.offers("mia");
    await mia.answers();
    scenario.passes(1_000);
    await leo.loses();
    await leo.joins();
    scenario.expect(`
      0s    mia loses the socket | leo < peerLost fresh-3
      0s    mia joins            | recorded hangup by mia 0s fresh-3 | leo < hangup hangup fresh-3 | mia < joined [fresh-3 ended hangup]
      0s    leo offers mia       | leo < calling fresh-5 | mia < offer fresh-5 | leo < ringing fresh-5
      0s    mia answers          | leo < answer fresh-5
      1s    leo loses the socket | mia < peerLost fresh-5
      1s    leo joins            | recorded hangup by leo 1s fresh-5 | mia < hangup hangup fresh-5 | leo < joined [fresh-5 ended hangup] [fresh-3 ended hangup]
    `);
  });

  test("ends it with the first of both that joins, where both lost theirs", async () => {
    const { scenario, actors } = await appsTalking();
    const [leo, mia] = actors;
    await leo.loses();
    await mia.loses();
    scenario.passes(30_000);
    await leo.joins();
    await mia.joins();
    scenario.expect(`
      0s    leo loses the socket | mia < peerLost fresh-3
      0s    mia loses the socket
      30s   leo joins            | recorded hangup by leo 30s fresh-3 | leo < joined [fresh-3 ended hangup]
      30s   mia joins            | mia < joined [fresh-3 ended hangup] | mia < hangup hangup fresh-3
    `);
  });

  test("has left it when it joins after the node was killed, while its peer talks on", async () => {
    const { scenario, actors } = await talking();
    const [ann, leo] = actors;
    await scenario.row("the node restarts", () => scenario.restart());
    await ann.resumes();
    scenario.passes(60_000);
    await leo.joins();
    scenario.expect(`
      0s    the node restarts
      0s    ann resumes       | ann < joined rebound [reconnecting bound answer]
      60s   leo joins         | recorded hangup by leo 60s | ann < hangup hangup | leo < joined [ended hangup]
    `);
  });

  test("and whose peer came back after a restart is waited for; a later loss of that peer is an ordinary one", async () => {
    const { scenario, actors } = await talking();
    const [ann] = actors;
    await scenario.row("the node restarts", () => scenario.restart());
    await ann.resumes();
    scenario.passes(hourMs);
    await ann.loses();
    scenario.passes(45_000);
    scenario.expect(`
      0s    the node restarts
      0s    ann resumes          | ann < joined rebound [reconnecting bound answer]
      3600s ann loses the socket
      3645s …                    | recorded connection_lost 3600s
    `);
  });

  test("ends as with the restart where nobody came back after it", async () => {
    const { scenario } = await talking();
    await scenario.row("the node restarts", () => scenario.restart());
    scenario.passes(45_000);
    scenario.expect(`
      0s    the node restarts
      45s   …                 | recorded server_restart 0s
    `);
  });

  test("talks on for as long as its peer stays, and no longer than the longest call", async () => {
    const { scenario, actors } = await talking();
    const [, leo] = actors;
    await leo.loses();
    scenario.passes(12 * hourMs);
    scenario.expect(`
      0s    leo loses the socket | ann < peerLost
      43200s …                   | recorded max_duration 43200s | ann < hangup max_duration
    `);
  });

  test("is waited for while its peer is away for a moment, and its peer for no longer than usual", async () => {
    const { scenario, actors } = await talking();
    const [ann, leo] = actors;
    await leo.loses();
    scenario.passes(hourMs);
    await ann.loses();
    scenario.passes(44_000);
    await ann.resumes();
    scenario.passes(hourMs);
    await ann.loses();
    scenario.passes(45_000);
    scenario.expect(`
      0s    leo loses the socket | ann < peerLost
      3600s ann loses the socket
      3644s ann resumes          | ann < joined resumed [reconnecting bound answer]
      7244s ann loses the socket
      7289s …                    | recorded connection_lost 7244s
    `);
  });

  test("is not waited for where media never flowed: the negotiation has its deadline", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.answers();
    await leo.loses();
    scenario.passes(90_000);
    scenario.expect(`
      0s    ann offers leo       | ann < calling | leo < offer | ann < ringing
      0s    leo answers          | ann < answer
      0s    leo loses the socket | ann < peerLost
      90s   …                    | recorded connect_failed 90s | ann < hangup connect_failed
    `);
  });

  test("before the answer, which it never got, has the usual time to come back", async () => {
    const { scenario, actors } = await play("leo (legacy)", "mia (legacy)");
    const [leo, mia] = actors;
    await leo.offers("mia");
    await leo.loses();
    scenario.passes(5_000);
    await mia.answers();
    scenario.passes(40_000);
    scenario.expect(`
      0s    leo offers mia       | leo < calling fresh-3 | mia < offer fresh-3 | leo < ringing fresh-3
      0s    leo loses the socket
      5s    mia answers          | mia < peerLost 40s fresh-3
      45s   …                    | recorded connection_lost 0s fresh-3 | mia < hangup connection_lost fresh-3
    `);
  });

  test("is in a call for others, with its session or without, and lets go of it by another of its devices", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)", "cleo");
    const [ann, leo, cleo] = actors;
    await scenario.row("cleo watches leo", () => cleo.device.send({ type: "watch", users: ["leo"] }));
    await ann.offers("leo");
    await leo.answers();
    await ann.connects();
    await leo.loses();
    scenario.passes(60_000);
    await cleo.offers("leo");
    const web = new ScenarioActor(scenario, scenario.device("leo's web"));
    await web.joins();
    await web.offers("cleo");
    scenario.expect(`
      0s    cleo watches leo     | cleo < presence leo online
      0s    ann offers leo       | ann < calling | leo < offer | ann < ringing
      0s    leo answers          | ann < answer | cleo < presence leo in a call
      0s    ann is connected
      0s    leo loses the socket | ann < peerLost
      60s   cleo offers leo      | recorded busy c2 | cleo < calling c2 | cleo < busy c2
      60s   leo's web joins      | leo's web < joined [reconnecting]
      60s   leo's web offers cleo | recorded superseded by leo 60s | ann < hangup superseded | leo's web < calling c3 | cleo < offer c3
    `);
  });

  test("and whose token is revoked meanwhile is in it no more, though no session stands for it", async () => {
    const { scenario, actors } = await play("ann");
    const [ann] = actors;
    const leo = new ScenarioActor(scenario, scenario.device("leo (legacy)", { voucher: "t1" }));
    await leo.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("leo");
    await leo.answers();
    await ann.connects();
    await leo.loses();
    scenario.passes(60_000);
    await scenario.row("leo's token is revoked", () => {
      scenario.node.engine.tokenRevoked("t1");
      scenario.node.endTurn();
    });
    assert.equal(scenario.journal.records[0]?.endReason, "admin_ended");
    scenario.expect(`
      0s    ann offers leo         | ann < calling | leo < offer | ann < ringing
      0s    leo answers            | ann < answer
      0s    ann is connected
      0s    leo loses the socket   | ann < peerLost
      60s   leo's token is revoked | recorded admin_ended 60s | ann < hangup admin_ended
    `);
  });
});
