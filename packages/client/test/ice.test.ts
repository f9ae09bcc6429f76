import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertNothingLeft, connected, ringing } from "./two-sides.ts";

describe("ICE", () => {
  it("is restarted by the side that placed the call, and media comes back", async () => {
    const { annCall, bobCall, ann, bob, network, board } = await connected();
    const before = /a=ice-ufrag:(\S+)/.exec(ann.socket.last("offer").sdp)?.[1];
    network.cut();
    network.heal();
    await board.settle();
    const restart = ann.socket.last("offer");
    assert.equal(restart.neg, 2);
    assert.notEqual(/a=ice-ufrag:(\S+)/.exec(restart.sdp)?.[1], before);
    assert.equal(bob.socket.types().includes("offer"), false);
    assert.deepEqual([annCall.state, bobCall.state], ["connected", "connected"]);
    assert.equal(ann.socket.types().filter((type) => type === "connected").length, 1);
  });

  it("shows as reconnecting while it is down", async () => {
    const { annCall, bobCall, network, board } = await connected();
    board.held.add("offer");
    network.cut();
    await board.settle();
    assert.deepEqual([annCall.state, bobCall.state], ["reconnecting", "reconnecting"]);
  });

  it("is given up after two restarts in vain, and the call is hung up with the reason", async () => {
    const sides = await connected();
    sides.network.cut();
    await sides.board.settle();
    assert.equal(sides.ann.socket.types().filter((type) => type === "offer").length, 3);
    assert.equal(sides.ann.socket.last("hangup").reason, "ice_failed");
    assert.equal(sides.annCall.endReason, "hangup");
    assertNothingLeft(sides);
  });

  it("is given up where no restart is answered in time", async () => {
    const { annCall, network, board, clock } = await connected();
    board.held.add("offer");
    network.cut();
    await board.settle();
    clock.advance(20_000);
    await board.settle();
    assert.equal(annCall.state, "reconnecting");
    clock.advance(20_000);
    await board.settle();
    assert.equal(annCall.state, "ended");
  });

  it("is waited for by the answering side, though not for ever", async () => {
    const { annCall, bobCall, bob, network, board, clock } = await connected();
    for (const type of ["offer", "hangup"]) board.held.add(type);
    network.cut();
    await board.settle();
    clock.advance(44_999);
    assert.equal(bobCall.state, "reconnecting");
    clock.advance(1);
    assert.deepEqual([annCall.state, bobCall.state], ["ended", "ended"]);
    assert.equal(bob.socket.last("hangup").reason, "ice_failed");
  });

  it("that never connected ends the call as one that could not be connected", async () => {
    const sides = await ringing();
    sides.network.cut();
    await sides.bobCall.answer();
    await sides.board.settle();
    // Each side sees it for itself at the same moment, and says so before it hears of the other.
    assert.deepEqual([sides.annCall.endReason, sides.bobCall.endReason], ["connect_failed", "connect_failed"]);
    assert.deepEqual([sides.annCall.endedBy, sides.bobCall.endedBy], ["you", "you"]);
    for (const { socket } of [sides.ann, sides.bob]) assert.equal(socket.last("hangup").reason, "ice_failed");
    assertNothingLeft(sides);
  });

  it("is not restarted while the peer is away, and is once they are back", async () => {
    const { annCall, ann, network, board } = await connected();
    ann.socket.say({ type: "peerLost", callId: annCall.id, resumeInMs: 45_000 });
    assert.equal(annCall.state, "reconnecting");
    network.cut();
    network.heal();
    await board.settle();
    assert.equal(ann.socket.types().filter((type) => type === "offer").length, 1);
    ann.socket.say({ type: "peerBack", callId: annCall.id });
    await board.settle();
    assert.equal(ann.socket.types().filter((type) => type === "offer").length, 2);
    assert.equal(annCall.state, "connected");
  });

  it("is left alone where it held while the peer was away", async () => {
    const { annCall, ann, board } = await connected();
    ann.socket.say({ type: "peerLost", callId: annCall.id, resumeInMs: 45_000 });
    ann.socket.say({ type: "peerBack", callId: annCall.id });
    await board.settle();
    assert.equal(ann.socket.types().filter((type) => type === "offer").length, 1);
    assert.equal(annCall.state, "connected");
  });

  it("says all that is known of a peer that cannot come back to the server: the call goes on with it, and ends with it", async () => {
    const sides = await connected();
    const { annCall, ann, network, board, clock } = sides;
    ann.socket.say({ type: "peerLost", callId: annCall.id });
    assert.equal(annCall.state, "connected");
    network.cut();
    clock.advance(60_000);
    await board.settle();
    assert.deepEqual([annCall.state, annCall.endedBy], ["ended", "you"]);
    assert.equal(ann.socket.last("hangup").reason, "ice_failed");
  });

  it("takes no candidate of another negotiation, and none twice", async () => {
    const { annCall, ann, board } = await connected();
    const [connection] = ann.media.connections;
    assert(connection !== undefined);
    const added: (string | null)[] = [];
    const add = connection.addIceCandidate.bind(connection);
    connection.addIceCandidate = (candidate) => {
      added.push(candidate?.candidate ?? null);
      return add(candidate);
    };
    const ufrag = /a=ice-ufrag:(\S+)/.exec(connection.remoteDescription?.sdp ?? "")?.[1] ?? "";
    const say = (candidate: string, usernameFragment?: string) =>
      ann.socket.say({
        type: "candidate",
        callId: annCall.id,
        from: "bob",
        to: "ann",
        candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0, ...(usernameFragment ? { usernameFragment } : {}) },
      });
    say("candidate:2 1 udp 1 127.0.0.1 1 typ host", "stale");
    say("candidate:3 1 udp 1 127.0.0.1 1 typ host ufrag stale");
    say("candidate:4 1 udp 1 127.0.0.1 1 typ host", ufrag);
    say("candidate:4 1 udp 1 127.0.0.1 1 typ host", ufrag);
    await board.settle();
    assert.deepEqual(added, ["candidate:4 1 udp 1 127.0.0.1 1 typ host"]);
  });

  it("passes the end of candidates on, but not after a restart, when it could be that of the time before", async () => {
    const { annCall, ann, network, board } = await connected();
    const [connection] = ann.media.connections;
    assert(connection !== undefined);
    const ends: string[] = [];
    const add = connection.addIceCandidate.bind(connection);
    connection.addIceCandidate = (candidate) => {
      if (candidate === null) ends.push(connection.iceConnectionState);
      return add(candidate);
    };
    network.cut();
    network.heal();
    await board.settle();
    ann.socket.say({ type: "candidate", callId: annCall.id, from: "bob", to: "ann", candidate: null });
    await board.settle();
    assert.deepEqual(ends, []);
  });

  it("survives a candidate that the browser cannot use", async () => {
    const { annCall, ann, board } = await connected();
    const errors: string[] = [];
    annCall.on("error", ({ code }) => errors.push(code));
    ann.socket.say({
      type: "candidate",
      callId: annCall.id,
      from: "bob",
      to: "ann",
      candidate: { candidate: "nonsense" },
    });
    await board.settle();
    assert.deepEqual([annCall.state, errors], ["connected", []]);
  });
});
