import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer, TcpProxy } from "@echoo/testkit";
import { tokenOf } from "../e2e/ask.ts";
import { somebody, type Talk, talk, twoPeople } from "./talk.ts";

describe("a session that loses its socket", () => {
  let server: ServerProcess;
  let proxy: TcpProxy;
  before(async () => {
    server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" } });
    proxy = await TcpProxy.start(server.port);
  });
  after(async () => {
    await proxy.close();
    await server.stop();
  });

  test("gets all that it missed, in order and once, and loses nothing that it sent", async () => {
    const { a, b, callId } = await talk(server, { aUrl: `ws://127.0.0.1:${proxy.port}/` });
    await lose(a);
    const lost = await b.next("peerLost");
    assert.ok(lost.resumeInMs !== undefined && lost.resumeInMs > 44_000);
    for (let i = 0; i < 100; i += 1) b.send({ type: "chat", to: a.joined.userId, callId, message: `line ${i}` });
    await b.settle();
    proxy.heal();
    const seqBefore = Math.max(...a.receivedSeqs);
    // The server never got these: they are sent again with their numbers after the resume.
    for (let i = 0; i < 5; i += 1) a.send({ type: "emoji", to: b.joined.userId, callId, emoji: String(i) });
    assert.equal((await a.resume()).resumed, true);
    assert.equal((await b.next("peerBack")).callId, callId);
    for (let i = 0; i < 100; i += 1) assert.equal((await a.next("chat")).message, `line ${i}`);
    for (let i = 0; i < 5; i += 1) assert.equal((await b.next("emoji")).emoji, String(i));
    await a.settle();
    assert.deepEqual(
      a.receivedSeqs,
      Array.from({ length: 100 }, (_, i) => seqBefore + 1 + i),
    );
    await a.expectNone("chat");
    await b.expectNone("emoji");
  });

  test("is handled once though it sends again what had arrived", async () => {
    const { a, b, callId } = await talk(server, { aUrl: `ws://127.0.0.1:${proxy.port}/` });
    const to = b.joined.userId;
    a.send({ type: "chat", to, callId, message: "once", id: "first" });
    await b.next("chat");
    const { n } = JSON.parse(JSON.stringify(await pong(a.raw))) as { n: number };
    await lose(a);
    proxy.heal();
    assert.equal((await a.resume()).n, n);
    a.raw.send({ type: "chat", to, callId, message: "once", id: "first", n });
    a.raw.send({ type: "chat", to, callId, message: "next", n: n + 1 });
    assert.equal((await b.next("chat")).message, "next");
  });

  test("is taken over from a socket that still looks alive: 4409 for that one, and the peer hears nothing", async () => {
    const { a, b, callId } = await talk(server);
    const older = a.raw;
    const { resumed, session } = await a.resume();
    assert.deepEqual([resumed, session], [true, a.joined.session]);
    assert.equal((await older.closed()).code, 4409);
    a.send({ type: "chat", to: b.joined.userId, callId, message: "still here" });
    assert.equal((await b.next("chat")).message, "still here");
    await b.expectNone("peerLost");
    await b.expectNone("peerBack");
  });

  test("starts afresh where more was missed than is kept, and keeps its call all the same", async () => {
    const { a, b, callId } = await talk(server);
    a.terminate();
    await b.next("peerLost");
    for (let i = 0; i < 300; i += 1) b.send({ type: "chat", to: a.joined.userId, callId, message: `line ${i}` });
    await b.settle();
    const joined = await a.resume();
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    assert.deepEqual(
      joined.calls.map(({ callId, bound, state }) => [callId, bound, state]),
      [[callId, true, "active"]],
    );
    await a.expectNone("chat");
    assert.equal((await b.next("peerBack")).callId, callId);
  });

  test("is its own client's alone: another user, another device or a missing token resumes nothing", async () => {
    const userId = somebody();
    const token = await tokenOf(server, userId);
    const { a, b, callId } = await talk(server, { a: { userId, token, deviceId: "phone" } });
    const resume = { session: a.joined.session, seq: 0 };
    for (const [who, extra] of [
      [somebody(), { deviceId: "phone" }],
      [userId, { deviceId: "tablet", token }],
      [userId, { deviceId: "phone" }],
    ] as const) {
      const thief = await RawPeer.connect(server.wsUrl);
      const joined = await thief.join(who, { protocol: 2, resume, ...extra });
      assert.deepEqual([joined.resumed, joined.rebound], [false, undefined]);
      thief.terminate();
    }
    a.send({ type: "chat", to: b.joined.userId, callId, message: "mine" });
    assert.equal((await b.next("chat")).message, "mine");
    await b.expectNone("peerLost");
  });

  test("a second join on one socket ends the first session with its call, and the socket speaks for the second", async () => {
    const { a, b, callId } = await talk(server);
    const other = somebody();
    assert.equal((await a.raw.join(other, { protocol: 2 })).userId, other);
    const told = await b.next("hangup");
    assert.deepEqual([told.callId, told.reason], [callId, "hangup"]);
    a.raw.send({ type: "offer", to: b.joined.userId, sdp: "v=0" });
    assert.equal((await b.next("offer")).from, other);
  });

  test("a second join on one socket that resumes the session changes nothing", async () => {
    const { a, b, callId } = await talk(server);
    const { userId, session } = a.joined;
    const seq = Math.max(...a.receivedSeqs);
    const joined = await a.raw.join(userId, { protocol: 2, resume: { session, seq } });
    assert.deepEqual([joined.resumed, joined.session], [true, session]);
    a.send({ type: "chat", to: b.joined.userId, callId, message: "still here" });
    assert.equal((await b.next("chat")).message, "still here");
    await b.expectNone("peerLost");
    await b.expectNone("hangup");
  });

  test("a second join on one socket that names more than was ever sent starts afresh on that very socket", async () => {
    const { a, b, callId } = await talk(server);
    const { userId, session } = a.joined;
    const joined = await a.raw.join(userId, { protocol: 2, resume: { session, seq: 9_999 } });
    assert.deepEqual([joined.resumed, joined.rebound], [false, [callId]]);
    b.send({ type: "chat", to: userId, callId, message: "still here" });
    assert.equal((await a.raw.next("chat")).message, "still here");
  });

  test("is replaced by its own device that forgot it, once its socket is gone, which ends its call", async () => {
    const { a, b } = await talk(server, { a: { deviceId: "phone" } });
    a.terminate();
    await b.next("peerLost");
    const again = await RawPeer.connect(server.wsUrl);
    await again.join(a.joined.userId, { protocol: 2, deviceId: "phone" });
    assert.equal((await b.next("hangup")).reason, "hangup");
  });

  test("counts as online until its time is over", async () => {
    const { a, b } = await twoPeople(server);
    b.send({ type: "watch", users: [a.joined.userId] });
    await b.next("presence");
    a.terminate();
    b.send({ type: "checkUser", userId: a.joined.userId });
    assert.equal((await b.next("userStatus")).online, true);
    await b.expectNone("presence");
  });

  async function lose(peer: Talk["a"]): Promise<void> {
    proxy.refuse();
    proxy.cut();
    await peer.closed();
  }
});

async function pong(peer: RawPeer): Promise<object> {
  peer.send({ type: "ping" });
  return peer.next("pong");
}
