import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { play, ScenarioActor } from "@echoo/testkit";

async function answered(...labels: string[]) {
  const { scenario, actors } = await play("ann", "bob", ...labels);
  const [ann, bob, ...others] = actors as [ScenarioActor, ScenarioActor, ...ScenarioActor[]];
  await ann.offers("bob", { neg: 1 });
  await bob.answers({ neg: 1 });
  scenario.transcript.restart();
  return { scenario, ann, bob, others };
}

describe("an answered call", () => {
  test("is active once a bound device is connected, and told nobody", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.connects({ id: "m1" });
    await bob.connects();
    scenario.passes(100_000);
    await bob.hangsUp({ id: "m2" });
    scenario.expect(`
      0s    ann is connected | ann < ack
      0s    bob is connected
      100s  bob hangs up     | recorded hangup by bob 100s | ann < hangup hangup | bob < ack
    `);
    assert.ok(scenario.journal.records[0]?.connectedAtMs !== undefined);
  });

  test("fails when nobody is connected thirty seconds after the answer", async () => {
    const { scenario } = await answered();
    scenario.passes(30_000);
    scenario.expect(`
      30s   … | recorded connect_failed 30s | ann < hangup connect_failed | bob < hangup connect_failed
    `);
  });

  test("fails when a device says that ICE failed, unless it was connected before", async () => {
    const { scenario, ann, bob } = await answered();
    await bob.hangsUp({ reason: "ice_failed", id: "m1" });
    await ann.offers("bob");
    await bob.answers();
    await ann.connects();
    await ann.hangsUp({ reason: "ice_failed", id: "m2" });
    scenario.expect(`
      0s    bob hangs up     | recorded connect_failed by bob 0s | ann < hangup connect_failed | bob < ack
      0s    ann offers bob   | ann < calling c2 | bob < offer c2
      0s    bob answers      | ann < answer c2
      0s    ann is connected
      0s    ann hangs up     | recorded hangup by ann 0s c2 | bob < hangup hangup c2 | ann < ack
    `);
  });

  test("has fifteen more seconds to connect after a lost leg came back, and ninety in all", async () => {
    const { scenario, ann, bob } = await answered();
    scenario.passes(20_000);
    await ann.loses();
    scenario.passes(20_000);
    await ann.resumes();
    scenario.passes(14_000);
    await bob.loses();
    scenario.passes(30_000);
    await bob.resumes();
    scenario.passes(6_000);
    scenario.expect(`
      20s   ann loses the socket | bob < peerLost 45s
      40s   ann resumes          | ann < joined resumed [connecting bound answer] | bob < peerBack
      54s   bob loses the socket | ann < peerLost 45s
      84s   bob resumes          | bob < joined resumed [connecting bound offer] | ann < peerBack
      90s   …                    | recorded connect_failed 90s | ann < hangup connect_failed | bob < hangup connect_failed
    `);
  });

  test("is connected for good when that happens while a leg is lost", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.loses();
    await bob.connects();
    scenario.passes(40_000);
    await ann.resumes();
    scenario.passes(120_000);
    await ann.hangsUp({ id: "m1" });
    scenario.expect(`
      0s    ann loses the socket | bob < peerLost 45s
      0s    bob is connected
      40s   ann resumes          | ann < joined resumed [active bound answer] | bob < peerBack
      160s  ann hangs up         | recorded hangup by ann 160s | bob < hangup hangup | ann < ack
    `);
  });

  test("relays between the bound devices alone, whatever others say", async () => {
    const { scenario, ann, bob, others } = await answered("bob's tablet", "eve");
    const [tablet, eve] = others as [ScenarioActor, ScenarioActor];
    await tablet.trickles("t1", { callId: ann.call });
    await tablet.connects({ callId: ann.call });
    await tablet.renegotiates(5, { callId: ann.call, to: "ann" });
    await eve.answers({ callId: ann.call, to: "ann" });
    await eve.trickles("e1", { callId: ann.call, to: "ann" });
    await scenario.row("ann chats", () =>
      ann.device.send({ type: "chat", to: "bob", callId: ann.call, message: "hello" }),
    );
    await scenario.row("bob mutes", () => bob.device.send({ type: "mediaState", callId: ann.call, audio: false }));
    await scenario.row("the tablet chats", () => tablet.device.send({ type: "chat", to: "ann", message: "hello" }));
    await scenario.row("eve waves", () => eve.device.send({ type: "emoji", to: "ann", emoji: "x" }));
    scenario.expect(`
      0s    bob's tablet sends t1
      0s    bob's tablet is connected | bob's tablet < error too_late answered_elsewhere
      0s    bob's tablet renegotiates | bob's tablet < error call_id_used
      0s    eve answers               | eve < error unknown_call
      0s    eve sends e1              | eve < error unknown_call
      0s    ann chats                 | bob < chat
      0s    bob mutes                 | ann < mediaState
      0s    the tablet chats          | bob's tablet < error not_bound
      0s    eve waves                 | eve < error not_in_call
    `);
  });

  test("waits for a lost leg, replays to it what it missed, and goes back to where it was", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.connects();
    await ann.loses();
    await bob.trickles("b1");
    await bob.renegotiates(1);
    scenario.passes(44_000);
    await ann.resumes();
    scenario.expect(`
      0s    ann is connected
      0s    ann loses the socket | bob < peerLost 45s
      0s    bob sends b1
      0s    bob renegotiates
      44s   ann resumes          | ann < joined resumed [active bound answer offer] | ann < candidate b1 | ann < offer again 1 | bob < peerBack
    `);
  });

  test("ends at the last proof of life when the first lost leg does not come back", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.connects();
    scenario.passes(60_000);
    await ann.trickles("a1");
    scenario.passes(30_000);
    await ann.loses();
    scenario.passes(20_000);
    await bob.loses();
    scenario.passes(25_000);
    await bob.resumes();
    scenario.expect(`
      0s    ann is connected
      60s   ann sends a1         | bob < candidate a1
      90s   ann loses the socket | bob < peerLost 45s
      110s  bob loses the socket
      135s  …                    | recorded connection_lost 90s
      135s  bob resumes          | bob < joined resumed [ended connection_lost] | bob < hangup connection_lost
    `);
  });

  test("goes on when both legs come back", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.connects();
    await ann.loses();
    await bob.loses();
    await bob.resumes();
    scenario.passes(30_000);
    await ann.resumes();
    scenario.passes(30_000);
    await ann.hangsUp({ id: "m1" });
    scenario.expect(`
      0s    ann is connected
      0s    ann loses the socket | bob < peerLost 45s
      0s    bob loses the socket
      0s    bob resumes          | bob < joined resumed [reconnecting bound offer]
      30s   ann resumes          | ann < joined resumed [active bound answer] | ann < peerLost 15s | ann < peerBack | bob < peerBack
      60s   ann hangs up         | recorded hangup by ann 60s | bob < hangup hangup | ann < ack
    `);
  });

  test("ends as a hangup when a bound device leaves, or joins naming no session after its socket was lost", async () => {
    const { scenario, ann, bob } = await answered("cleo");
    await bob.leaves();
    await ann.offers("cleo");
    const cleo = new ScenarioActor(scenario, scenario.devices[2] as ScenarioActor["device"]);
    await cleo.answers();
    await cleo.loses();
    await cleo.joins();
    scenario.expect(`
      0s    bob leaves            | recorded hangup by bob 0s | ann < hangup hangup | bob < hangup hangup
      0s    ann offers cleo       | ann < calling c2 | cleo < offer c2
      0s    cleo answers          | ann < answer c2
      0s    cleo loses the socket | ann < peerLost 45s c2
      0s    cleo joins            | recorded hangup by cleo 0s c2 | ann < hangup hangup c2 | cleo < joined [c2 ended hangup]
    `);
  });

  test("ends as a hangup where a bound device has joined anew, and its older socket turns out to be dead", async () => {
    const { scenario, ann, bob } = await answered();
    await bob.joins();
    scenario.passes(4_000);
    await scenario.row("bob's old socket is seen to be dead", () => bob.device.loseOlderSockets());
    scenario.passes(45_000);
    scenario.expect(`
      0s    bob joins                           | bob < joined [connecting]
      4s    bob's old socket is seen to be dead | ann < peerLost 45s
      5s    …                                   | recorded hangup by bob 5s | ann < hangup hangup
    `);
    void ann;
  });

  test("ends admin_ended when a bound device's token is revoked", async () => {
    const { scenario, actors } = await play("bob");
    const [bob] = actors;
    const ann = new ScenarioActor(scenario, scenario.device("ann", { token: "t1" }));
    await ann.device.connect({ resume: false });
    scenario.transcript.restart();
    await ann.offers("bob");
    await bob.answers();
    await scenario.row("the token is revoked", () => scenario.node.engine.tokenRevoked("t1"));
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann offers bob       | ann < calling | bob < offer
      0s    bob answers          | ann < answer
      0s    the token is revoked | recorded admin_ended 0s | ann < hangup admin_ended | bob < hangup admin_ended | ann < closed 4401
    `);
  });

  test("ends admin_ended when a number is proven that somebody used without a token", async () => {
    const { scenario, ann } = await answered();
    await ann.connects();
    await scenario.row("bob's number is proven", () => scenario.node.engine.numberProven("bob"));
    scenario.passes(60_000);
    scenario.expect(`
      0s    ann is connected
      0s    bob's number is proven | recorded admin_ended 0s | ann < hangup admin_ended | bob < hangup admin_ended | bob < closed 4401
    `);
  });

  test("ends at its longest duration", async () => {
    const { scenario, ann } = await answered();
    await ann.connects();
    scenario.passes(12 * 3_600_000);
    scenario.expect(`
      0s    ann is connected
      43200s …                | recorded max_duration 43200s | ann < hangup max_duration | bob < hangup max_duration
    `);
  });

  test("refuses to renegotiate with a legacy device", async () => {
    const { scenario, actors } = await play("ann", "leo (legacy)");
    const [ann, leo] = actors;
    await ann.offers("leo");
    await leo.answers();
    await ann.renegotiates(2, { to: "leo" });
    scenario.expect(`
      0s    ann offers leo   | ann < calling | leo < offer | ann < ringing
      0s    leo answers      | ann < answer
      0s    ann renegotiates | ann < error peer_legacy
    `);
  });

  test("acknowledges a second hangup and refuses all that would change it once it is over", async () => {
    const { scenario, ann, bob } = await answered();
    await ann.hangsUp({ id: "m1" });
    await ann.hangsUp({ id: "m2" });
    await bob.rejects({ id: "m3" });
    await bob.answers({ id: "m4" });
    await bob.connects({ id: "m5" });
    await bob.rings({ id: "m6" });
    await bob.trickles("b1", { id: "m7" });
    await ann.renegotiates(2, { to: "bob" });
    scenario.expect(`
      0s    ann hangs up     | recorded hangup by ann 0s | bob < hangup hangup | ann < ack
      0s    ann hangs up     | ann < ack
      0s    bob rejects      | bob < ack
      0s    bob answers      | bob < error too_late hangup
      0s    bob is connected | bob < error too_late hangup
      0s    bob rings        | bob < error too_late hangup
      0s    bob sends b1     | bob < ack
      0s    ann renegotiates | ann < error call_id_used
    `);
  });
});

describe("messages of calls", () => {
  test("are handled once when they are repeated with their number", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob", { id: "m1" });
    await ann.repeats();
    await ann.trickles("a1");
    await ann.repeats();
    await bob.answers({ id: "m2" });
    await bob.repeats();
    await bob.hangsUp({ id: "m3" });
    await bob.repeats();
    scenario.expect(`
      0s    ann offers bob   | ann < calling | bob < offer | ann < ack
      0s    ann repeats that
      0s    ann sends a1     | bob < candidate a1
      0s    ann repeats that
      0s    bob answers      | ann < answer | bob < ack
      0s    bob repeats that
      0s    bob hangs up     | recorded hangup by bob 0s | ann < hangup hangup | bob < ack
      0s    bob repeats that
    `);
  });

  test("without a callId mean the one unfinished call with that peer", async () => {
    const { scenario, actors } = await play("ann", "bob");
    const [ann, bob] = actors;
    await ann.offers("bob");
    await bob.answers({ callId: "", to: "ann" });
    await bob.hangsUp({ callId: "", to: "ann", id: "m1" });
    await bob.hangsUp({ callId: "", to: "ann", id: "m2" });
    scenario.expect(`
      0s    ann offers bob | ann < calling | bob < offer
      0s    bob answers    | ann < answer
      0s    bob hangs up   | recorded hangup by bob 0s | ann < hangup hangup | bob < ack
      0s    bob hangs up   | bob < error unknown_call
    `);
  });
});
