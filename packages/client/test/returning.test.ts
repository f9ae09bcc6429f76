import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KeptTab, TabMemory } from "@echoo/client";
import { Bench, joined, settled } from "./bench.ts";
import { connected, type TwoSides } from "./two-sides.ts";

/** One tab's storage. While a page holds it, another one is a duplicated tab. */
class FakeTab implements TabMemory {
  kept: KeptTab | undefined;
  isHeld = false;
  async claim(): Promise<KeptTab> {
    if (this.isHeld || this.kept === undefined) return { deviceId: "another-device" };
    this.isHeld = true;
    return this.kept;
  }
  write(kept: KeptTab): void {
    this.kept = JSON.parse(JSON.stringify(kept));
  }
  forget(): void {
    this.kept = undefined;
  }
  release(): void {
    this.isHeld = false;
  }
}

/** Bob's page of a call that Ann is in as well is loaded anew; what the server says of that call is given. */
async function reloaded({ clock, network, bobCall, ann }: TwoSides, hears = true) {
  const tab = new FakeTab();
  const { id, startedAtMs = 0 } = bobCall;
  const call = { id, peerName: "Ann", direction: "incoming", startedAtMs, audio: false, video: true } as const;
  tab.kept = { deviceId: "bobs-tab", session: "s2", calls: [call] };
  const page = new Bench({ userId: "bob", tab }, { clock, network });
  const returned: unknown[] = [];
  if (hears) page.client.on("returning", (one) => returned.push(one));
  page.client.connect();
  page.socket.open();
  await settled();
  const summary = { callId: id, role: "callee", peer: "ann", isVideoCall: true, bound: true, state: "active" } as const;
  const calls = [{ ...summary, peerProtocol: 2, neg: 7 }];
  page.socket.say(joined({ userId: "bob", session: "s3", rebound: [id], calls }));
  await settled();
  return { page, tab, returned, ann };
}

describe("a page that was loaded anew in a call", () => {
  it("is the same device, names the session of the page before and nothing that it has handled", async () => {
    const { page, tab } = await reloaded(await connected());
    const { deviceId, resume } = page.socket.last("join");
    assert.deepEqual([deviceId, resume], ["bobs-tab", { session: "s2" }]);
    assert.equal(page.client.deviceId, "bobs-tab");
    assert.equal(tab.kept?.session, "s3");
  });

  it("shows the call as it was, and goes on with it by a new connection, muted as before", async () => {
    const sides = await connected();
    const { page, returned } = await reloaded(sides);
    const [call] = page.client.calls;
    assert(call !== undefined);
    assert.deepEqual(returned, [call]);
    assert.deepEqual([call.state, call.interruption, call.direction], ["reconnecting", "media", "incoming"]);
    assert.deepEqual([call.peer, call.peerName, call.startedAtMs], ["ann", "Ann", sides.bobCall.startedAtMs]);
    await call.rejoin();
    const offer = page.socket.last("offer");
    assert.deepEqual([offer.renew, offer.neg, offer.callId], [true, 8, call.id]);
    assert.deepEqual(call.media, { audio: false, video: true, screen: false });
    // Ann's page makes a connection of its own for it, and answers from that.
    const { ann } = sides;
    ann.socket.say({ ...offer, type: "offer", from: "bob", isVideoCall: true, callId: call.id, renew: true, neg: 8 });
    await settled();
    assert.deepEqual(
      ann.media.connections.map(({ signalingState }) => signalingState),
      ["closed", "stable"],
    );
    const { sdp } = ann.socket.last("answer");
    page.socket.say({ type: "answer", callId: call.id, from: "ann", to: "bob", sdp, neg: 8 });
    await settled();
    assert.equal(page.media.connections[0]?.signalingState, "stable");
    assert.equal(ann.socket.last("mediaState").audio, true);
  });

  it("ends the call where the other device cannot build a second connection", async () => {
    for (const refusal of ["offerRefused", "error"] as const) {
      const { page } = await reloaded(await connected());
      const [call] = page.client.calls;
      assert(call !== undefined);
      await call.rejoin();
      if (refusal === "error") page.socket.say({ type: "error", code: "peer_legacy", message: "No.", callId: call.id });
      else page.socket.say({ type: "offerRefused", callId: call.id, from: "ann", to: "bob", neg: 8 });
      await settled();
      assert.equal(call.state, "ended");
      assert.equal(page.socket.last("hangup").callId, call.id);
      assert.equal(page.media.liveTracks.length, 0);
    }
  });

  it("ends the call where its user gets no microphone, and where nothing on the page asks for such calls", async () => {
    const { page } = await reloaded(await connected());
    page.media.refusal = "NotAllowedError";
    await assert.rejects(page.client.calls[0]?.rejoin() ?? Promise.resolve(), { code: "media_denied" });
    assert.deepEqual([...page.client.calls], []);
    const deaf = await reloaded(await connected(), false);
    assert.deepEqual([...deaf.page.client.calls], []);
    assert.equal(deaf.page.socket.last("hangup").to, "ann");
  });

  it("keeps what the next page needs of a call, and nothing once it is over or its user has left", async () => {
    const tab = new FakeTab();
    tab.kept = { deviceId: "a-tab" };
    const page = new Bench({ tab });
    page.client.connect();
    page.socket.open();
    await settled();
    page.joins();
    assert.deepEqual(tab.kept, { deviceId: "a-tab", session: "s1", calls: [] });
    const left = page.client.leave();
    page.socket.drop(1000);
    await left;
    assert.equal(tab.kept, undefined);
  });

  it("is another device in a duplicated tab, and takes no session along", async () => {
    const tab = new FakeTab();
    tab.kept = { deviceId: "a-tab", session: "s1" };
    tab.isHeld = true;
    const page = new Bench({ tab });
    page.client.connect();
    page.socket.open();
    await settled();
    const { deviceId, resume } = page.socket.last("join");
    assert.deepEqual([deviceId, resume], ["another-device", undefined]);
  });
});
