import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EchooClient } from "@echoo/client";
import { FakeMedia } from "@echoo/client/fake";
import { type ClientMessage, frameBytesOf, limits, type ServerMessage } from "@echoo/protocol";
import { Link } from "../src/connection/link.ts";
import { isTooLarge } from "../src/connection/message-size.ts";
import { Outbox } from "../src/connection/outbox.ts";
import { defaultReconnectPolicy } from "../src/connection/reconnect-policy.ts";
import { Bench, joined, settled } from "./bench.ts";

/** Devices of a browser whose descriptions have far more to say than any real one. */
class WordyMedia extends FakeMedia {
  override createPeerConnection(...args: Parameters<FakeMedia["createPeerConnection"]>) {
    const connection = super.createPeerConnection(...args);
    const sdp = `v=0\r\n${"a=x\r\n".repeat(limits.descriptionFrameBytes / 5)}`;
    Object.defineProperty(connection, "localDescription", { get: () => ({ type: "offer", sdp }) });
    return connection;
  }
}

/** A link on a scripted server, with what it told. */
function linkedBench() {
  const { clock, server } = new Bench();
  const told: ServerMessage[] = [];
  const link = new Link({
    clock,
    entropy: { random: () => 0, uuid: () => "u" },
    policy: defaultReconnectPolicy,
    inCall: () => false,
    askAboutSocket: async () => assert.fail("every socket opens"),
    openSocket: () => server.accept("wss://a"),
    join: () => ({ type: "join", userId: "ann", protocol: 2 }),
    hasFreshTokens: () => false,
    status: () => {},
    joined: () => {},
    message: (message) => void told.push(message),
    fault: (error) => assert.fail(error),
  });
  const joins = (fields: Parameters<typeof joined>[0] = {}) => {
    server.socket.open();
    server.socket.say(joined(fields));
  };
  /** The server closes the socket, and the session resumes on the next one. */
  const resumesAfter = (code: number, n: number) => {
    const before = server.sockets.length;
    server.socket.drop(code);
    while (server.sockets.length === before) clock.advance(100);
    joins({ resumed: true, n });
  };
  link.start();
  joins();
  return { link, told, server, resumesAfter };
}

describe("a message that no server takes", () => {
  it("is measured in bytes, by its type", () => {
    const offer = (chars: number, text = "x"): ClientMessage => ({ type: "offer", to: "bob", sdp: text.repeat(chars) });
    const empty = JSON.stringify(offer(0)).length;
    assert.equal(isTooLarge(offer(frameBytesOf("offer") - empty)), false);
    assert.equal(isTooLarge(offer(frameBytesOf("offer") - empty + 1)), true);
    assert.equal(isTooLarge(offer(frameBytesOf("offer") / 2, "é")), true);
    assert.equal(isTooLarge({ type: "chat", to: "bob", message: "x".repeat(limits.frameBytes) }), true);
  });

  it("is never written, and is refused as the server would refuse it, while what follows it goes out", async () => {
    const { link, told, server } = linkedBench();
    link.send({ type: "offer", to: "bob", sdp: "x".repeat(limits.descriptionFrameBytes), callId: "c1", id: "c1" });
    link.send({ type: "hangup", callId: "c1" });
    assert.deepEqual(told, []);
    await settled();
    assert.deepEqual(server.socket.types(), ["join", "hangup"]);
    const message = "This is larger than allowed. (offer)";
    assert.deepEqual(told, [{ type: "error", code: "payload_too_large", message, id: "c1", callId: "c1" }]);
    assert.equal(link.outbox.holdsOffer("c1"), false);
    link.stop();
  });

  it("ends the call that it was to begin, and its user is told", async () => {
    const bench = new Bench();
    const client = new EchooClient({ ...bench.options, media: new WordyMedia(bench.network) });
    client.connect();
    bench.joins();
    await assert.rejects(client.call("bob", { video: false }), { code: "payload_too_large" });
    assert.deepEqual(client.calls, []);
    assert.deepEqual(bench.socket.types(), ["join"]);
    client.dispose();
  });

  it("is not sent again to a server that closed the socket for it; the others are", () => {
    const { link, told, server, resumesAfter } = linkedBench();
    link.send({ type: "ringing", callId: "c1" });
    link.send({ type: "answer", callId: "c1", sdp: "x".repeat(20_000) });
    link.send({ type: "connected", callId: "c1" });
    resumesAfter(1009, 0);
    assert.deepEqual(server.socket.types(), ["join", "ringing", "connected"]);
    assert.deepEqual(
      told.map((message) => message.type === "error" && [message.code, message.callId]),
      [["payload_too_large", "c1"]],
    );
    // It was not any of these: they are far too small, and are sent once more.
    resumesAfter(1009, 1);
    assert.deepEqual(server.socket.types(), ["join", "connected"]);
    assert.equal(told.length, 1);
    link.stop();
  });
});

describe("an outbox that is full", () => {
  function full(): Outbox {
    const outbox = new Outbox();
    outbox.add({ type: "offer", to: "bob", sdp: "v=0", callId: "c1" });
    for (let i = 1; i < 512; i += 1) {
      const callId = i % 2 === 0 ? "c1" : "c2";
      assert(outbox.add({ type: "mediaState", callId, audio: true }) !== undefined);
    }
    return outbox;
  }

  it("takes no more, so that nothing is missing in the middle", () => {
    const outbox = full();
    assert.equal(outbox.add({ type: "mediaState", callId: "c1", audio: false }), undefined);
    assert.equal(outbox.takeForSending().length, 512);
  });

  it("takes the end of a call all the same, in place of what else was said of it", () => {
    const outbox = full();
    assert(outbox.add({ type: "hangup", callId: "c1" }) !== undefined);
    const left = outbox.takeForSending();
    assert.deepEqual(
      left.filter((message) => "callId" in message && message.callId === "c1").map(({ type }) => type),
      ["offer", "hangup"],
    );
    assert.equal(left.filter((message) => "callId" in message && message.callId === "c2").length, 256);
    // The end of a call that has nothing there waits like the rest.
    for (let i = 0; i < 254; i += 1) outbox.add({ type: "mediaState", callId: "c2" });
    assert.equal(outbox.add({ type: "hangup", callId: "c3" }), undefined);
  });
});
