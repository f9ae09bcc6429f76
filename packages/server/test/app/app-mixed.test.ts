import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce } from "../e2e/ask.ts";
import { answer, offer, somebody } from "../ws/talk.ts";
import { AppPhone } from "./app-phone.ts";
import { appRequest, appSignIn } from "./app-request.ts";

describe("the app and a current device", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  type Test = Parameters<typeof AppPhone.open>[2]["test"];

  async function mixed(t: Test) {
    const app = await AppPhone.open(server, somebody(), { test: t });
    const web = await CurrentPeer.connect(server.wsUrl, { userId: somebody(), deviceId: "web" });
    return { app, web, webNumber: web.joined.userId };
  }

  /** A call that the current device placed and the app answered. */
  async function calledByWeb(t: Test) {
    const { app, web, webNumber } = await mixed(t);
    const callId = randomUUID();
    web.send({ type: "offer", to: app.number, sdp: offer.sdp, isVideoCall: true, callId, neg: 1 });
    app.answers(await app.rings(webNumber));
    await web.next("answer");
    return { app, web, webNumber, callId };
  }

  test("talk when the app calls: the app's candidates arrive early, the other's after its answer", async (t) => {
    const { app, web, webNumber } = await mixed(t);
    app.dials(webNumber, false);
    const early = app.trickles(webNumber, 2);
    const { callId, sdp, isVideoCall } = await web.next("offer");
    assert.deepEqual([sdp, isVideoCall], [app.offer.sdp, false]);
    web.send({ type: "ringing", callId });
    for (const candidate of early) assert.equal((await web.next("candidate")).candidate?.candidate, candidate);
    const [own] = answer.candidates(1);
    web.send({ type: "candidate", callId, candidate: own ?? null });
    await web.settle();
    await app.peer.expectNone("candidate");
    web.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
    assert.equal((await app.next("answer")).sdp, answer.sdp);
    assert.equal((await app.next("candidate")).candidate?.candidate, own?.candidate);
    web.send({ type: "connected", callId });
    app.hangsUp(webNumber, callId);
    assert.equal((await web.next("hangup")).reason, "hangup");
    const [call] = await historyOnce(server, app.number, ({ length }) => length > 0);
    assert.deepEqual([call.callId, call.status], [callId, "completed"]);
  });

  test("talk when the app is called; the end of candidates is never sent to it", async (t) => {
    const { app, web, webNumber, callId } = await calledByWeb(t);
    web.send({ type: "candidate", callId, candidate: null });
    const [last] = offer.candidates(1);
    web.send({ type: "candidate", callId, candidate: last ?? null });
    const { candidate } = await app.next("candidate");
    assert.equal(candidate?.candidate, last?.candidate);
    web.send({ type: "hangup", callId });
    assert.equal((await app.next("hangup")).from, webNumber);
  });

  test("a candidate without its optional fields reaches the app without them, and not as nulls", async (t) => {
    const { app, web, callId } = await calledByWeb(t);
    web.send({ type: "candidate", callId, candidate: { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: null } });
    const { candidate } = await app.next("candidate");
    assert.deepEqual(candidate, { candidate: "candidate:1", sdpMid: "0" });
  });

  test("a current caller is told busy alone, for its call ends once", async (t) => {
    const { app, web, webNumber } = await mixed(t);
    const third = await AppPhone.open(server, somebody(), { test: t });
    app.dials(third.number);
    third.answers(await third.rings(app.number));
    await app.next("answer");
    const callId = randomUUID();
    web.send({ type: "offer", to: app.number, sdp: offer.sdp, callId, neg: 1 });
    await web.next("busy", (message) => message.callId === callId);
    await web.expectNone("reject");
    await app.peer.expectNone("hangup");
    assert.notEqual(webNumber, app.number);
  });

  test("that dial each other end up in one call, whoever was first", async (t) => {
    const { app, web, webNumber } = await mixed(t);
    app.dials(webNumber);
    const { callId } = await web.next("offer");
    web.send({ type: "offer", to: app.number, sdp: offer.sdp, callId: randomUUID(), neg: 1 });
    const { replaces } = await web.next("calling", (message) => message.replaces !== undefined);
    assert.equal(typeof replaces, "string");
    web.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
    assert.equal((await app.next("answer")).callId, callId);
    app.hangsUp(webNumber, callId);
    await web.next("hangup");
    const calls = await historyOnce(server, webNumber, ({ length }) => length > 0);
    assert.equal(calls.length, 1);
  });

  test("a current device's statistics are in the app's history and on its screen", async (t) => {
    const { app, web, callId } = await calledByWeb(t);
    const token = await appSignIn(server, app.number);
    web.send({ type: "connected", callId });
    const samples = [0, 2000].map((ms) => ({ t: Date.UTC(2026, 0, 1) + ms, rttMs: 40, lossPercent: 0, sendKbps: 500 }));
    web.send({ type: "stats", callId, samples });
    await web.settle();
    web.send({ type: "hangup", callId });
    await app.next("hangup");
    await historyOnce(server, app.number, ([call]) => call?.quality !== undefined);
    const [call] = (await appRequest(server, "GET /calls/history?limit=50", { token })).body.calls;
    assert.deepEqual([call.hasStats, call.avgRttMs, call.avgBitrateKbps], [true, 40, 500]);
    const { stats } = (await appRequest(server, `GET /calls/stats/${callId}`, { token })).body;
    assert.deepEqual([stats.totalSamples, stats.avgRttMs, stats.samples[0].networkQuality], [2, 40, "GOOD"]);
  });

  for (const winner of ["app", "web"] as const) {
    test(`one person's two devices ring, and when the ${winner} answers the other stops`, async (t) => {
      const caller = await AppPhone.open(server, somebody(), { test: t });
      const app = await AppPhone.open(server, somebody(), { test: t });
      const web = await CurrentPeer.connect(server.wsUrl, { userId: app.number, deviceId: "web" });
      caller.dials(app.number);
      const ringing = await app.rings(caller.number);
      const { callId } = await web.next("offer");
      assert.equal(callId, ringing.callId);
      if (winner === "app") app.answers(ringing);
      else web.send({ type: "answer", callId, sdp: answer.sdp, neg: 1 });
      const { sdp } = await caller.next("answer");
      assert.equal(sdp, winner === "app" ? app.answer.sdp : answer.sdp);
      const stopped = winner === "app" ? await web.next("hangup") : await app.next("hangup");
      assert.deepEqual([stopped.callId, stopped.reason], [callId, "answered_elsewhere"]);
      // What the device that lost still does is not the call's.
      if (winner === "web") {
        app.answers(ringing);
        await app.next("hangup");
        await caller.peer.expectNone("hangup");
      }
      caller.hangsUp(app.number, callId);
      if (winner === "app") await app.next("hangup");
      else await web.next("hangup");
    });
  }
});
