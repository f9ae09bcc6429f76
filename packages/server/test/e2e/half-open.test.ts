import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { CurrentPeer, fakeAnswer, fakeOffer, spawnServer, TcpProxy } from "@echoo/testkit";

const [ann, bob, cid] = ["5553301", "5553302", "5553303"];
const deviceId = "bobs-phone";

test("a device that joins anew while its older socket is half open soon ends what that one held, and can be called", async (t) => {
  const server = await spawnServer({ test: t });
  const network = await TcpProxy.start(server.port);
  t.after(() => network.close());
  const [a, c] = [
    await CurrentPeer.connect(server.wsUrl, { userId: ann, test: t }),
    await CurrentPeer.connect(server.wsUrl, { userId: cid, test: t }),
  ];
  const old = await CurrentPeer.connect(server.wsUrl.replace(String(server.port), String(network.port)), {
    userId: bob,
    deviceId,
    test: t,
  });
  const callId = randomUUID();
  a.send({ type: "offer", to: bob, callId, sdp: fakeOffer(2).sdp, isVideoCall: false });
  await old.next("offer");
  old.send({ type: "answer", callId, sdp: fakeAnswer(2).sdp });
  await a.next("answer");

  network.blackHole();
  const fresh = await CurrentPeer.connect(server.wsUrl, { userId: bob, deviceId, test: t });
  // Long before a socket that says nothing counts as dead, and its time to come back is over.
  const ended = await a.next("hangup");
  assert.deepEqual([ended.callId, ended.reason, ended.from], [callId, "hangup", bob]);
  await a.expectNone("peerLost");
  const next = randomUUID();
  c.send({ type: "offer", to: bob, callId: next, sdp: fakeOffer(2).sdp, isVideoCall: false });
  assert.equal((await fresh.next("offer")).callId, next);
});
