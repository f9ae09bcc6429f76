import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, CallState } from "@echoo/client";
import { Bench, settled } from "./bench.ts";
import { assertNothingLeft, connected, ringing } from "./two-sides.ts";

function statesOf(call: Call): CallState[] {
  const states = [call.state];
  call.on("state", (state) => states.push(state));
  return states;
}

describe("a call between two clients", () => {
  it("rings, is answered, connects and is hung up", async () => {
    const sides = await ringing({ video: true });
    const { annCall, bobCall, ann, bob, board } = sides;
    const [annStates, bobStates] = [statesOf(annCall), statesOf(bobCall)];
    assert.equal(annCall.id, bobCall.id);
    assert.equal(bobCall.peer, "ann");
    assert.equal(bobCall.isVideo, true);
    await bobCall.answer();
    await board.settle();
    assert.deepEqual(annCall.media, { audio: true, video: true, screen: false });
    assert.deepEqual(annCall.peerMedia, { audio: true, video: true, screen: false });
    assert.equal(annCall.remoteStream?.getTracks().length, 2);
    assert.equal(bobCall.remoteStream?.getTracks().length, 2);
    annCall.hangUp();
    await board.settle();
    assert.deepEqual(annStates, ["ringing", "connecting", "connected", "ended"]);
    assert.deepEqual(bobStates, ["incoming", "connecting", "connected", "ended"]);
    assert.deepEqual([annCall.endReason, annCall.endedBy], ["hangup", "you"]);
    assert.deepEqual([bobCall.endReason, bobCall.endedBy], ["hangup", "peer"]);
    assert.equal(bobCall.endSentence, "The call was hung up.");
    assert.deepEqual(
      [...new Set(ann.socket.types())],
      ["join", "offer", "candidate", "mediaState", "connected", "stats", "hangup"],
    );
    assert.equal(bob.socket.types().includes("ringing"), true);
    assertNothingLeft(sides);
  });

  it("creates no peer connection at the callee before the answer, so that no address leaks", async () => {
    const { bob } = await ringing();
    assert.equal(bob.media.connections.length, 0);
    assert.deepEqual(bob.socket.types(), ["join", "ringing"]);
  });

  it("tells the server once that media flows, and counts from the answer", async () => {
    const sides = await ringing();
    sides.clock.advance(4_000);
    await sides.bobCall.answer();
    const answeredAtMs = sides.clock.now();
    await sides.board.settle();
    for (const bench of [sides.ann, sides.bob]) {
      assert.equal(bench.socket.types().filter((type) => type === "connected").length, 1);
    }
    assert.equal(sides.annCall.startedAtMs, answeredAtMs);
    assert.equal(sides.bobCall.startedAtMs, answeredAtMs);
  });

  it("answers a video call without a camera and still receives video", async () => {
    const { bobCall, annCall, board, bob } = await ringing({ video: true });
    await bobCall.answer({ video: false });
    await board.settle();
    assert.deepEqual(bobCall.media, { audio: true, video: false, screen: false });
    assert.equal(bobCall.peerMedia.video, true);
    assert.equal(annCall.peerMedia.video, false);
    assert.equal(annCall.remoteStream?.getVideoTracks().length, 0);
    assert.deepEqual(
      bob.media.liveTracks.map((track) => track.label),
      ["microphone"],
    );
  });

  it("offers a video call without a camera that is missing, and receives video", async () => {
    const bench = new Bench().online();
    bench.media.hasCamera = false;
    void bench.client.call("bob", { video: true });
    await settled();
    const { sdp, isVideoCall } = bench.socket.last("offer");
    assert.equal(isVideoCall, true);
    assert.match(sdp, /m=video[\s\S]*a=recvonly/);
    assert.deepEqual(bench.client.calls[0]?.media, { audio: true, video: false, screen: false });
  });

  for (const fault of ["NotReadableError", "AbortError", "TimeoutError", "UnknownError"]) {
    it(`goes on without a camera that fails with ${fault}, placed or answered`, async () => {
      const bench = new Bench().online();
      bench.media.cameraFault = fault;
      void bench.client.call("bob", { video: true });
      await settled();
      assert.match(bench.socket.last("offer").sdp, /m=video[\s\S]*a=recvonly/);
      const { bob, bobCall, board, annCall } = await ringing({ video: true });
      bob.media.cameraFault = fault;
      await bobCall.answer();
      await board.settle();
      assert.deepEqual([annCall.state, annCall.peerMedia.video], ["connected", false]);
    });
  }

  it("goes back to ringing when the camera is refused, and can be answered without", async () => {
    const { bob, bobCall, board, annCall } = await ringing({ video: true });
    bob.media.refusal = "NotAllowedError";
    await assert.rejects(bobCall.answer(), { code: "media_denied" });
    assert.equal(bobCall.state, "incoming");
    bob.media.refusal = undefined;
    await bobCall.answer({ video: false });
    await board.settle();
    assert.equal(annCall.state, "connected");
  });

  for (const [refusal, code] of [
    ["NotAllowedError", "media_denied"],
    ["NotFoundError", "media_missing"],
    ["NotReadableError", "media_busy"],
    ["TypeError", "media_failed"],
  ] as const) {
    it(`does not offer when the microphone fails with ${refusal}, and says ${code}`, async () => {
      const bench = new Bench().online();
      bench.media.refusal = refusal;
      await assert.rejects(bench.client.call("bob", { video: true }), { code });
      assert.deepEqual(bench.client.calls, []);
      assert.deepEqual(bench.socket.types(), ["join"]);
    });
  }

  it("can be hung up while the browser still asks for the microphone, which is let go at once", async () => {
    const bench = new Bench().online();
    let allow = () => {};
    bench.media.decision = new Promise((resolve) => {
      allow = resolve;
    });
    const placed = bench.client.call("bob", { video: false });
    await settled();
    bench.client.calls[0]?.hangUp();
    const call = await placed;
    assert.deepEqual([call.state, call.endReason], ["ended", "cancelled"]);
    allow();
    await settled();
    assert.deepEqual(bench.media.liveTracks, []);
    assert.deepEqual(bench.socket.types(), ["join"]);
  });

  it("takes no answer to a ring that it has not answered itself", async () => {
    const { bob, bobCall, board, ann } = await ringing();
    const { sdp } = ann.socket.last("offer");
    bob.socket.say({ type: "answer", callId: bobCall.id, from: "ann", to: "bob", sdp });
    await board.settle();
    assert.equal(bobCall.state, "incoming");
  });

  it("answers the one who rings when their number is dialled", async () => {
    const { bob, bobCall, board, annCall } = await ringing();
    assert.equal(await bob.client.call("ann", { video: false }), bobCall);
    await board.settle();
    assert.equal(annCall.state, "connected");
  });

  it("carries chat and emoji, and refuses them outside the talk or past their length", async () => {
    const { annCall, bobCall, board } = await connected();
    const heard: string[] = [];
    bobCall.on("chat", ({ from, message }) => heard.push(`${from}: ${message}`));
    bobCall.on("emoji", ({ from, emoji }) => heard.push(`${from} ${emoji}`));
    annCall.sendChat("hello");
    annCall.sendEmoji("👋");
    await board.settle();
    assert.deepEqual(heard, ["ann: hello", "ann 👋"]);
    assert.throws(() => annCall.sendChat("x".repeat(4001)), { code: "invalid" });
    assert.throws(() => annCall.sendEmoji("x".repeat(17)), { code: "invalid" });
    annCall.hangUp();
    assert.throws(() => annCall.sendChat("late"), { code: "not_in_call" });
  });

  it("gives both sides the same pair of fingerprints, each its own first", async () => {
    const { annCall, bobCall } = await connected();
    assert.deepEqual(annCall.fingerprints, bobCall.fingerprints?.toReversed());
    assert.notEqual(annCall.fingerprints?.[0], annCall.fingerprints?.[1]);
  });
});
