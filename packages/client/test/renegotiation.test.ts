import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerTimeoutMs } from "../src/peer/open-offer.ts";
import type { Bench } from "./bench.ts";
import { connected, ringing } from "./two-sides.ts";

describe("renegotiation", () => {
  it("adds a camera to an audio call, numbered after the first offer", async () => {
    const { annCall, bobCall, board, ann, bob } = await connected();
    assert.deepEqual([ann.socket.last("offer").neg, bob.socket.last("answer").neg], [1, 1]);
    await annCall.setVideo(true);
    await board.settle();
    assert.deepEqual([ann.socket.last("offer").neg, bob.socket.last("answer").neg], [2, 2]);
    assert.equal(ann.socket.last("offer").callId, annCall.id);
    assert.equal(bobCall.remoteStream?.getVideoTracks().length, 1);
    assert.deepEqual(bobCall.peerMedia, { audio: true, video: true, screen: false });
  });

  it("turns the camera off and on again without another offer", async () => {
    const { annCall, bobCall, board, ann } = await connected({ video: true });
    await annCall.setVideo(false);
    await board.settle();
    assert.equal(bobCall.peerMedia.video, false);
    assert.deepEqual(
      ann.media.liveTracks.map((track) => track.label),
      ["microphone"],
    );
    assert.equal(annCall.localStream?.getVideoTracks().length, 0);
    await annCall.setVideo(true);
    await board.settle();
    assert.equal(bobCall.peerMedia.video, true);
    assert.equal(ann.socket.types().filter((type) => type === "offer").length, 1);
  });

  it("shows the screen in place of the camera, and the camera again when the browser's own button ends it", async () => {
    const { annCall, bobCall, board, ann } = await connected({ video: true });
    await annCall.shareScreen(true);
    await board.settle();
    assert.deepEqual(bobCall.peerMedia, { audio: true, video: true, screen: true });
    assert.equal(annCall.localStream?.getVideoTracks()[0]?.label, "screen");
    ann.media.liveTracks.find((track) => track.label === "screen")?.endByItself();
    await board.settle();
    assert.deepEqual(bobCall.peerMedia, { audio: true, video: true, screen: false });
    assert.equal(annCall.localStream?.getVideoTracks()[0]?.label, "camera");
  });

  it("mutes without touching the connection, and says so once", async () => {
    const { annCall, bobCall, board, ann } = await connected();
    await annCall.setAudio(false);
    await annCall.setAudio(false);
    await board.settle();
    assert.equal(ann.media.liveTracks[0]?.enabled, false);
    assert.equal(bobCall.peerMedia.audio, false);
    assert.equal(ann.socket.types().filter((type) => type === "mediaState").length, 2);
  });

  it("opens one camera for two impatient clicks", async () => {
    const { annCall, ann } = await connected();
    await Promise.all([annCall.setVideo(true), annCall.setVideo(true)]);
    assert.deepEqual(
      ann.media.liveTracks.map((track) => track.label),
      ["microphone", "camera"],
    );
  });

  it("opens nothing for a call that only rings here, and remembers the mute", async () => {
    const { bobCall, bob } = await ringing();
    await assert.rejects(bobCall.setVideo(true), { code: "not_in_call" });
    await assert.rejects(bobCall.shareScreen(true), { code: "not_in_call" });
    await assert.rejects(bobCall.useDevice("audioinput", "headset"), { code: "not_in_call" });
    assert.equal(bob.media.liveTracks.length, 0);
    await bobCall.setAudio(false);
    await bobCall.answer();
    assert.equal(bob.media.liveTracks[0]?.enabled, false);
    assert.equal(bobCall.media.audio, false);
  });

  it("keeps the mute when the microphone is changed, and lets the old one go", async () => {
    const { annCall, ann } = await connected();
    await annCall.setAudio(false);
    const [old] = ann.media.liveTracks;
    await annCall.useDevice("audioinput", "headset");
    const [fresh, ...more] = ann.media.liveTracks;
    assert.notEqual(fresh, old);
    assert.equal(fresh?.enabled, false);
    assert.deepEqual(more, []);
  });

  it("has the callee give way where both sides offer at once, and both get what they wanted", async () => {
    const { annCall, bobCall, board, ann, bob } = await connected();
    board.held.add("offer");
    await Promise.all([annCall.setVideo(true), bobCall.setVideo(true)]);
    await board.settle();
    await board.release();
    assert.equal(annCall.remoteStream?.getVideoTracks().length, 1);
    assert.equal(bobCall.remoteStream?.getVideoTracks().length, 1);
    for (const bench of [ann, bob]) assert.equal(bench.media.connections[0]?.signalingState, "stable");
    // The caller's offer stood. The callee answered it with its own camera in, so that it need not offer again.
    const count = (bench: Bench, wanted: string) => bench.socket.types().filter((type) => type === wanted).length;
    assert.deepEqual([count(ann, "offer"), count(bob, "offer")], [2, 1]);
    assert.deepEqual([count(ann, "answer"), count(bob, "answer")], [0, 2]);
    assert.deepEqual([annCall.state, bobCall.state], ["connected", "connected"]);
  });

  it("answers an offer once, however often it comes", async () => {
    const { annCall, bob, board, ann } = await connected();
    await annCall.setVideo(true);
    await board.settle();
    const { sdp, neg = 0 } = ann.socket.last("offer");
    const answers = bob.socket.types().filter((type) => type === "answer").length;
    const repeated = {
      type: "offer",
      callId: annCall.id,
      from: "ann",
      to: "bob",
      sdp,
      isVideoCall: false,
      neg,
    } as const;
    bob.socket.say(repeated);
    await board.settle();
    assert.equal(bob.socket.types().filter((type) => type === "answer").length, answers);
  });

  it("does not take an answer to an older offer", async () => {
    const { annCall, board, ann } = await connected();
    board.held.add("offer");
    await annCall.setVideo(true);
    await board.settle();
    const { sdp } = ann.socket.last("offer");
    ann.socket.say({ type: "answer", callId: annCall.id, from: "bob", to: "ann", sdp, neg: 1 });
    await board.settle();
    assert.equal(ann.media.connections[0]?.signalingState, "have-local-offer");
    await board.release();
    assert.equal(ann.media.connections[0]?.signalingState, "stable");
  });

  it("takes back an offer that the peer cannot apply, says nothing of it to its user, and offers anew", async () => {
    const { annCall, bobCall, board, ann, bob, clock } = await connected();
    const errors: string[] = [];
    for (const call of [annCall, bobCall]) call.on("error", ({ code }) => errors.push(code));
    const [annConnection, bobConnection] = [ann.media.connections[0], bob.media.connections[0]];
    assert(annConnection && bobConnection);
    bobConnection.rejects = 1;
    await annCall.setVideo(true);
    await board.settle();
    assert.equal(bob.socket.last("offerRefused").neg, 2);
    assert.deepEqual([annConnection.signalingState, bobConnection.signalingState], ["stable", "stable"]);
    assert.equal(bobCall.remoteStream?.getVideoTracks().length, 0);
    clock.advance(500);
    await board.settle();
    assert.equal(ann.socket.last("offer").neg, 3);
    assert.equal(bobCall.remoteStream?.getVideoTracks().length, 1);
    assert.deepEqual(errors, []);
  });

  it("takes back an offer whose answer it cannot apply, and offers anew", async () => {
    const { annCall, bobCall, board, ann, clock } = await connected();
    const [connection] = ann.media.connections;
    assert(connection);
    connection.rejects = 1;
    await annCall.setVideo(true);
    await board.settle();
    assert.equal(connection.signalingState, "stable");
    clock.advance(500);
    await board.settle();
    assert.equal(connection.localDescription?.type, "offer");
    assert.equal(bobCall.remoteStream?.getVideoTracks().length, 1);
    // What comes afterwards finds a connection that can be negotiated.
    await bobCall.setVideo(true);
    await board.settle();
    assert.equal(annCall.remoteStream?.getVideoTracks().length, 1);
  });

  for (const lost of ["offer", "answer"] as const) {
    it(`takes back an offer whose ${lost} got lost once its time is over, and offers anew`, async () => {
      const { annCall, bobCall, board, ann, clock } = await connected();
      board.lost.add(lost);
      await annCall.setVideo(true);
      await board.settle();
      board.lost.clear();
      clock.advance(answerTimeoutMs - 1);
      await board.settle();
      assert.equal(ann.media.connections[0]?.signalingState, "have-local-offer");
      clock.advance(1);
      await board.settle();
      assert.equal(ann.media.connections[0]?.signalingState, "stable");
      clock.advance(500);
      await board.settle();
      assert.equal(ann.socket.last("offer").neg, 3);
      assert.equal(bobCall.remoteStream?.getVideoTracks().length, 1);
    });
  }

  it("goes on offering at growing intervals while nothing comes of it, and tells its user once", async () => {
    const { annCall, board, ann, bob, clock } = await connected();
    const errors: string[] = [];
    annCall.on("error", ({ code }) => errors.push(code));
    const [connection] = bob.media.connections;
    assert(connection);
    connection.rejects = 6;
    await annCall.setVideo(true);
    await board.settle();
    for (const waitMs of [500, 1_000, 2_000, 4_000, 8_000]) {
      const { neg } = ann.socket.last("offer");
      clock.advance(waitMs - 1);
      await board.settle();
      assert.equal(ann.socket.last("offer").neg, neg);
      clock.advance(1);
      await board.settle();
      assert.equal(ann.socket.last("offer").neg, (neg ?? 0) + 1);
    }
    assert.deepEqual(errors, ["negotiation_failed"]);
    clock.advance(16_000);
    await board.settle();
    assert.equal(ann.media.connections[0]?.signalingState, "stable");
    assert.equal(annCall.state, "connected");
  });

  it("does not count the time of an answer while a side has no connection to the server", async () => {
    const { annCall, board, ann, clock } = await connected();
    board.lost.add("offer");
    await annCall.setVideo(true);
    await board.settle();
    ann.socket.say({ type: "peerLost", callId: annCall.id, resumeInMs: 45_000 });
    clock.advance(2 * answerTimeoutMs);
    await board.settle();
    assert.equal(ann.media.connections[0]?.signalingState, "have-local-offer");
    board.lost.clear();
    ann.socket.say({ type: "peerBack", callId: annCall.id });
    clock.advance(answerTimeoutMs);
    await board.settle();
    clock.advance(500);
    await board.settle();
    assert.equal(ann.media.connections[0]?.signalingState, "stable");
  });

  it("takes its offer back where the peer is a legacy device, and the call goes on", async () => {
    const { annCall, board, ann } = await connected();
    board.held.add("offer");
    await annCall.setVideo(true);
    await board.settle();
    const errors: string[] = [];
    annCall.on("error", ({ code }) => errors.push(code));
    ann.socket.say({ type: "error", code: "peer_legacy", message: "No.", callId: annCall.id });
    await board.settle();
    assert.deepEqual(errors, ["peer_legacy"]);
    assert.equal(ann.media.connections[0]?.signalingState, "stable");
    assert.equal(ann.socket.types().filter((type) => type === "offer").length, 2);
    assert.equal(annCall.state, "connected");
  });
});
