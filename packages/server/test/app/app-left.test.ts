import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, type TestContext, test } from "node:test";
import { CurrentPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { offer, somebody, talk } from "../ws/talk.ts";
import { AppPhone } from "./app-phone.ts";

/** Longer than what an event takes on a busy machine, and longer than the start of the app. */
const [ringMs, resumeMs] = [3_000, 1_500];

describe("a phone with the app whose call screen is gone", () => {
  let server: ServerProcess;
  before(async () => {
    server = await start();
  });
  after(() => server.stop());

  function start(): Promise<ServerProcess> {
    return spawnServer({ env: { ECHOO_RING_MS: String(ringMs), ECHOO_RESUME_MS: String(resumeMs) } });
  }

  const open = (t: TestContext, number = somebody(), at = server) => AppPhone.open(at, number, { test: t });
  const web = (at = server) => CurrentPeer.connect(at.wsUrl, { userId: somebody(), deviceId: "web" });

  /** Phones that talk. */
  async function talking(t: TestContext, at = server) {
    const [a, b] = [await open(t, somebody(), at), await open(t, somebody(), at)];
    a.dials(b.number);
    const ring = await b.rings(a.number);
    b.answers(ring);
    await a.next("answer");
    return { a, b, callId: ring.callId };
  }

  /** A browser that talks with a phone. */
  async function talkingWithWeb(t: TestContext, at = server) {
    const [a, b] = [await web(at), await open(t, somebody(), at)];
    const callId = randomUUID();
    a.send({ type: "offer", to: b.number, sdp: offer.sdp, isVideoCall: true, callId, neg: 1 });
    b.answers(await b.rings(a.joined.userId));
    await a.next("answer");
    a.send({ type: "connected", callId });
    await a.settle();
    return { a, b, callId };
  }

  /** Somebody rings the number, which nobody takes to be busy. */
  async function canBeRung(t: TestContext, phone: AppPhone, at = server): Promise<void> {
    const other = await open(t, somebody(), at);
    other.dials(phone.number);
    await phone.rings(other.number);
    other.hangsUp(phone.number);
    await phone.next("hangup", ({ from }) => from === other.number);
  }

  async function endsOnce(callId: string, number: string, reason: string, at = server): Promise<void> {
    const calls = await historyOnce(at, number, (all) => all.some((call) => call.callId === callId));
    assert.deepEqual(
      calls.filter((call) => call.callId === callId).map(({ endReason, status }) => [endReason, status]),
      [[reason, "completed"]],
    );
  }

  test("has left the call when it joins after the loss: the other phone hears hangup, and nobody is busy", async (t) => {
    const { a, b, callId } = await talking(t);
    b.peer.terminate();
    await a.next("peerLost");
    const again = await open(t, b.number);
    assert.deepEqual([(await a.next("hangup")).reason, await a.peer.expectNone("peerBack")], ["hangup", undefined]);
    await again.peer.expectNone("hangup");
    await endsOnce(callId, a.number, "hangup");
    await canBeRung(t, a);
    await canBeRung(t, again);
  });

  test("has left it as well where both links were cut, and whoever joins first", async (t) => {
    for (const first of ["a", "b"] as const) {
      const { a, b, callId } = await talking(t);
      a.peer.terminate();
      b.peer.terminate();
      const one = await open(t, first === "a" ? a.number : b.number);
      const other = await open(t, first === "a" ? b.number : a.number);
      await endsOnce(callId, a.number, "hangup");
      await canBeRung(t, one);
      await canBeRung(t, other);
    }
  });

  test("has left it as well after kill -9, with another phone or a browser at the other end", async (t) => {
    const own = await spawnServer();
    t.after(() => own.stop());
    const [phones, mixed] = [await talking(t, own), await talkingWithWeb(t, own)];
    await phones.b.peer.settle();
    await mixed.a.confirm();
    await own.kill("SIGKILL");
    await own.start();
    await mixed.a.resume();
    const [a, b] = [await open(t, phones.a.number, own), await open(t, phones.b.number, own)];
    const app = await open(t, mixed.b.number, own);
    assert.equal((await mixed.a.next("hangup")).reason, "hangup");
    await endsOnce(phones.callId, a.number, "hangup", own);
    await endsOnce(mixed.callId, app.number, "hangup", own);
    for (const phone of [a, b, app]) await canBeRung(t, phone, own);
  });

  test("is not waited for, nor given up, while the other side talks on: the call outlasts the time to come back", async (t) => {
    const { a, b, callId } = await talkingWithWeb(t);
    const ordinary = await talk(server);
    b.peer.terminate();
    assert.equal((await a.next("peerLost")).resumeInMs, undefined);
    ordinary.b.terminate();
    assert.equal((await ordinary.a.next("peerLost")).resumeInMs, resumeMs);
    assert.equal((await ordinary.a.next("hangup")).reason, "connection_lost");
    // By now the phone's own time would be over twice.
    const caller = await web();
    caller.send({ type: "offer", to: b.number, sdp: offer.sdp, callId: randomUUID() });
    await caller.next("busy");
    a.send({ type: "hangup", callId });
    await endsOnce(callId, b.number, "hangup");
    const again = await open(t, b.number);
    await again.next("hangup", (message) => message.callId === callId);
  });

  test("has left it when its dial screen asks for the users, and is offered again what rings there", async (t) => {
    const [caller, rung, other] = [await open(t), await open(t), await open(t)];
    const { a, b, callId } = await talking(t);
    // A ring that nobody takes: with its end the phones have joined a while ago.
    other.dials(await web().then(({ joined }) => joined.userId));
    await other.next("reject");
    b.say({ type: "getUsers", from: b.number });
    assert.equal((await a.next("hangup")).callId, callId);
    await b.peer.expectNone("hangup");
    caller.dials(rung.number);
    const first = await rung.rings(caller.number);
    rung.say({ type: "getUsers", from: rung.number });
    const again = await rung.rings(caller.number);
    assert.deepEqual([again.callId, again.sdp], [first.callId, first.sdp]);
    rung.answers(again);
    await caller.next("answer");
    await endsOnce(callId, a.number, "hangup");
  });
});

describe("a phone with the app that two people ring", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  /** A rings B, and C dials B as well. */
  async function twoRingers(t: TestContext) {
    const [a, b, c] = [
      await AppPhone.open(server, somebody(), { test: t }),
      await AppPhone.open(server, somebody(), { test: t }),
      await AppPhone.open(server, somebody(), { test: t }),
    ];
    a.dials(b.number);
    const ring = await b.rings(a.number);
    await a.next("ringing");
    c.dials(b.number);
    const { callId } = await c.next("calling");
    await b.peer.expectNone("offer");
    await c.peer.expectNone("ringing");
    return { a, b, c, ring, callId };
  }

  test("talks with the first whom it accepts, and hears nothing of the other", async (t) => {
    const { a, b, c, ring } = await twoRingers(t);
    b.answers(ring);
    await a.next("answer");
    await c.next("reject");
    for (const type of ["busy", "reject", "hangup"] as const) await b.peer.expectNone(type);
    a.hangsUp(b.number, ring.callId);
    assert.equal((await b.next("hangup")).from, a.number);
  });

  test("rings on for the first when the second gives up", async (t) => {
    const { a, b, c, ring } = await twoRingers(t);
    c.hangsUp(b.number);
    const calls = await historyOnce(server, b.number, (all) => all.length > 0);
    assert.deepEqual(
      calls.map(({ caller, status }) => [caller, status]),
      [[c.number, "missed"]],
    );
    for (const type of ["busy", "reject", "hangup"] as const) await b.peer.expectNone(type);
    b.answers(ring);
    await a.next("answer");
  });

  test("rejects the first with the id of the second, and is then offered the second", async (t) => {
    const { a, b, c, callId } = await twoRingers(t);
    b.say({ type: "reject", from: b.number, to: a.number, callId });
    assert.equal((await a.next("reject")).reason, "declined");
    const second = await b.rings(c.number);
    assert.equal(second.callId, callId);
    assert.ok((second.expiresInMs ?? 0) < 60_000);
    await c.next("ringing");
    b.answers(second);
    await c.next("answer");
  });
});
