import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MediaPort, PeerEvents } from "@echoo/client";
import { FakeMedia, FakeNetwork } from "@echoo/client/fake";
import { FakeClock } from "@echoo/testkit";
import { LocalMedia } from "../src/media/local-media.ts";
import { CallConnection } from "../src/peer/call-connection.ts";

/** A connection whose browser events the test raises itself. */
function connectionUnderTest() {
  const clock = new FakeClock();
  const fake = new FakeMedia(new FakeNetwork(clock));
  const events: PeerEvents[] = [];
  const quiet: PeerEvents = { candidate() {}, track() {}, negotiationNeeded() {}, stateChange() {} };
  const media: MediaPort = {
    createPeerConnection: (configuration, given) => {
      events.push(given);
      return fake.createPeerConnection(configuration, quiet);
    },
    createStream: (tracks) => fake.createStream(tracks),
    getUserMedia: (constraints) => fake.getUserMedia(constraints),
    getDisplayMedia: () => fake.getDisplayMedia(),
    enumerateDevices: () => fake.enumerateDevices(),
    listen: () => fake.listen(),
  };
  const sent: string[] = [];
  const local = new LocalMedia({
    media,
    inCallQueue: (operation) => connection.run(operation),
    trackReplaced() {},
    changed() {},
    clock,
    deviceChanged() {},
  });
  const connection: CallConnection = new CallConnection(
    {
      clock: new FakeClock(),
      media,
      configuration: async () => ({}),
      sendOffer: (sdp) => sent.push(sdp),
      sendAnswer: () => sent.push("answer"),
      refuseOffer: (neg) => sent.push(`refused ${neg}`),
      canSignal: () => true,
      renewed: () => sent.push("renewed"),
      sendCandidate: (candidate) => sent.push(candidate?.candidate ?? "end"),
      peerCurrent: () => true,
      stateChange: () => sent.push("state"),
      remoteTrack: () => sent.push("track"),
      fault: (cause) => sent.push(`fault ${cause}`),
    },
    local,
  );
  return { connection, local, events, sent };
}

describe("the connection of a call", () => {
  it("says nothing more of a peer connection that was given up for the other side's call", async () => {
    const { connection, local, events, sent } = connectionUnderTest();
    await local.open({ video: false });
    await connection.place({ video: false });
    const [sdp = ""] = sent.splice(0);
    const answered = connection.answer({ sdp });
    const [old] = events;
    old?.candidate({ candidate: "late" });
    old?.negotiationNeeded();
    await answered;
    old?.candidate({ candidate: "later" });
    old?.stateChange();
    old?.track({} as MediaStreamTrack);
    await connection.run(async () => {});
    assert.deepEqual(sent, ["answer"]);
  });

  it("sends candidates after the description that they belong to, though the browser is quicker", async () => {
    const { connection, local, events, sent } = connectionUnderTest();
    await local.open({ video: false });
    const placed = connection.place({ video: false });
    while (events.length === 0) await Promise.resolve();
    events[0]?.candidate({ candidate: "first" });
    await placed;
    await connection.run(async () => {});
    assert.equal(sent.length, 2);
    assert.match(sent[0] ?? "", /^v=0/);
    assert.equal(sent[1], "first");
  });

  it("opens no peer connection for a call that ended while credentials were fetched", async () => {
    const { connection, local, events } = connectionUnderTest();
    await local.open({ video: false });
    const placed = connection.place({ video: false });
    await Promise.resolve();
    connection.close();
    await assert.rejects(placed, { code: "call_ended" });
    assert.equal(events.length, 0);
  });

  it("is silent once it is closed", async () => {
    const { connection, local, events, sent } = connectionUnderTest();
    await local.open({ video: false });
    await connection.place({ video: false });
    sent.length = 0;
    connection.close();
    events[0]?.candidate({ candidate: "late" });
    events[0]?.stateChange();
    connection.onCandidate({ candidate: "late" });
    await assert.rejects(connection.answer({ sdp: "v=0" }), { code: "call_ended" });
    assert.deepEqual(
      sent.filter((line) => !line.startsWith("fault")),
      [],
    );
  });
});
