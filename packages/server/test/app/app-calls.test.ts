import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { somebody } from "../ws/talk.ts";
import { AppPhone } from "./app-phone.ts";
import { appRequest, appSignIn } from "./app-request.ts";

describe("two phones with the app", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  async function twoPhones(t: Parameters<typeof AppPhone.open>[2]["test"]) {
    const a = await AppPhone.open(server, somebody(), { test: t });
    const b = await AppPhone.open(server, somebody(), { test: t });
    return { a, b };
  }

  test("see each other in the list that comes by itself, and know a number by asking", async (t) => {
    const { a, b } = await twoPhones(t);
    await a.next("userList", ({ users }) => users.includes(b.number));
    b.say({ type: "checkUser", userId: a.number });
    const { type: _, ...status } = await b.next("userStatus");
    assert.deepEqual(status, { userId: a.number, online: true, registered: true });
    b.say({ type: "checkUser", userId: "5550009999" });
    const { online, registered } = await b.next("userStatus", ({ userId }) => userId === "5550009999");
    assert.deepEqual([online, registered], [false, false]);
    b.say({ type: "getUsers", from: b.number });
    assert.ok((await b.next("userList")).users.includes(a.number));
  });

  test("talk: descriptions arrive byte for byte, and candidates are held until the answer and then keep flowing", async (t) => {
    const { a, b } = await twoPhones(t);
    a.dials(b.number);
    const early = a.trickles(b.number, 3);
    const offer = await b.rings(a.number);
    assert.deepEqual([offer.sdp, offer.isVideoCall], [a.offer.sdp, true]);
    const held = b.trickles(a.number, 2, b.answer);
    await b.peer.settle();
    await a.peer.expectNone("candidate");
    await b.peer.expectNone("candidate");
    b.answers(offer);
    const answer = await a.next("answer");
    assert.deepEqual([answer.sdp, answer.callId, answer.from], [b.answer.sdp, offer.callId, b.number]);
    for (const candidate of held) assert.equal((await a.next("candidate")).candidate?.candidate, candidate);
    for (const candidate of early) assert.equal((await b.next("candidate")).candidate?.candidate, candidate);
    const later = a.trickles(b.number, 1, a.answer);
    assert.deepEqual([(await b.next("candidate")).candidate?.candidate], later);
    a.hangsUp(b.number, offer.callId);
    assert.equal((await b.next("hangup")).callId, offer.callId);
    await a.peer.expectNone("error");
  });

  test("chat, send reactions and ask for TURN credentials in a call", async (t) => {
    const { a, b } = await twoPhones(t);
    a.dials(b.number);
    b.answers(await b.rings(a.number));
    await a.next("answer");
    a.say({ type: "chat", from: a.number, to: b.number, message: "2 < 3 && 'x' = 'y'" });
    const chat = await b.next("chat");
    assert.deepEqual([chat.from, chat.message], [a.number, "2 < 3 && 'x' = 'y'"]);
    b.say({ type: "emoji", from: b.number, to: a.number, emoji: "👍" });
    assert.equal((await a.next("emoji")).emoji, "👍");
    a.say({ type: "getTurnCredentials" });
    const { username, password, ttl, uris } = await a.next("turnCredentials");
    assert.deepEqual([username, password, typeof ttl, uris], ["", "", "number", []]);
  });

  test("statistics that come before the hangup reach both histories", async (t) => {
    const { a, b } = await twoPhones(t);
    const [token, other] = [await appSignIn(server, a.number), await appSignIn(server, b.number)];
    a.dials(b.number);
    const offer = await b.rings(a.number);
    b.answers(offer);
    await a.next("answer");
    a.reports(a.number, b.number, offer.callId);
    a.hangsUp(b.number, offer.callId);
    await b.next("hangup");
    await historyOnce(server, a.number, ([call]) => call?.hasStats === true);
    for (const own of [token, other]) {
      const [call] = (await appRequest(server, "GET /calls/history?limit=50", { token: own })).body.calls;
      const { callId, status, hasStats, avgBitrateKbps, avgRttMs, totalDataUsedMB } = call;
      assert.deepEqual([callId, status, hasStats], [offer.callId, "completed", true]);
      assert.deepEqual([avgBitrateKbps, avgRttMs, totalDataUsedMB], [700, 48, "2.00"]);
      const { stats } = (await appRequest(server, `GET /calls/stats/${callId}`, { token: own })).body;
      assert.deepEqual([stats.caller, stats.duration, stats.samples.length], [a.number, 12, 2]);
    }
  });

  test("statistics come back as the phone reported them, sample by sample, though they are stored once", async (t) => {
    const { a, b } = await twoPhones(t);
    const token = await appSignIn(server, a.number);
    a.dials(b.number);
    const offer = await b.rings(a.number);
    b.answers(offer);
    await a.next("answer");
    const qualities = ["GOOD", "MODERATE", "POOR"];
    const report = {
      ...{ callId: offer.callId, caller: a.number, callee: b.number, isVideo: true, duration: 360, totalSamples: 120 },
      ...{ avgSendBitrateKbps: 812.4, avgReceiveBitrateKbps: 640.2, avgPacketLossPercent: 0.4, avgRttMs: 48 },
      ...{ totalDataUsedBytes: 321_654_987, qualityDistribution: { good: 40, moderate: 40, poor: 40 } },
      samples: Array.from({ length: 120 }, (_, i) => ({
        ...{ timestamp: 1_767_225_600_000 + i * 3000, sendBitrateKbps: 1204.5, receiveBitrateKbps: 987 },
        // The first round trip is one that the app does not know.
        ...{ packetLossPercent: 0.3412969283276451, rttMs: i, networkQuality: qualities[i % 3] },
        dataUsedBytes: 821_654 + i * 350_000,
      })),
    };
    a.say({ type: "callStats", from: a.number, ...report });
    a.hangsUp(b.number, offer.callId);
    await b.next("hangup");
    await historyOnce(server, a.number, ([call]) => call?.hasStats === true);
    const one = (await appRequest(server, `GET /calls/stats/${offer.callId}`, { token })).body.stats;
    const { _id, timestamp, ...stats } = one;
    assert.deepEqual(stats, report);
    assert.deepEqual((await appRequest(server, "GET /calls/stats?limit=20", { token })).body.stats, [one]);
  });

  test("a caller who cancels names no call, or an earlier one: the phone stops ringing, and the call is recorded", async (t) => {
    const { a, b } = await twoPhones(t);
    for (const callId of ["", "00000000-0000-4000-8000-000000000001"]) {
      a.dials(b.number);
      const offer = await b.rings(a.number);
      a.hangsUp(b.number, callId);
      assert.equal((await b.next("hangup")).callId, offer.callId);
      const [call] = await historyOnce(server, b.number, ([newest]) => newest?.callId === offer.callId);
      assert.deepEqual([call.status, call.endReason], ["missed", "cancelled"]);
    }
  });

  test("an empty id means the call with that person, and the id of an ended call means nothing", async (t) => {
    const { a, b } = await twoPhones(t);
    a.dials(b.number);
    const first = await b.rings(a.number);
    b.rejects(first);
    assert.equal((await a.next("reject")).callId, first.callId);
    a.dials(b.number);
    const second = await b.rings(a.number);
    b.answers(second);
    await a.next("answer");
    b.hangsUp(a.number, first.callId);
    await b.peer.settle();
    await a.peer.expectNone("hangup");
    b.hangsUp(a.number);
    assert.equal((await a.next("hangup")).callId, second.callId);
  });

  test("an offer to somebody offline ends at once, and is recorded", async (t) => {
    const { a } = await twoPhones(t);
    const nobody = somebody();
    a.dials(nobody);
    assert.equal((await a.next("reject")).reason, "unreachable");
    const [call] = await historyOnce(server, a.number, ([newest]) => newest?.peer.phone === nobody);
    assert.deepEqual([call.status, call.duration], ["missed", 0]);
  });

  test("a busy callee keeps the running call; the third one is told busy and reject, and their hangup ends nothing", async (t) => {
    const { a, b } = await twoPhones(t);
    const c = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    const offer = await b.rings(a.number);
    b.answers(offer);
    await a.next("answer");
    c.dials(b.number);
    await c.next("busy");
    assert.equal((await c.next("reject")).reason, "busy");
    c.hangsUp(b.number);
    c.hangsUp(b.number, offer.callId);
    c.hangsUp(a.number);
    await c.peer.settle();
    for (const phone of [a, b]) await phone.peer.expectNone("hangup");
    await b.peer.expectNone("offer", ({ from }) => from === c.number);
    a.say({ type: "chat", from: a.number, to: b.number, message: "still here" });
    assert.equal((await b.next("chat")).message, "still here");
    const [missed] = await historyOnce(server, b.number, ([newest]) => newest?.peer.phone === c.number);
    assert.deepEqual([missed.status, missed.endReason], ["missed", "busy"]);
  });

  test("two who ring the same phone are not mixed up", async (t) => {
    const { a, b } = await twoPhones(t);
    const c = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    const first = await b.rings(a.number);
    c.dials(b.number);
    const { callId } = await c.next("calling");
    c.trickles(b.number, 2);
    // Its screen shows one call: the second waits until the first is over.
    await b.peer.expectNone("offer");
    a.hangsUp(b.number, first.callId);
    const second = await b.rings(c.number);
    assert.equal(second.callId, callId);
    b.answers(second);
    assert.equal((await c.next("answer")).callId, second.callId);
    for (let n = 0; n < 2; n += 1) assert.equal((await b.next("candidate")).callId, second.callId);
    await a.peer.expectNone("answer");
    a.hangsUp(b.number, first.callId);
    await a.peer.settle();
    await c.peer.expectNone("hangup");
    b.hangsUp(c.number, second.callId);
    await c.next("hangup");
  });

  test("a phone that answers one of two has no end of the other on its screen, and the other caller hears busy", async (t) => {
    const { a, b } = await twoPhones(t);
    const c = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    const first = await b.rings(a.number);
    c.dials(b.number);
    await c.next("calling");
    b.answers(first);
    assert.equal((await a.next("answer")).callId, first.callId);
    assert.equal((await c.next("reject")).reason, "busy");
    for (const type of ["offer", "hangup", "reject", "busy"] as const) await b.peer.expectNone(type);
    b.hangsUp(a.number, first.callId);
    await a.next("hangup");
  });

  test("that dial each other end up in one call, with one record each", async (t) => {
    const { a, b } = await twoPhones(t);
    a.dials(b.number);
    // Its user had already dialled when this came.
    const crossing = await b.rings(a.number);
    b.dials(a.number);
    await b.next("hangup");
    // What its user does to the screen that just closed is not the standing call's.
    b.hangsUp(a.number);
    const offer = await b.rings(a.number);
    assert.equal(offer.callId, crossing.callId);
    b.answers(offer);
    assert.equal((await a.next("answer")).callId, offer.callId);
    a.hangsUp(b.number, offer.callId);
    await b.next("hangup", ({ callId }) => callId === offer.callId);
    for (const { number } of [a, b]) {
      const calls = await historyOnce(server, number, ({ length }) => length > 0);
      assert.deepEqual(
        calls.map((call) => [call.callId, call.status]),
        [[offer.callId, "completed"]],
      );
    }
  });

  test("every refused offer closes the caller's screen: to oneself, to an impossible id, without a description", async (t) => {
    const { a } = await twoPhones(t);
    a.dials(a.number);
    assert.equal((await a.next("reject")).from, a.number);
    a.say({ type: "offer", from: a.number, to: "not a number!", sdp: "x", isVideoCall: false });
    await a.next("reject");
    a.say({ type: "offer", from: a.number, to: "5550001234", isVideoCall: false });
    await a.next("reject");
  });

  test("a new offer ends the call that its number was in", async (t) => {
    const { a, b } = await twoPhones(t);
    const c = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    b.answers(await b.rings(a.number));
    await a.next("answer");
    a.dials(c.number);
    assert.equal((await b.next("hangup")).reason, "superseded");
    await c.rings(a.number);
    await a.peer.expectNone("hangup");
  });

  test("a text frame null does no harm, and neither does an unknown type", async (t) => {
    const { a, b } = await twoPhones(t);
    a.dials(b.number);
    b.answers(await b.rings(a.number));
    await a.next("answer");
    for (const text of ["null", "[]", '"x"', '{"type":null}', '{"type":"wave"}', '{"type":{"$ne":null}}'])
      a.peer.send(text);
    a.say({ type: "chat", from: a.number, to: b.number, message: "hello" });
    assert.equal((await b.next("chat")).message, "hello");
    assert.deepEqual(server.faults(), []);
  });
});
