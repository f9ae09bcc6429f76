import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { type TestContext, test } from "node:test";
import { setInterval } from "node:timers/promises";
import { RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { offer, somebody, talk } from "../ws/talk.ts";
import { describeTimes, residentMib, setUpTimes } from "./set-up-times.ts";
import { witnessCall } from "./witness-call.ts";

/*
 * Each flood runs while others call each other. That all of their calls are set up is asserted; how long they took is
 * printed, for a machine that does other things as well says nothing about 250 ms.
 */

/** Messages of one user, a thousand a second for ten seconds; who is closed for it comes back at once. */
async function floodMessages(server: ServerProcess): Promise<{ sent: number; closed: number }> {
  const everyMs = 20;
  const ticks = 10_000 / everyMs;
  const me = somebody();
  let [sent, closed, tick] = [0, 0, 0];
  let peer: RawPeer | undefined;
  for await (const _ of setInterval(everyMs)) {
    if (peer === undefined) {
      const fresh = await RawPeer.connect(server.wsUrl, { name: "flood" });
      peer = fresh;
      void fresh.closed().then(
        ({ code }) => {
          if (code === 4429) closed += 1;
          peer = undefined;
        },
        () => {},
      );
      fresh.send({ type: "join", userId: me, protocol: 2 });
    }
    for (let n = 0; n < everyMs; n += 1) peer?.send({ type: "checkUser", userId: "1234567890" });
    sent += everyMs;
    tick += 1;
    if (tick >= ticks) break;
  }
  peer?.terminate();
  return { sent, closed };
}

test("a thousand messages a second of one user hold up no other user, and no candidate of an honest call is lost", async (t) => {
  const server = await spawnServer({ test: t });
  await witnessCall(server);
  const honest = await talk(server);
  for (const peer of [honest.a, honest.b]) t.after(() => peer.terminate());
  const flood = floodMessages(server);
  const times = setUpTimes(server, flood);
  const candidates = offer.candidates(200);
  for (let round = 0; round < 2; round += 1) {
    // The bucket is full again once it has had its time; what is over the burst is read more slowly, and comes as well.
    for (const peer of [honest.a, honest.b]) {
      for (const candidate of candidates) peer.send({ type: "candidate", callId: honest.callId, candidate });
    }
    for (const peer of [honest.a, honest.b]) {
      for (const candidate of candidates) assert.deepEqual((await peer.next("candidate")).candidate, candidate);
    }
  }
  for (const peer of [honest.a, honest.b]) await peer.expectNone("error");
  t.diagnostic(`1,000 messages/s: ${describeTimes(await times)}`);
  const { sent, closed } = await flood;
  t.diagnostic(`${sent} messages sent; the flooder was closed with 4429 ${closed} times`);
  assert.ok(closed >= 1, "the flooder was never closed");
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});

/** Each of a hundred loopback addresses asks for codes, for a new number each time, as fast as it is answered. */
async function floodCodes(server: ServerProcess, each: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const attackers = Array.from({ length: 100 }, async (_, address) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; n < each; n += 1) {
      const phone = `66${String(address).padStart(3, "0")}${String(n % 40).padStart(4, "0")}`;
      const status = await askForCode(server, agent, `127.0.1.${address + 1}`, phone);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    agent.destroy();
  });
  await Promise.all(attackers);
  return statuses;
}

function askForCode(server: ServerProcess, agent: Agent, localAddress: string, phone: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const asked = request(
      `${server.url}/auth/send-otp`,
      { method: "POST", agent, localAddress, headers },
      (response) => {
        response.resume().once("end", () => {
          if (response.statusCode === 429) assert.ok(Number(response.headers["retry-after"]) >= 1);
          resolve(response.statusCode ?? 0);
        });
      },
    );
    asked.once("error", reject);
    asked.end(JSON.stringify({ phoneNumber: phone }));
  });
}

test("a hundred addresses that ask for codes without end hold up no other user, and each number gets few", async (t) => {
  const server = await spawnServer({ test: t });
  await witnessCall(server);
  const flood = floodCodes(server, 150);
  t.diagnostic(`100 addresses asking for codes: ${describeTimes(await setUpTimes(server, flood))}`);
  const statuses = await flood;
  t.diagnostic(`answers: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(", ")}`);
  // Forty numbers for each address; whoever asks for the same one again within half a minute is refused.
  assert.ok((statuses.get(200) ?? 0) >= 100 && (statuses.get(429) ?? 0) > 0, JSON.stringify([...statuses]));
  for (const status of statuses.keys()) assert.ok(status === 200 || status === 429, `status ${status}`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});

test("five thousand sockets that never join hold up no other user, cost little, and are closed in time", async (t) => {
  const joinMs = 20_000;
  const server = await spawnServer({ env: { ECHOO_JOIN_MS: String(joinMs) }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  const idle: RawSocket[] = [];
  const opened = (async () => {
    for (let batch = 0; batch < 50; batch += 1) {
      const sockets = await Promise.all(Array.from({ length: 100 }, () => RawSocket.connect(server.url, t)));
      const statuses = await Promise.all(sockets.map((socket) => socket.upgrade()));
      assert.deepEqual(new Set(statuses), new Set([101]));
      idle.push(...sockets);
    }
  })();
  t.diagnostic(`while 5,000 sockets are opened: ${describeTimes(await setUpTimes(server, opened))}`);
  const grownMib = (await residentMib(server)) - beforeMib;
  t.diagnostic(`${idle.length} sockets that never join: ${((grownMib * 1024) / idle.length).toFixed(1)} KiB each`);
  const closed = Promise.all(idle.map((socket) => socket.closed(joinMs * 3)));
  t.diagnostic(`while they are held and closed: ${describeTimes(await setUpTimes(server, closed))}`);
  for (const { closeCode } of await closed) assert.equal(closeCode, 4408);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});

/** Talks to somebody who reads nothing, until the server gives that one up; how much was sent to them. */
async function talkToTheDeaf(server: ServerProcess, t: TestContext): Promise<number> {
  const { a, b, callId } = await talk(server);
  for (const peer of [a, b]) t.after(() => peer.terminate());
  b.raw.pauseReading();
  const lost = a.next("peerLost").then(() => true);
  let [sentMib, isLost] = [0, false];
  // Renegotiations are the largest things that pass; each needs its own number.
  for (let neg = 2; !isLost; neg += 1) {
    // The kernel takes its share before the server has to keep anything: some tens of MiB, as it is set up.
    assert.ok(sentMib < 256, "the server kept everything for a reader who took nothing");
    a.send({ type: "offer", to: b.joined.userId, callId, sdp: `v=0 ${"x".repeat(60_000)}`, neg, id: `o${neg}` });
    sentMib += 60_000 / 1024 / 1024;
    isLost = await Promise.race([lost, a.raw.reply(`o${neg}`).then(() => false)]);
  }
  b.raw.resumeReading();
  const { code } = await b.closed();
  assert.ok(code === 4429 || code === 1006, `closed with ${code}`);
  // The one who sends goes on.
  await a.settle();
  return sentMib;
}

test("readers who take nothing are cut at their one mebibyte, and memory stays flat", async (t) => {
  // Pings far apart: a reader who takes nothing answers none, and would be cut for that.
  const server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off", ECHOO_PING_MS: "600000" }, test: t });
  await witnessCall(server);
  const beforeMib = await residentMib(server);
  let sentMib = 0;
  for (let reader = 0; reader < 10; reader += 1) sentMib += await talkToTheDeaf(server, t);
  const grownMib = (await residentMib(server)) - beforeMib;
  // Ten times one mebibyte, and what the garbage collector has not looked at yet.
  assert.ok(grownMib < 100, `the server grew by ${grownMib} MiB`);
  t.diagnostic(`10 paused readers were sent ${sentMib.toFixed(0)} MiB; the server grew by ${grownMib.toFixed(0)} MiB`);
  await witnessCall(server);
  assert.deepEqual(server.faults(), []);
});
