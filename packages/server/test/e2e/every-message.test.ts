import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { serverMessages } from "@echoo/protocol";
import { CurrentPeer, fakeAnswer, fakeOffer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce, tokenOf } from "./ask.ts";

/** Everybody is new in each test: devices of an earlier one would ring as well. */
let people = 0;
const somebody = () => `5552${String(++people).padStart(6, "0")}`;
const [offer, answer] = [fakeOffer(2), fakeAnswer(2)];
/** Tokens of the server's own never expire under a live socket; those of a host product come in a later version. */
const notYetSent = ["tokenExpiring"];

describe("every message of the protocol, over real sockets", () => {
  let server: ServerProcess;
  const peers: RawPeer[] = [];
  before(async () => {
    server = await spawnServer({
      env: { TURN_URLS: "stun:stun.test:3478,turn:turn.test:3478", ECHOO_TURN_SECRET: "a-secret-for-turn" },
    });
  });
  after(() => server.stop());

  test("a call from ring to end, with all that two people send each other meanwhile", async () => {
    const [ann, bob] = [somebody(), somebody()];
    const [a, b] = [await current(ann), await current(bob)];
    const callId = await ringing(a, b);
    b.send({ type: "answer", callId, sdp: answer.sdp, neg: 1, id: "answer" });
    assert.deepEqual(await b.raw.reply("answer"), seqless({ type: "ack", id: "answer", callId }, await lastSeq(b)));
    const answered = await a.next("answer");
    assert.deepEqual([answered.sdp, answered.neg, answered.from], [answer.sdp, 1, bob]);
    for (const [from, to, side] of [
      [a, b, offer],
      [b, a, answer],
    ] as const) {
      const candidates = [...side.candidates(8), null];
      for (const candidate of candidates) from.send({ type: "candidate", callId, candidate });
      for (const candidate of candidates) assert.deepEqual((await to.next("candidate")).candidate, candidate);
      from.send({ type: "connected", callId });
      await from.settle();
    }
    a.send({ type: "mediaState", callId, audio: true, video: false });
    const { from, audio, video, screen } = await b.next("mediaState");
    assert.deepEqual([from, audio, video, screen], [ann, true, false, undefined]);
    b.send({ type: "chat", to: ann, message: "<b>hi</b> \u0000 \u2028" });
    assert.equal((await a.next("chat")).message, "<b>hi</b> \u0000 \u2028");
    a.send({ type: "emoji", to: bob, callId, emoji: "👩‍👩‍👧" });
    assert.equal((await b.next("emoji")).emoji, "👩‍👩‍👧");
    await renegotiate(a, b, callId);
    await measure(a, b, callId);
    a.send({ type: "hangup", callId, id: "bye" });
    assert.equal((await a.raw.reply("bye")).type, "ack");
    await a.expectNone("hangup");
    const ended = await b.next("hangup");
    assert.deepEqual([ended.reason, ended.from], ["hangup", ann]);
    const [call] = await historyOnce(server, ann, ([newest]) => newest?.callId === callId && newest.hasStats);
    assert.deepEqual([call.endReason, call.isVideo, call.peer.phone], ["hangup", true, bob]);
    for (const peer of [a, b]) await peer.expectNone("error");
  });

  test("a device that is busy, and one that declines", async () => {
    const [a, b] = [await current(somebody()), await current(somebody())];
    for (const reason of ["busy", "declined"] as const) {
      const callId = await ringing(a, b);
      b.send({ type: "reject", callId, reason, id: reason });
      assert.equal((await b.raw.reply(reason)).type, "ack");
      if (reason === "busy") assert.equal((await a.next("busy")).callId, callId);
      else assert.equal((await a.next("reject")).reason, "declined");
    }
  });

  test("one who talks hears at once who calls meanwhile", async () => {
    const [a, b, c] = [await current(somebody()), await current(somebody()), await current(somebody())];
    b.send({ type: "answer", callId: await ringing(a, b), sdp: answer.sdp });
    await a.next("answer");
    const callId = randomUUID();
    c.send({ type: "offer", to: b.joined.userId, sdp: offer.sdp, isVideoCall: true, callId });
    assert.equal((await c.next("busy")).callId, callId);
    const missed = await b.next("missed");
    assert.deepEqual([missed.callId, missed.from, missed.reason], [callId, c.joined.userId, "busy"]);
    assert.equal(missed.isVideoCall, true);
    await b.expectNone("offer");
  });

  test("presence is told at once, on each change, and not after it was asked to end", async () => {
    const cem = somebody();
    const a = await current(somebody());
    a.send({ type: "watch", users: [cem] });
    assert.deepEqual((await a.next("presence")).users, [{ userId: cem, online: false }]);
    const c = await current(cem);
    const [there] = (await a.next("presence")).users;
    assert.deepEqual([there?.userId, there?.online], [cem, true]);
    a.send({ type: "checkUser", userId: cem });
    assert.deepEqual(await a.next("userStatus"), { type: "userStatus", userId: cem, online: true, registered: true });
    a.send({ type: "checkUser", userId: "5552999999" });
    const { online, registered } = await a.next("userStatus");
    assert.deepEqual([online, registered], [false, false]);
    a.send({ type: "getUsers" });
    assert.ok((await a.next("userList")).users.includes(cem));
    a.send({ type: "unwatch", users: [cem] });
    await a.settle();
    c.send({ type: "leave" });
    c.send({ type: "ping" });
    await c.next("error");
    a.send({ type: "watch", users: [cem] });
    const [gone] = (await a.next("presence")).users;
    assert.deepEqual([gone?.userId, gone?.online], [cem, false]);
    await a.expectNone("presence");
  });

  test("TURN credentials come with the join and on request", async () => {
    const ann = somebody();
    const a = await current(ann);
    assert.deepEqual(
      a.joined.iceServers.flatMap(({ urls }) => urls),
      ["stun:stun.test:3478", "turn:turn.test:3478"],
    );
    a.send({ type: "getTurnCredentials" });
    const { username, password, ttl, uris } = await a.next("turnCredentials");
    assert.match(username, /^\d+:.+/);
    assert.ok(!username.includes(ann));
    assert.deepEqual([password.length > 20, ttl, uris], [true, 3600, ["stun:stun.test:3478", "turn:turn.test:3478"]]);
  });

  test("a socket proves its token before it joins, and renews it in place", async () => {
    const [ann, bob] = [somebody(), somebody()];
    const [token, other] = [await tokenOf(server, ann), await tokenOf(server, bob)];
    const peer = await raw("ann");
    peer.send({ type: "authenticate", authToken: "no such token" });
    await peer.next("authError");
    peer.send({ type: "authenticate", authToken: token });
    assert.equal((await peer.next("authenticated")).userId, ann);
    assert.equal((await peer.next("joined")).userId, ann);
    await peer.join(ann, { protocol: 2, deviceId: "phone" });
    peer.send({ type: "authenticate", authToken: other });
    await peer.next("authError");
    peer.send({ type: "authenticate", authToken: await tokenOf(server, ann) });
    assert.equal((await peer.next("authenticated")).userId, ann);
    await peer.settle();
  });

  test("after leave the socket has no user, until it joins again", async () => {
    const a = await current(somebody());
    a.send({ type: "leave" });
    a.send({ type: "getUsers", id: "late" });
    assert.equal((await a.next("error")).code, "not_joined");
    await a.raw.join(somebody(), { protocol: 2 });
  });

  test("one who is lost is announced, and so is the return; a server that stops says when to come back", async () => {
    const [a, b] = [await current(somebody()), await current(somebody())];
    const callId = await ringing(a, b);
    b.send({ type: "answer", callId, sdp: answer.sdp });
    await a.next("answer");
    b.terminate();
    const lost = await a.next("peerLost");
    assert.ok(lost.resumeInMs !== undefined && lost.resumeInMs > 44_000 && lost.resumeInMs <= 45_000);
    assert.equal((await b.resume()).resumed, true);
    peers.push(b.raw);
    assert.equal((await a.next("peerBack")).callId, callId);
    const stopping = server.kill("SIGTERM");
    const { reconnectInMs } = await a.next("goaway");
    assert.ok(reconnectInMs >= 500 && reconnectInMs <= 2_500);
    assert.equal((await a.closed()).code, 1012);
    assert.deepEqual(await stopping, { code: 0, signal: null });
    assert.deepEqual(server.faults(), []);
  });

  test("each message that the server can send was seen at least once", () => {
    const texts = peers.flatMap((peer) => peer.receivedTexts);
    const seen = new Set(texts.map((text) => (JSON.parse(text) as { type: string }).type));
    const missing = Object.keys(serverMessages).filter((type) => !seen.has(type));
    assert.deepEqual(missing, notYetSent);
  });

  async function raw(name: string): Promise<RawPeer> {
    const peer = await RawPeer.connect(server.wsUrl, { name });
    peers.push(peer);
    return peer;
  }

  async function current(userId: string): Promise<CurrentPeer> {
    const peer = await CurrentPeer.connect(server.wsUrl, { userId });
    peers.push(peer.raw);
    return peer;
  }

  async function ringing(a: CurrentPeer, b: CurrentPeer): Promise<string> {
    const callId = randomUUID();
    a.send({ type: "offer", to: b.joined.userId, sdp: offer.sdp, isVideoCall: true, callId, neg: 1, id: callId });
    const calling = await a.next("calling", (message) => message.callId === callId);
    assert.ok(calling.expiresInMs > 59_000 && calling.expiresInMs <= 60_000);
    assert.deepEqual(await a.raw.reply(callId), seqless({ type: "ack", id: callId, callId }, await lastSeq(a)));
    const rung = await b.next("offer", (message) => message.callId === callId);
    assert.deepEqual([rung.from, rung.sdp, rung.neg, rung.isVideoCall], [a.joined.userId, offer.sdp, 1, true]);
    b.send({ type: "ringing", callId });
    assert.equal((await a.next("ringing", (message) => message.callId === callId)).from, b.joined.userId);
    return callId;
  }

  async function renegotiate(a: CurrentPeer, b: CurrentPeer, callId: string): Promise<void> {
    const [again, back] = [fakeOffer(3), fakeAnswer(3)];
    b.send({ type: "offer", to: a.joined.userId, callId, sdp: again.sdp, neg: 1 });
    const got = await a.next("offer");
    assert.deepEqual([got.callId, got.sdp, got.neg, got.expiresInMs], [callId, again.sdp, 1, undefined]);
    a.send({ type: "answer", callId, sdp: back.sdp, neg: 1 });
    assert.equal((await b.next("answer")).sdp, back.sdp);
    a.send({ type: "offer", to: b.joined.userId, callId, sdp: fakeOffer(4).sdp, neg: 2, renew: true });
    assert.equal((await b.next("offer")).renew, true);
    b.send({ type: "offerRefused", callId, neg: 2 });
    const refused = await a.next("offerRefused");
    assert.deepEqual([refused.callId, refused.from, refused.neg], [callId, b.joined.userId, 2]);
  }

  async function measure(a: CurrentPeer, b: CurrentPeer, callId: string): Promise<void> {
    const samples = Array.from({ length: 5 }, (_, i) => ({ t: Date.now() + i * 2_000, rttMs: 40, lossPercent: 0 }));
    a.send({ type: "stats", callId, samples, id: "stats" });
    assert.equal((await a.raw.reply("stats")).type, "ack");
    const told = await b.next("quality");
    assert.deepEqual([told.from, told.level], [a.joined.userId, "good"]);
    const sides = { caller: a.joined.userId, callee: b.joined.userId };
    b.send({ type: "callStats", callId, ...sides, isVideo: true, duration: 3, samples: [], id: "summary" });
    assert.equal((await b.raw.reply("summary")).type, "ack");
  }
});

async function lastSeq(peer: CurrentPeer): Promise<number> {
  return peer.receivedSeqs.at(-1) ?? 0;
}

/** An ack is a message that a client must not miss, and is numbered like the others. */
function seqless<T extends object>(message: T, seq: number): T & { seq: number } {
  return { ...message, seq };
}
