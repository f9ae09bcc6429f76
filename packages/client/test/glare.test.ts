import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeNetwork } from "@echoo/client/fake";
import { FakeClock } from "@echoo/testkit";
import { Bench, settled } from "./bench.ts";

/** Bob dials Ann; Ann has dialled Bob a moment earlier, and her call stands. */
async function glare(options: { annVideo?: boolean } = {}) {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock);
  const ann = new Bench({ userId: "ann" }, { clock, network }).online();
  const bob = new Bench({ userId: "bob" }, { clock, network }).online({ userId: "bob", session: "s2" });
  const rings: string[] = [];
  bob.client.on("incoming", (call) => rings.push(call.id));
  void ann.client.call("bob", { video: options.annVideo ?? false });
  const bobPlaced = bob.client.call("ann", { video: false });
  await settled();
  const [standing, second] = [ann.socket.last("offer"), bob.socket.last("offer")];
  const [callId = "", replaces = ""] = [standing.callId, second.callId];
  ann.socket.say({ type: "calling", callId, to: "bob", expiresInMs: 60_000 });
  const offer = {
    type: "offer",
    callId,
    from: "ann",
    to: "bob",
    sdp: standing.sdp,
    isVideoCall: false,
    neg: 1,
  } as const;
  const candidates = ann.socket.received.flatMap((one) => (one.type === "candidate" ? [one.candidate] : []));
  const merge = () =>
    bob.socket.say({
      type: "calling",
      callId,
      to: "ann",
      expiresInMs: 59_000,
      replaces,
      sdp: standing.sdp,
      candidates,
    });
  return { ann, bob, network, clock, rings, callId, replaces, offer, merge, bobPlaced };
}

describe("two people who dial each other", () => {
  it("get one call: the second dialler answers the first one's offer from a new connection", async () => {
    const { ann, bob, rings, callId, offer, merge, bobPlaced } = await glare();
    bob.socket.say(offer);
    merge();
    const bobCall = await bobPlaced;
    await settled();
    assert.deepEqual(rings, []);
    assert.deepEqual(
      bob.client.calls.map((call) => call.id),
      [callId],
    );
    assert.deepEqual([bobCall.id, bobCall.direction], [callId, "outgoing"]);
    assert.deepEqual(
      bob.media.connections.map((one) => one.signalingState),
      ["closed", "stable"],
    );
    const answer = bob.socket.last("answer");
    assert.equal(answer.callId, callId);
    ann.socket.say({ type: "answer", callId, from: "bob", to: "ann", sdp: answer.sdp });
    await settled();
    for (const message of bob.socket.received) {
      if (message.type !== "candidate" || message.callId !== callId) continue;
      ann.socket.say({ type: "candidate", callId, from: "bob", to: "ann", candidate: message.candidate });
    }
    await settled();
    assert.deepEqual([ann.client.calls[0]?.state, bobCall.state], ["connected", "connected"]);
  });

  it("send no more media than each chose", async () => {
    const { bob, merge, bobPlaced } = await glare({ annVideo: true });
    merge();
    const call = await bobPlaced;
    await settled();
    assert.deepEqual(call.media, { audio: true, video: false, screen: false });
    assert.deepEqual(
      bob.media.liveTracks.map((track) => track.label),
      ["microphone"],
    );
  });

  it("open their devices once", async () => {
    const { bob, merge, bobPlaced } = await glare();
    const [before] = bob.media.liveTracks;
    merge();
    await bobPlaced;
    await settled();
    assert.deepEqual(bob.media.liveTracks, [before]);
  });

  it("send no candidate of the connection that was given up under the standing call's id", async () => {
    const { bob, merge, callId } = await glare();
    merge();
    await settled();
    const ufrag = /a=ice-ufrag:(\S+)/.exec(bob.socket.last("answer").sdp)?.[1];
    const sent = bob.socket.received.filter((one) => one.type === "candidate" && one.callId === callId);
    assert.deepEqual(
      sent.map((one) => one.type === "candidate" && (one.candidate?.usernameFragment ?? null)),
      [ufrag, null],
    );
  });

  it("are merged once, though the message comes twice", async () => {
    const { bob, merge } = await glare();
    merge();
    await settled();
    merge();
    await settled();
    assert.equal(bob.media.connections.length, 2);
  });

  it("part again with one hang-up of the standing call", async () => {
    const { bob, merge, bobPlaced, callId } = await glare();
    merge();
    const call = await bobPlaced;
    call.hangUp();
    await settled();
    assert.equal(bob.socket.last("hangup").callId, callId);
    assert.deepEqual(bob.media.liveTracks, []);
  });

  it("do not talk where the second has hung up before they were merged", async () => {
    const { bob, merge, replaces } = await glare();
    bob.client.calls[0]?.hangUp();
    merge();
    await settled();
    assert.equal(bob.socket.last("hangup").callId, replaces);
    assert.equal(bob.socket.types().includes("answer"), false);
  });

  it("see the other's ring after all where the server does not merge them", async () => {
    const { bob, rings, offer, callId, bobPlaced } = await glare();
    bob.socket.say(offer);
    assert.deepEqual(rings, []);
    const { id = "" } = bob.socket.last("offer");
    bob.socket.say({ type: "error", code: "unavailable", message: "Try again.", id });
    await assert.rejects(bobPlaced, { code: "unavailable" });
    assert.deepEqual(rings, [callId]);
    assert.equal(bob.client.calls[0]?.state, "incoming");
  });

  it("see no ring that ended while it was held back", async () => {
    const { bob, rings, offer, callId } = await glare();
    bob.socket.say(offer);
    bob.socket.say({ type: "hangup", callId, from: "ann", to: "bob", reason: "cancelled" });
    bob.socket.say({ type: "calling", callId: bob.socket.last("offer").callId ?? "", to: "ann", expiresInMs: 60_000 });
    assert.deepEqual(rings, []);
  });
});
