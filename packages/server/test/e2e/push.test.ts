import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  CurrentPeer,
  fakeAnswer,
  fakeOffer,
  type ServerProcess,
  spawnServer,
  startTogether,
  WebPushService,
} from "@echoo/testkit";
import { ask, tokenOf } from "./ask.ts";

const [offer, answer] = [fakeOffer(2), fakeAnswer(2)];
/** Longer than a start takes on a busy machine. */
const env = { ECHOO_RING_MS: "30000", ECHOO_VAPID_SUBJECT: "mailto:op@example.com", ECHOO_LOG_LEVEL: "warn" };

describe("a phone that no page is open on", () => {
  let server: ServerProcess;
  let service: WebPushService;
  let people = 0;

  before(async () => {
    [server, service] = await startTogether([spawnServer({ env }), WebPushService.start()]);
  });
  after(async () => {
    await server.stop();
    await service.close();
  });

  /** Two people: one who calls, and one who has registered a phone and gone. */
  async function twoPeople() {
    people += 1;
    const [caller, callee] = [`5557${people}01`, `5557${people}02`];
    const token = await tokenOf(server, callee);
    await ask(server, `PUT /api/users/${callee}/contacts/${caller}`, { token, body: { name: `Aunt ${people}` } });
    const { webKey } = (await ask(server, "GET /api/push")).body;
    const subscription = service.subscribe(`phone${people}`, webKey);
    const device = `/api/users/${callee}/devices/phone`;
    const put = await ask(server, `PUT ${device}`, { token, body: { platform: "web", subscription } });
    assert.equal(put.status, 201, JSON.stringify(put.body));
    const ann = await CurrentPeer.connect(server.wsUrl, { userId: caller });
    return { caller, callee, token, ann };
  }

  async function call(ann: CurrentPeer, callee: string): Promise<string> {
    const callId = randomUUID();
    ann.send({ type: "offer", to: callee, callId, sdp: offer.sdp });
    const { expiresInMs } = await ann.next("calling");
    assert.ok(expiresInMs > 0);
    return callId;
  }

  test("is woken by a push, says by its ticket that it rings, joins with its token and answers", async () => {
    const { caller, callee, token, ann } = await twoPeople();
    const callId = await call(ann, callee);
    const push = await service.next();
    const { ticket, from, kind, endsAt } = push.payload.echoo;
    assert.deepEqual([kind, from], ["ring", { phone: caller, displayName: `Aunt ${people}` }]);
    assert.ok(endsAt > Date.now() && push.ttl <= 30 && push.urgency === "high");
    await ann.expectNone("ringing");
    const ring = await ask(server, `GET /api/rings/${callId}?ticket=${ticket}`);
    assert.deepEqual([ring.status, ring.body.state, ring.body.from.displayName], [200, "ringing", `Aunt ${people}`]);
    const nothing = await fetch(`${server.url}/api/rings/${callId}/ringing`, { method: "POST" });
    assert.equal(nothing.status, 401);
    const shown = await ask(server, `POST /api/rings/${callId}/ringing`, { body: { ticket } });
    assert.equal(shown.status, 200);
    assert.equal((await ann.next("ringing")).callId, callId);
    const bob = await CurrentPeer.connect(server.wsUrl, { userId: callee, token });
    const offered = await bob.next("offer");
    assert.ok(offered.callId === callId && (offered.expiresInMs ?? 0) <= 30_000);
    bob.send({ type: "answer", callId, sdp: answer.sdp });
    assert.equal((await ann.next("answer")).sdp, answer.sdp);
    const late = await ask(server, `POST /api/rings/${callId}/ringing`, { body: { ticket } });
    assert.deepEqual([late.status, late.body.code, late.body.reason], [409, "too_late", "answered_elsewhere"]);
    ann.send({ type: "hangup", callId });
    await bob.next("hangup");
    assert.deepEqual(service.waiting, []);
    await Promise.all([ann.terminate(), bob.terminate()]);
  });

  test("declines by its ticket, with no page open, and the ring ends everywhere", async () => {
    const { callee, ann } = await twoPeople();
    const tablet = await CurrentPeer.connect(server.wsUrl, { userId: callee, token: await tokenOf(server, callee) });
    const callId = await call(ann, callee);
    await tablet.next("offer");
    const { ticket } = (await service.next()).payload.echoo;
    assert.equal((await ask(server, `POST /api/rings/${callId}/reject`, { body: { ticket } })).status, 200);
    assert.equal((await ann.next("reject")).reason, "declined");
    assert.equal((await tablet.next("hangup")).reason, "declined_elsewhere");
    assert.deepEqual(service.waiting, []);
    await Promise.all([ann.terminate(), tablet.terminate()]);
  });

  test("is told of a missed call, with how many there are by now", async () => {
    const { callee, token, ann } = await twoPeople();
    for (const count of [1, 2]) {
      const callId = await call(ann, callee);
      await service.next();
      ann.send({ type: "hangup", callId });
      await ann.next("hangup");
      const { payload, topic, urgency } = await service.next();
      assert.equal(topic, callId.replaceAll("-", ""));
      assert.deepEqual(payload.echoo, {
        kind: "stop",
        callId,
        reason: "cancelled",
        missed: true,
        from: { phone: ann.joined.userId, displayName: `Aunt ${people}` },
        isVideo: true,
        count,
        unseenMissed: count,
      });
      assert.equal(urgency, "normal");
    }
    const { body } = await ask(server, `GET /api/calls/${callee}`, { token });
    assert.equal(body.unseenMissed, 2);
    ann.terminate();
  });

  test("is told that another device answered", async () => {
    const { callee, ann } = await twoPeople();
    const tablet = await CurrentPeer.connect(server.wsUrl, { userId: callee, token: await tokenOf(server, callee) });
    const callId = await call(ann, callee);
    await Promise.all([tablet.next("offer"), service.next()]);
    tablet.send({ type: "answer", callId, sdp: answer.sdp });
    await ann.next("answer");
    const { payload } = await service.next();
    assert.deepEqual(
      [payload.echoo.kind, payload.echoo.reason, payload.echoo.missed],
      ["stop", "answered_elsewhere", false],
    );
    ann.send({ type: "hangup", callId });
    await tablet.next("hangup");
    await Promise.all([ann.terminate(), tablet.terminate()]);
  });

  test("that is gone, as its service says, is forgotten; and the caller sees no difference", async () => {
    const { callee, token, ann } = await twoPeople();
    service.answer = { status: 410 };
    try {
      const callId = await call(ann, callee);
      for (let left = 1; left > 0; ) {
        left = (await ask(server, `GET /api/users/${callee}/devices`, { token })).body.devices.length;
      }
      ann.expectNone("reject");
      ann.send({ type: "hangup", callId });
      await ann.next("hangup");
      ann.send({ type: "offer", to: callee, callId: randomUUID(), sdp: offer.sdp });
      assert.equal((await ann.next("reject")).reason, "unreachable");
    } finally {
      service.answer = { status: 201 };
    }
    ann.terminate();
  });

  test("is rung by the next process where the one before was killed while it pushed, and told to stop by the one after", async () => {
    const { callee, ann } = await twoPeople();
    service.answer = "hang";
    const { requests } = service;
    const callId = await call(ann, callee);
    while (service.requests === requests) await ask(server, "GET /livez");
    await server.kill("SIGKILL");
    service.answer = { status: 201 };
    await server.start();
    const rung = await service.next();
    assert.deepEqual([rung.payload.echoo.kind, rung.payload.echoo.callId], ["ring", callId]);
    await ann.resume();
    service.answer = "hang";
    const before = service.requests;
    ann.send({ type: "hangup", callId });
    await ann.next("hangup");
    while (service.requests === before) await ask(server, "GET /livez");
    await server.kill("SIGKILL");
    service.answer = { status: 201 };
    await server.start();
    const stopped = await service.next();
    assert.deepEqual([stopped.payload.echoo.kind, stopped.payload.echoo.reason], ["stop", "cancelled"]);
    ann.terminate();
  });

  test("speaks by a ticket or its token and by nothing else", async () => {
    const { callee, token, ann } = await twoPeople();
    const stranger = await tokenOf(server, "5559999");
    const callId = await call(ann, callee);
    const { ticket } = (await service.next()).payload.echoo;
    const ring = `GET /api/rings/${callId}`;
    assert.equal((await ask(server, ring)).status, 401);
    assert.equal((await ask(server, `${ring}?ticket=x${ticket}`)).status, 401);
    assert.equal((await ask(server, `GET /api/rings/${randomUUID()}?ticket=${ticket}`)).status, 401);
    assert.equal((await ask(server, ring, { token: stranger })).status, 404);
    assert.equal((await ask(server, ring, { token })).status, 200);
    assert.equal((await ask(server, `POST /api/rings/${callId}/reject`, { token, body: {} })).status, 200);
    assert.equal((await ann.next("reject")).reason, "declined");
    ann.terminate();
  });
});
