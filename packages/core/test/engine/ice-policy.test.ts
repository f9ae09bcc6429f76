import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine, type EngineOptions, type IcePolicy } from "@echoo/core";
import type { ServerMessage } from "@echoo/protocol";
import { Scenario, ScenarioActor } from "@echoo/testkit";

const host = "candidate:1 1 udp 2122260223 192.168.1.7 50000 typ host";
const relay = "candidate:7 1 udp 41885439 198.51.100.9 49170 typ relay";
const related = `${relay} raddr 203.0.113.5 rport 61000`;
const blank = `${relay} raddr 0.0.0.0 rport 9`;
const revealing = `v=0\r\na=${host}\r\n`;

async function play<const L extends readonly string[]>(icePolicy: IcePolicy, ...labels: L) {
  const scenario = new Scenario({ makeEngine: (options: EngineOptions) => new Engine({ ...options, icePolicy }) });
  const actors = labels.map((label) => new ScenarioActor(scenario, scenario.device(label)));
  for (const { device } of actors) await device.connect({ resume: false });
  scenario.transcript.restart();
  return { scenario, actors: actors as { [I in keyof L]: ScenarioActor } };
}

/** The types of messages that told this device to gather relay candidates alone. */
function toldToRelay({ device }: ScenarioActor): ServerMessage["type"][] {
  return device.received.flatMap((message) => ("iceTransportPolicy" in message ? [message.type] : []));
}

function candidatesOf({ device }: ScenarioActor): string[] {
  return device.received.flatMap((message) =>
    message.type === "candidate" && message.candidate ? [message.candidate.candidate] : [],
  );
}

/** Both sides send what they have, before the answer and after it. */
async function talk(ann: ScenarioActor, bob: ScenarioActor): Promise<void> {
  await ann.offers("bob", { neg: 1 });
  for (const candidate of [host, related]) await ann.trickles(candidate);
  for (const candidate of [host, related]) await bob.trickles(candidate);
  await bob.answers({ neg: 1 });
  for (const side of [ann, bob]) await side.trickles(`${host} late`);
  for (const side of [ann, bob]) await side.trickles(null);
}

describe("the ICE policy", () => {
  test("relay keeps both sides of every call to relays, and says so at the join already", async () => {
    const { scenario, actors } = await play("relay", "ann", "bob");
    const [ann, bob] = actors;
    scenario.userFacts.describe("bob", { contacts: new Set(["ann"]) });
    await talk(ann, bob);
    assert.deepEqual(toldToRelay(ann), ["joined", "calling"]);
    assert.deepEqual(toldToRelay(bob), ["joined", "offer"]);
    assert.deepEqual([candidatesOf(ann), candidatesOf(bob)], [[blank], [blank]]);
  });

  test("relay-strangers keeps a stranger's call to relays, in both directions", async () => {
    const { scenario, actors } = await play("relay-strangers", "ann", "bob");
    const [ann, bob] = actors;
    // That Ann knows Bob does not make her less of a stranger to him.
    scenario.userFacts.describe("ann", { contacts: new Set(["bob"]) });
    await talk(ann, bob);
    assert.deepEqual([toldToRelay(ann), toldToRelay(bob)], [["calling"], ["offer"]]);
    assert.deepEqual([candidatesOf(ann), candidatesOf(bob)], [[blank], [blank]]);
  });

  test("relay-strangers leaves a call by one of the callee's contacts alone", async () => {
    const { scenario, actors } = await play("relay-strangers", "ann", "bob");
    const [ann, bob] = actors;
    scenario.userFacts.describe("bob", { contacts: new Set(["ann"]) });
    await talk(ann, bob);
    assert.deepEqual([toldToRelay(ann), toldToRelay(bob)], [[], []]);
    assert.deepEqual(candidatesOf(ann), [host, related, `${host} late`]);
    assert.deepEqual(candidatesOf(bob), [host, related, `${host} late`]);
  });

  test("relay-strangers refuses nobody who calls somebody away, whose contacts cannot be read", async () => {
    const { scenario, actors } = await play("relay-strangers", "ann", "bob");
    const [ann] = actors;
    scenario.userFacts.databaseHangs();
    const callId = scenario.id(scenario.proposeCall());
    await scenario.row("ann offers dan", () => ann.device.send({ type: "offer", to: "dan", callId, sdp: revealing }));
    scenario.expect(`
      0s    ann offers dan | recorded unreachable | ann < calling | ann < reject unreachable
    `);
  });

  test("all changes nothing", async () => {
    const { actors } = await play("all", "ann", "bob");
    const [ann, bob] = actors;
    await talk(ann, bob);
    assert.deepEqual([toldToRelay(ann), toldToRelay(bob)], [[], []]);
    assert.deepEqual(candidatesOf(bob), [host, related, `${host} late`]);
  });

  test("refuses a description that names an address, of any negotiation, and passes one that names none", async () => {
    const { scenario, actors } = await play("relay", "ann", "bob");
    const [ann, bob] = actors;
    const offer = (sdp: string, neg: number) =>
      ann.device.send({ type: "offer", to: "bob", callId: scenario.id("c1"), sdp, neg });
    scenario.proposeCall();
    await scenario.row("ann offers with an address", () => offer(revealing, 1));
    await scenario.row("ann offers", () => offer("v=0\r\n", 1));
    const answer = (sdp: string) => bob.device.send({ type: "answer", callId: bob.call, to: "ann", sdp, neg: 1 });
    await scenario.row("bob answers with an address", () => answer(revealing));
    await scenario.row("bob answers", () => answer("v=0\r\n"));
    await scenario.row("ann renegotiates with an address", () => offer(revealing, 2));
    await scenario.row("ann renegotiates", () => offer("v=0\r\n", 2));
    scenario.expect(`
      0s    ann offers with an address       | ann < error relay_only
      0s    ann offers                       | ann < calling | bob < offer
      0s    bob answers with an address      | bob < error relay_only
      0s    bob answers                      | ann < answer
      0s    ann renegotiates with an address | ann < error relay_only
      0s    ann renegotiates                 | bob < offer again 2
    `);
  });

  test("holds for a call that glare made, and after a restart", async () => {
    const { scenario, actors } = await play("relay-strangers", "ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await ann.trickles(related);
    await bob.offers("ann");
    const calling = bob.device.received.find((message) => message.type === "calling");
    assert.equal(calling?.type === "calling" && calling.iceTransportPolicy, "relay");
    assert.deepEqual(calling?.type === "calling" && calling.candidates, [{ candidate: blank }]);
    await bob.answers();
    scenario.restart(1_000);
    for (const actor of [ann, bob]) await actor.resumes();
    await bob.trickles(host);
    await bob.trickles(related);
    assert.deepEqual(candidatesOf(ann), [blank]);
  });

  test("holds for a device that says no protocol, which is told in the same field", async () => {
    const { actors } = await play("relay-strangers", "ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    for (const candidate of [host, related]) await ann.trickles(candidate);
    await leo.answers();
    for (const candidate of [host, related]) await leo.trickles(candidate);
    assert.deepEqual(toldToRelay(leo), ["offer"]);
    assert.deepEqual([candidatesOf(ann), candidatesOf(leo)], [[blank], [blank]]);
  });
});
