import assert from "node:assert/strict";
import { test } from "node:test";
import { CurrentPeer, fakeOffer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { offer, ring, talk, twoPeople } from "../ws/talk.ts";
import { historyOnce } from "./ask.ts";

/** A preload that makes the process fail from outside, on a signal that means nothing otherwise. */
function faultOn(fault: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(`process.on("SIGWINCH", () => { ${fault} })`)}`;
}

test("a restart says goodbye, loses no record and no call, and a slow client does not hold it up", async (t) => {
  const server = await spawnServer({ test: t });
  const running = await talk(server);
  const rings = await twoPeople(server);
  const ringing = await ring(rings);
  const loris = await RawSocket.connect(server.url, t);
  loris.write("POST /api/calls HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
  // Ended in the very moment in which the server is told to stop.
  const ended = await Promise.all(Array.from({ length: 8 }, () => twoPeople(server)));
  const callIds = await Promise.all(ended.map((pair) => ring(pair)));
  for (const [i, { b }] of ended.entries()) b.send({ type: "reject", callId: callIds[i] });
  const stopping = server.kill("SIGTERM");
  for (const { a } of ended) assert.equal((await a.next("reject")).reason, "declined");
  for (const { a, b } of [running, rings]) {
    for (const peer of [a, b]) {
      assert.ok((await peer.next("goaway")).reconnectInMs >= 500);
      assert.equal((await peer.closed()).code, 1012);
    }
  }
  assert.deepEqual(await stopping, { code: 0, signal: null });
  await server.start();
  for (const [i, { a, b }] of ended.entries()) {
    for (const peer of [a, b]) {
      const [call] = await historyOnce(server, peer.joined.userId, (calls) => calls.length === 1);
      assert.deepEqual([call.callId, call.endReason], [callIds[i], "declined"]);
    }
  }
  const { a, b, callId } = running;
  for (const peer of [a, b]) assert.deepEqual((await peer.resume()).rebound, [callId]);
  a.send({ type: "offer", to: b.joined.userId, callId, sdp: fakeOffer(9).sdp, neg: 2 });
  assert.equal((await b.next("offer")).sdp, fakeOffer(9).sdp);
  assert.deepEqual((await rings.a.resume()).rebound, [ringing]);
  await rings.b.resume();
  assert.equal((await rings.b.next("offer")).callId, ringing);
  assert.deepEqual(server.faults(), []);
});

test("a second signal ends it at once, and the journal has what matters", async (t) => {
  const server = await spawnServer({ test: t });
  const { a, callId } = await talk(server);
  const stopping = server.kill("SIGTERM");
  await a.next("goaway");
  process.kill(server.pid, "SIGTERM");
  assert.deepEqual(await stopping, { code: 1, signal: null });
  assert.ok(await server.said(/a second signal: the process ends at once/));
  await server.start();
  assert.deepEqual((await a.resume()).rebound, [callId]);
});

for (const [what, fault] of Object.entries({
  "an exception that nobody caught": "throw new Error('on purpose')",
  "a promise that nobody waited for": "Promise.reject(new Error('on purpose'))",
})) {
  test(`${what} ends the process with a line in the log, and a restart goes on`, async (t) => {
    const server = await spawnServer({ env: { NODE_OPTIONS: faultOn(fault) }, test: t });
    const { a, b, callId } = await talk(server);
    const ending = server.kill("SIGWINCH");
    await a.next("goaway");
    assert.deepEqual(await ending, { code: 1, signal: null });
    assert.match(lineWith(server, "the process ends because of a fault"), /"level":"fatal".*on purpose/);
    await server.start();
    assert.deepEqual((await b.resume()).rebound, [callId]);
    assert.deepEqual((await a.resume()).rebound, [callId]);
  });
}

test("an interrupt from the keyboard is a proper end as well", async (t) => {
  const server = await spawnServer({ test: t });
  const { a, b } = await twoPeople(server);
  for (let i = 0; i < 5; i += 1) {
    a.send({ type: "offer", to: b.joined.userId, sdp: offer.sdp });
    const { callId } = await b.next("offer");
    b.send({ type: "reject", callId });
    await a.next("reject");
  }
  await server.restart("SIGINT");
  assert.equal((await historyOnce(server, a.joined.userId, () => true)).length, 5);
  const again = await CurrentPeer.connect(server.wsUrl, { userId: a.joined.userId });
  await again.settle();
});

function lineWith(server: ServerProcess, text: string): string {
  return (
    server
      .output()
      .split("\n")
      .find((line) => line.includes(text)) ?? ""
  );
}
