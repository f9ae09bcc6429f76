import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CallSummary } from "@echoo/protocol";
import { Bench, settled } from "./bench.ts";
import { connected, ringing, type TwoSides } from "./two-sides.ts";

/** Ann's socket breaks, and the next one is open. */
function breakLink({ ann, clock }: Pick<TwoSides, "ann" | "clock">): void {
  ann.socket.drop(1006);
  clock.advance(200);
  ann.socket.open();
}

function summary(call: { id: string }, fields: Partial<CallSummary>): CallSummary {
  return { callId: call.id, role: "caller", peer: "bob", isVideoCall: false, bound: true, state: "active", ...fields };
}

describe("a resumed session", () => {
  it("shows the call as reconnecting until it is back, and leaves the connection alone", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    ann.socket.drop(1006);
    assert.equal(annCall.state, "reconnecting");
    assert.equal(annCall.remoteStream?.getTracks().length, 1);
    sides.clock.advance(200);
    ann.joins({ resumed: true, n: 100 });
    await settled();
    assert.equal(annCall.state, "connected");
    assert.deepEqual(ann.socket.types(), ["join"]);
  });

  it("sends again what the server has not handled, in order and with the same numbers", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    annCall.sendChat("one");
    annCall.sendChat("two");
    const sent = ann.socket.received.filter((message) => message.type === "chat");
    breakLink(sides);
    annCall.sendChat("three");
    ann.socket.say({ ...resumed, n: sent[0]?.n ?? 0 });
    const again = ann.socket.received.filter((message) => message.type === "chat");
    assert.deepEqual(
      again.map(({ message }) => message),
      ["two", "three"],
    );
    assert.equal(again[0]?.n, sent[1]?.n);
  });

  it("does not send again what a pong has confirmed", async () => {
    const { ann, clock } = await connected();
    ann.socket.say({ type: "pong", time: 0, n: ann.socket.received.at(-1)?.n ?? 0 });
    breakLink({ ann, clock });
    ann.socket.say({ ...resumed, n: 0 });
    assert.deepEqual(ann.socket.types(), ["join"]);
  });

  it("handles each message once, though the server repeats some", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    const heard: string[] = [];
    annCall.on("chat", ({ message }) => heard.push(message));
    const chat = { type: "chat", callId: annCall.id, from: "bob", to: "ann" } as const;
    ann.socket.say({ ...chat, message: "one", seq: 41 });
    ann.socket.say({ ...chat, message: "two", seq: 42 });
    breakLink(sides);
    assert.equal(ann.socket.last("join").resume?.seq, 42);
    ann.socket.say({ ...resumed, n: 100 });
    ann.socket.say({ ...chat, message: "two", seq: 42 });
    ann.socket.say({ ...chat, message: "three", seq: 43 });
    assert.deepEqual(heard, ["one", "two", "three"]);
  });

  it("restarts ICE that broke meanwhile, from the side that placed the call", async () => {
    const sides = await connected();
    const { annCall, ann, bob, network, board } = sides;
    ann.socket.drop(1006);
    network.cut();
    network.heal();
    await settled();
    assert.equal(bob.socket.types().includes("offer"), false);
    sides.clock.advance(200);
    ann.joins({ resumed: true, n: 100, calls: [summary(annCall, { peerProtocol: 2 })] });
    await settled();
    assert.equal(ann.socket.last("offer").neg, 2);
    const { sdp } = ann.socket.last("offer");
    bob.socket.say({ type: "offer", callId: annCall.id, from: "ann", to: "bob", sdp, isVideoCall: false, neg: 2 });
    await board.settle();
  });

  it("does not restart ICE towards a legacy peer", async () => {
    const sides = await connected();
    const { annCall, ann, network } = sides;
    ann.socket.drop(1006);
    network.cut();
    await settled();
    sides.clock.advance(200);
    ann.joins({ resumed: true, n: 100, calls: [summary(annCall, { peerProtocol: 1 })] });
    await settled();
    assert.equal(ann.socket.types().includes("offer"), false);
  });

  it("watches again what it watched", () => {
    const bench = new Bench().online();
    bench.client.watch(["bob", "cid"]);
    bench.client.unwatch(["cid"]);
    assert.deepEqual(bench.socket.last("watch").users, ["bob", "cid"]);
    bench.socket.drop(1006);
    bench.clock.advance(200);
    bench.joins({ resumed: true, n: 0 });
    assert.deepEqual(bench.socket.last("watch").users, ["bob"]);
  });
});

describe("a session that was lost", () => {
  const ends: readonly (readonly [string, Partial<CallSummary> | undefined, string])[] = [
    ["as ended, with its reason", { state: "ended", endReason: "server_restart", bound: false }, "server_restart"],
    ["as answered by another device", { state: "active", bound: false }, "answered_elsewhere"],
    ["not at all", undefined, "connection_lost"],
  ];
  for (const [how, fields, reason] of ends) {
    it(`drops a call that the server lists ${how}, and sends nothing more about it`, async () => {
      const sides = await connected();
      const { annCall, ann } = sides;
      ann.socket.drop(1006);
      annCall.sendChat("too late");
      sides.clock.advance(200);
      ann.joins({ session: "s9", calls: fields === undefined ? [] : [summary(annCall, fields)] });
      await settled();
      assert.deepEqual([annCall.state, annCall.endReason], ["ended", reason]);
      assert.deepEqual(new Set(ann.socket.types()), new Set(["join", "stats"]));
    });
  }

  it("learns who ended a call while this device was away", async () => {
    const { annCall, ann, clock } = await connected();
    ann.socket.drop(1006);
    clock.advance(200);
    const ended = summary(annCall, { state: "ended", endReason: "hangup", endedBy: "you", bound: false });
    ann.joins({ resumed: false, n: 0, calls: [ended] });
    await settled();
    assert.deepEqual([annCall.endReason, annCall.endedBy], ["hangup", "you"]);
  });

  it("keeps a call that it was bound to again", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    ann.socket.drop(1006);
    annCall.sendChat("still here");
    sides.clock.advance(200);
    ann.joins({ session: "s9", rebound: [annCall.id], calls: [summary(annCall, { peerProtocol: 2 })] });
    await settled();
    assert.equal(annCall.state, "connected");
    assert.equal(ann.socket.last("chat").message, "still here");
  });

  it("says no line of chat twice, and those that no server can have heard", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    annCall.sendChat("heard");
    annCall.sendEmoji("👋");
    ann.socket.drop(1006);
    annCall.sendChat("unheard");
    ann.retries().joins({ session: "s9", rebound: [annCall.id], calls: [summary(annCall, { peerProtocol: 2 })] });
    const lines = ann.socket.received.flatMap((one) => (one.type === "chat" ? [one.message] : []));
    assert.deepEqual(lines, ["unheard"]);
    assert.equal(ann.socket.types().includes("emoji"), false);
  });

  it("counts the server's messages from the start", async () => {
    const sides = await connected();
    const { annCall, ann } = sides;
    const heard: string[] = [];
    annCall.on("chat", ({ message }) => heard.push(message));
    const chat = { type: "chat", callId: annCall.id, from: "bob", to: "ann" } as const;
    ann.socket.say({ ...chat, message: "one", seq: 41 });
    breakLink(sides);
    const calls = [summary(annCall, { peerProtocol: 2 })];
    ann.socket.say({ ...resumed, resumed: false, session: "s9", rebound: [annCall.id], calls });
    ann.socket.say({ ...chat, message: "two", seq: 1 });
    assert.deepEqual(heard, ["one", "two"]);
  });

  it("hangs up a call that this device is bound to and does not hold", () => {
    const bench = new Bench().online({ calls: [summary({ id: "lost" }, {})] });
    const { callId, to } = bench.socket.last("hangup");
    assert.deepEqual([callId, to], ["lost", "bob"]);
  });

  it("leaves a call alone that rings, or that other devices have", () => {
    const calls = [
      summary({ id: "rings" }, { state: "ringing", role: "callee", bound: false }),
      summary({ id: "elsewhere" }, { bound: false }),
      summary({ id: "over" }, { state: "ended", endReason: "hangup" }),
    ];
    assert.deepEqual(new Bench().online({ calls }).socket.types(), ["join"]);
  });

  it("offers again what the server never confirmed", async () => {
    const bench = new Bench().online();
    void bench.client.call("bob", { video: false });
    await settled();
    const { callId, n } = bench.socket.last("offer");
    bench.socket.drop(1006);
    bench.clock.advance(200);
    bench.joins({ session: "s9" });
    const again = bench.socket.last("offer");
    assert.deepEqual([again.callId, again.n], [callId, n]);
    assert.equal(bench.client.calls[0]?.state, "calling");
  });

  it("offers a call that was placed while the link was away", async () => {
    const bench = new Bench().online();
    bench.socket.drop(1006);
    void bench.client.call("bob", { video: false });
    await settled();
    bench.clock.advance(200);
    bench.joins({ session: "s9" });
    assert.equal(bench.socket.last("offer").to, "bob");
  });

  it("says nothing of a call that was placed and given up while the link was away", async () => {
    const bench = new Bench().online();
    bench.socket.drop(1006);
    const placed = bench.client.call("bob", { video: false });
    await settled();
    bench.client.calls[0]?.hangUp();
    await placed;
    bench.clock.advance(200);
    bench.joins({ resumed: true, n: 0 });
    assert.deepEqual(bench.socket.types(), ["join"]);
  });

  it("takes the answer that was lost with the old session's queue", async () => {
    const sides = await ringing();
    const { annCall, bobCall, ann, bob, board } = sides;
    board.held.add("answer");
    board.held.add("candidate");
    await bobCall.answer();
    await board.settle();
    ann.socket.drop(1006);
    sides.clock.advance(200);
    const candidates = bob.socket.received.flatMap((one) => (one.type === "candidate" ? [one.candidate] : []));
    const { sdp } = bob.socket.last("answer");
    const answered = summary(annCall, { state: "connecting", answer: { sdp, neg: 1 }, candidates, peerProtocol: 2 });
    ann.joins({ session: "s9", rebound: [annCall.id], calls: [answered] });
    await settled();
    assert.equal(ann.media.connections[0]?.signalingState, "stable");
    assert.equal(annCall.startedAtMs, sides.clock.now());
    assert.equal(annCall.remoteStream?.getAudioTracks().length, 1);
  });

  it("declines after all what was declined while the link was away, and does not ring again", async () => {
    const { bob, bobCall, clock } = await ringing();
    const rings: string[] = [];
    bob.client.on("incoming", (call) => rings.push(call.id));
    bob.socket.drop(1006);
    bobCall.decline();
    clock.advance(200);
    const still = summary(bobCall, { state: "ringing", role: "callee", peer: "ann", bound: false });
    bob.joins({ userId: "bob", session: "s9", calls: [still] });
    assert.equal(bob.socket.last("reject").callId, bobCall.id);
    const offer = { type: "offer", callId: bobCall.id, from: "ann", to: "bob", isVideoCall: false } as const;
    bob.socket.say({ ...offer, sdp: "v=0", expiresInMs: 1000 });
    assert.deepEqual(rings, []);
  });

  it("goes on ringing, and says so again", async () => {
    const { bob, bobCall, clock } = await ringing();
    bob.socket.drop(1006);
    clock.advance(200);
    const still = summary(bobCall, { state: "ringing", role: "callee", peer: "ann", bound: false });
    bob.joins({ userId: "bob", session: "s9", calls: [still] });
    const offer = { type: "offer", callId: bobCall.id, from: "ann", to: "bob", isVideoCall: false } as const;
    bob.socket.say({ ...offer, sdp: "v=0", expiresInMs: 1000 });
    assert.equal(bobCall.state, "incoming");
    assert.equal(bob.client.calls.length, 1);
    assert.equal(bob.socket.last("ringing").callId, bobCall.id);
  });

  it("makes a pending renegotiation good with a new number", async () => {
    const sides = await connected();
    const { annCall, ann, board } = sides;
    board.held.add("offer");
    await annCall.setVideo(true);
    await board.settle();
    ann.socket.say({ type: "pong", time: 0, n: ann.socket.last("offer").n ?? 0 });
    ann.socket.drop(1006);
    sides.clock.advance(200);
    ann.joins({ session: "s9", rebound: [annCall.id], calls: [summary(annCall, { peerProtocol: 2 })] });
    await settled();
    assert.equal(ann.socket.last("offer").neg, 3);
  });
});

describe("a link that stays away", () => {
  it("ends an answered call once the server has given it up, unless media flows", async () => {
    const { annCall, ann, clock, network } = await connected();
    ann.socket.drop(1006);
    clock.advance(60_000);
    assert.equal(annCall.state, "reconnecting");
    network.cut();
    await settled();
    assert.deepEqual([annCall.state, annCall.endReason], ["ended", "connection_lost"]);
  });

  it("ends a ring when its time is over", async () => {
    const { bob, bobCall, clock } = await ringing();
    const offer = { type: "offer", callId: bobCall.id, from: "ann", to: "bob", isVideoCall: false } as const;
    bob.socket.say({ ...offer, sdp: "v=0", expiresInMs: 10_000 });
    bob.socket.drop(1006);
    clock.advance(14_999);
    assert.equal(bobCall.state, "incoming");
    clock.advance(1);
    assert.equal(bobCall.endReason, "no_answer");
  });

  it("ends every call where the session is gone for good", async () => {
    const { annCall, ann, network } = await connected();
    ann.socket.drop(4401);
    assert.deepEqual([annCall.state, annCall.endReason], ["ended", "connection_lost"]);
    await settled();
    assert.deepEqual(ann.media.liveTracks, []);
    assert.equal(network.openConnections, 1);
  });
});

const resumed = {
  type: "joined",
  userId: "ann",
  session: "s1",
  resumed: true,
  protocol: 2,
  pingMs: 15_000,
  resumeMs: 45_000,
  calls: [],
  iceServers: [],
  time: 0,
} as const satisfies Parameters<Bench["socket"]["say"]>[0];
