import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { limits, messageRates } from "@echoo/protocol";
import { RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { offer, ring, somebody, talk, twoPeople } from "./talk.ts";

const [joinMs, pingMs] = [400, 1_000];
/** What a busy machine may add; far less than any fault would. */
const graceMs = 700;

describe("the limits of a socket", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_JOIN_MS: String(joinMs), ECHOO_PING_MS: String(pingMs) } });
  });
  after(() => server.stop());

  test("who does not join in time hears why, is closed with 4408, and cut within a second without an answer", async (t) => {
    const raw = await RawSocket.connect(server.url, t);
    assert.equal(await raw.upgrade("/"), 101);
    const begun = performance.now();
    assert.equal((await raw.nextMessage())?.code, "join_timeout");
    const waitedMs = performance.now() - begun;
    assert.ok(waitedMs > joinMs / 2 && waitedMs < joinMs + graceMs, `${waitedMs} ms`);
    // It does not answer the close frame, and keeps its half of the connection.
    assert.equal((await raw.closed(1_000 + graceMs)).closeCode, 4408);
  });

  test("refused messages do not count as a join, and a leave starts the time anew", async (t) => {
    const peer = await RawPeer.connect(server.wsUrl, { test: t });
    peer.send({ type: "getUsers" });
    assert.equal((await peer.next("error")).code, "not_joined");
    await peer.join(somebody(), { protocol: 2 });
    peer.send({ type: "leave" });
    assert.equal((await peer.next("error")).code, "join_timeout");
    assert.equal((await peer.closed()).code, 4408);
  });

  test("a frame that is long is refused unread before its sender has joined, and read afterwards", async (t) => {
    const padded = (bytes: number) => {
      const bare = JSON.stringify({ type: "join", userId: me, protocol: 2, pad: "" });
      return bare.replace('"pad":""', `"pad":"${"x".repeat(bytes - bare.length)}"`);
    };
    const me = somebody();
    const peer = await RawPeer.connect(server.wsUrl, { test: t });
    peer.send(padded(limits.unjoinedFrameBytes + 1));
    const refused = await peer.next("error");
    assert.equal(refused.code, "payload_too_large");
    assert.match(refused.message, /before a join/);
    peer.send(padded(limits.unjoinedFrameBytes));
    assert.equal((await peer.next("joined")).userId, me);
    peer.send(padded(limits.unjoinedFrameBytes * 2));
    assert.equal((await peer.next("joined")).userId, me);
  });

  test("a frame of many levels is refused, before its sender has joined and after", async (t) => {
    const deep = `{"type":"ping","x":${"[".repeat(limits.jsonLevels)}${"]".repeat(limits.jsonLevels)}}`;
    const peer = await RawPeer.connect(server.wsUrl, { test: t });
    for (const join of [false, true]) {
      if (join) await peer.join(somebody(), { protocol: 2 });
      peer.send(deep);
      const { code, message } = await peer.next("error");
      assert.deepEqual([code, message.includes("too many levels")], ["invalid", true]);
    }
  });

  test("a client that leaves its pings unanswered is noticed within two and a quarter periods", async (t) => {
    const b = await RawPeer.connect(server.wsUrl, { test: t });
    const silent = await RawPeer.connect(server.wsUrl, { autoPong: false, test: t });
    const [caller, callee] = [somebody(), somebody()];
    await b.join(caller, { protocol: 2 });
    await silent.join(callee, { protocol: 2 });
    b.send({ type: "offer", to: callee, sdp: offer.sdp });
    const { callId } = await silent.next("offer");
    silent.send({ type: "answer", callId, sdp: offer.sdp });
    await b.next("answer");
    const begun = performance.now();
    await b.next("peerLost");
    const tookMs = performance.now() - begun;
    assert.ok(tookMs >= pingMs && tookMs < 2.25 * pingMs + graceMs, `${tookMs} ms`);
    assert.equal((await silent.closed()).code, 1006);
    await b.settle();
  });

  test("no candidate of an honest call is lost or late, though it gathers a burst on both sides", async (t) => {
    const { a, b, callId } = await talk(server);
    for (const peer of [a, b]) t.after(() => peer.terminate());
    const count = 150;
    for (const peer of [a, b]) {
      for (const candidate of offer.candidates(count)) peer.send({ type: "candidate", callId, candidate });
    }
    const expected = offer.candidates(count).length;
    for (const peer of [a, b]) for (let i = 0; i < expected; i += 1) await peer.next("candidate");
    for (const peer of [a, b]) await peer.expectNone("error");
  });

  test("over its limits a socket is only read more slowly: everything arrives, in order", async (t) => {
    const { a, b, callId } = await talk(server);
    for (const peer of [a, b]) t.after(() => peer.terminate());
    const count = messageRates.talk.burst + 10;
    const begun = performance.now();
    for (let i = 0; i < count; i += 1) a.send({ type: "chat", to: b.joined.userId, callId, message: String(i) });
    for (let i = 0; i < count; i += 1) assert.equal((await b.next("chat")).message, String(i));
    // Ten more than the burst, at five a second.
    assert.ok(performance.now() - begun > 1_500);
    await a.expectNone("error");
  });

  test("who floods for five seconds is closed with 4429, told when to come back, and nobody else is held up", async (t) => {
    const { a, b } = await twoPeople(server);
    for (const peer of [a, b]) t.after(() => peer.terminate());
    for (let i = 0; i < 400; i += 1) a.raw.send({ type: "checkUser", userId: b.joined.userId });
    await ring(await twoPeople(server));
    const { code, retryInMs } = await a.next("error");
    assert.deepEqual([code, retryInMs], ["flooding", 10_000]);
    const end = await a.closed();
    assert.equal(end.code, 4429);
    assert.match(end.reason, /10000 ms/);
    const counted = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(counted, /^echoo_refusals_total\{where="ws",code="flooding"\} 1$/m);
    assert.match(counted, /^echoo_socket_closes_total\{code="4429"\} 1$/m);
  });
});
