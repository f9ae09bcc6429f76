import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fakeAnswer, fakeOffer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, historyOnce } from "./ask.ts";

const [ann, bob, cem] = ["5551000001", "5551000002", "5551000003"];
const [offer, answer] = [fakeOffer(1), fakeAnswer(1)];

/** Everything in the README that the product began with, on a fresh machine: no settings, no token, plain clients. */
describe("the first README, taken at its word", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  test("a user registers, and logs in by the same request", async () => {
    const first = await ask(server, "POST /api/auth/register", { body: { phone: ann, displayName: "Ann" } });
    assert.equal(first.status, 201);
    assert.equal(first.body.user.phone, ann);
    assert.equal(first.body.user.displayName, "Ann");
    const again = await ask(server, "POST /api/auth/register", { body: { phoneNumber: ann, name: "Ann" } });
    assert.equal(again.status, 200);
    assert.notEqual(again.body.token, first.body.token);
  });

  test("a profile is read and updated", async () => {
    assert.equal((await ask(server, `GET /api/users/${ann}`)).body.user.displayName, "Ann");
    assert.equal((await ask(server, `PUT /api/users/${ann}`, { body: { displayName: "Anna" } })).status, 200);
    assert.equal((await ask(server, `GET /api/users/${ann}`)).body.user.displayName, "Anna");
    assert.equal((await ask(server, `GET /api/users/5550009999`)).status, 404);
  });

  test("a call record is saved, once, and shows in the history of both", async () => {
    const [caller, callee] = ["5551000011", "5551000012"];
    for (const phone of [caller, callee]) await ask(server, "POST /api/auth/register", { body: { phone } });
    const record = { callId: "call-1", caller, callee, isVideo: true, duration: 65, status: "completed" };
    const saved = { ...record, startTime: Date.parse("2026-01-02T03:04:05Z") };
    assert.equal((await ask(server, "POST /api/calls", { body: saved })).status, 201);
    assert.equal((await ask(server, "POST /api/calls", { body: saved })).status, 200);
    for (const phone of [caller, callee]) {
      const { body } = await ask(server, `GET /api/calls/${phone}`);
      assert.deepEqual(
        body.calls.map((call: { callId: string; duration: number }) => [call.callId, call.duration]),
        [["call-1", 65]],
      );
    }
  });

  test("health answers", async () => {
    const { status, body } = await ask(server, "GET /api/health");
    assert.equal(status, 200);
    assert.equal(body.status, "ok");
    assert.equal(body.store, process.env.ECHOO_TEST_STORE ?? "sqlite");
  });

  test("two plain clients join, call, exchange everything and hang up, and both histories tell of it", async (t) => {
    const { a, b } = await pair(t);
    a.send({ type: "offer", from: ann, to: bob, sdp: offer.sdp, isVideoCall: true });
    const rung = await b.next("offer");
    assert.deepEqual([rung.from, rung.to, rung.sdp, rung.isVideoCall], [ann, bob, offer.sdp, true]);
    const { callId } = rung;
    b.send({ type: "answer", from: bob, to: ann, callId, sdp: answer.sdp });
    const answered = await a.next("answer");
    assert.deepEqual([answered.from, answered.sdp, answered.callId], [bob, answer.sdp, callId]);
    const ways = [
      { from: a, to: b, who: ann, peer: bob, side: offer },
      { from: b, to: a, who: bob, peer: ann, side: answer },
    ];
    for (const { from, to, who, peer, side } of ways) {
      const { usernameFragment: _left, ...candidate } = side.candidates(1)[0] ?? assert.fail();
      from.send({ type: "candidate", from: who, to: peer, candidate });
      const got = await to.next("candidate");
      assert.deepEqual([got.from, got.candidate], [who, candidate]);
    }
    a.send({ type: "hangup", from: ann, to: bob, callId });
    assert.equal((await b.next("hangup")).reason, "hangup");
    await a.settle();
    await a.expectNone("error");
    await b.expectNone("error");
    for (const phone of [ann, bob]) {
      const [call] = await historyOnce(server, phone, ([newest]) => newest?.callId === callId);
      assert.deepEqual([call.caller, call.callee, call.status, call.endReason], [ann, bob, "completed", "hangup"]);
    }
  });

  test("a callee declines, and the caller is told", async (t) => {
    const { a, b } = await pair(t);
    a.send({ type: "offer", from: ann, to: bob, sdp: offer.sdp, isVideoCall: false });
    const { callId, isVideoCall } = await b.next("offer");
    assert.equal(isVideoCall, false);
    b.send({ type: "reject", from: bob, to: ann, callId });
    const told = await a.next("reject");
    assert.deepEqual([told.callId, told.from, told.to, told.reason], [callId, bob, ann, "declined"]);
    const [call] = await historyOnce(server, ann, ([newest]) => newest?.callId === callId);
    assert.equal(call.status, "rejected");
  });

  test("who calls somebody on another call hears busy", async (t) => {
    const { a, b } = await pair(t);
    a.send({ type: "offer", from: ann, to: bob, sdp: offer.sdp });
    const { callId } = await b.next("offer");
    b.send({ type: "answer", from: bob, to: ann, callId, sdp: answer.sdp });
    await a.next("answer");
    const c = await RawPeer.connect(server.wsUrl, { name: "cem", test: t });
    await c.join(cem);
    c.send({ type: "offer", from: cem, to: bob, sdp: offer.sdp });
    const busy = await c.next("busy");
    assert.deepEqual([busy.from, busy.to], [bob, cem]);
    await c.settle();
    await b.expectNone("offer");
    a.send({ type: "hangup", from: ann, to: bob, callId });
    await b.next("hangup");
    const [call] = await historyOnce(server, cem, (calls) => calls.length === 1);
    assert.deepEqual([call.endReason, call.status], ["busy", "missed"]);
  });

  test("a caller who gives up stops the ringing, though it never learnt the call's id", async (t) => {
    const { a, b } = await pair(t);
    a.send({ type: "offer", from: ann, to: bob, sdp: offer.sdp });
    const { callId } = await b.next("offer");
    a.send({ type: "hangup", from: ann, to: bob, callId: "" });
    const told = await b.next("hangup");
    assert.deepEqual([told.callId, told.reason], [callId, "cancelled"]);
  });

  test("both paths take a socket, and nothing was wrong with any of it", async (t) => {
    for (const path of ["", "ws"]) {
      const peer = await RawPeer.connect(server.wsUrl + path, { test: t });
      assert.equal((await peer.join(cem)).userId, cem);
    }
    assert.deepEqual(server.faults(), []);
    assert.match(server.output().split("\n")[0] ?? "", /^Echoo [\d.]+ is listening on http:\/\/127\.0\.0\.1:\d+$/);
  });

  async function pair(t: { after(run: () => void): void }) {
    const a = await RawPeer.connect(server.wsUrl, { name: "ann", test: t });
    const b = await RawPeer.connect(server.wsUrl, { name: "bob", test: t, transcript: a.transcript() });
    await a.join(ann);
    await b.join(bob);
    return { a, b };
  }
});
