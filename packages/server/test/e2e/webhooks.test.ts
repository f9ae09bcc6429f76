import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  CurrentPeer,
  fakeAnswer,
  fakeOffer,
  type ReceivedEvent,
  type ServerProcess,
  spawnServer,
  WebhookReceiver,
} from "@echoo/testkit";
import { runEchoo } from "../slow/run-echoo.ts";
import { ask, tokenOf } from "./ask.ts";

const [offer, answer] = [fakeOffer(6), fakeAnswer(6)];
/** Of them each is asked about as its event comes. */
const askedTimes = 1_000;
const pairs = 8;

describe("webhooks", () => {
  let server: ServerProcess;
  let receiver: WebhookReceiver;
  let people = 0;

  before(async () => {
    receiver = await WebhookReceiver.start();
    const env = { ECHOO_RATE_LIMITS: "off", ECHOO_RING_MS: "5000", ECHOO_LOG_LEVEL: "warn" };
    const hook = { ECHOO_WEBHOOK_URL: receiver.url, ECHOO_WEBHOOK_SECRET: receiver.secret };
    server = await spawnServer({ env: { ...env, ...hook } });
  });
  after(async () => {
    await server.stop();
    await receiver.close();
    assert.deepEqual(receiver.faults, []);
  });

  async function pair() {
    people += 1;
    const [a, b] = [`5558${people}1`, `5558${people}2`];
    const [caller, callee] = await Promise.all([a, b].map((userId) => CurrentPeer.connect(server.wsUrl, { userId })));
    assert.ok(caller && callee);
    return { caller, callee };
  }

  async function placed({ caller, callee }: Awaited<ReturnType<typeof pair>>): Promise<string> {
    const callId = randomUUID();
    caller.send({ type: "offer", to: callee.joined.userId, callId, sdp: offer.sdp });
    await callee.next("offer", (message) => message.callId === callId);
    return callId;
  }

  async function talked(two: Awaited<ReturnType<typeof pair>>): Promise<string> {
    const callId = await placed(two);
    two.callee.send({ type: "answer", callId, sdp: answer.sdp });
    await two.caller.next("answer", (message) => message.callId === callId);
    two.caller.send({ type: "hangup", callId });
    await two.callee.next("hangup", (message) => message.callId === callId);
    return callId;
  }

  const of = (callId: string, list = receiver.posts) => list.filter(({ data }) => data.callId === callId);
  const typesOf = (events: readonly ReceivedEvent[]) => events.map(({ type, sequence }) => `${sequence} ${type}`);

  test("a call is told from its beginning to its end, and its parties when they come", async () => {
    const two = await pair();
    const callId = await talked(two);
    await receiver.until(() => of(callId).length === 3);
    assert.deepEqual(typesOf(of(callId)), ["1 call.started", "2 call.answered", "3 call.ended"]);
    const { data } = of(callId).at(-1) ?? {};
    const { status, endReason, endedBy, state } = data;
    assert.deepEqual([status, endReason, endedBy, state], ["completed", "hangup", "caller", "ended"]);
    const created = receiver.posts.filter(({ type }) => type === "user.created").map((event) => event.data.phone);
    assert.deepEqual(new Set(created), new Set([two.caller.joined.userId, two.callee.joined.userId]));
  });

  test("whoever asks REST as an event comes finds at least what it says, a thousand times", async () => {
    let asked = 0;
    receiver.answer = async ({ type, data }) => {
      if (type !== "call.ended") return { status: 204 };
      const { body } = await ask(server, `GET /api/calls/${data.caller.phone}?limit=1`);
      const [newest] = body.calls;
      const same = ["callId", "status", "endReason", "startTime", "answeredAt", "endTime", "duration"];
      for (const field of same) assert.equal(newest?.[field], data[field], `${field} of ${data.callId}`);
      asked += 1;
      return { status: 200 };
    };
    const each = Array.from({ length: pairs }, async () => {
      const two = await pair();
      for (let i = 0; i < askedTimes / pairs; i++) {
        const callId = await talked(two);
        // The next call would be the newest of the history.
        await receiver.until(() => of(callId, receiver.taken).some(({ type }) => type === "call.ended"), 60_000);
      }
    });
    await Promise.all(each);
    assert.deepEqual([asked, receiver.faults], [askedTimes, []]);
    receiver.answer = () => ({ status: 204 });
  });

  test("a call that the callee's block hides is told like one that nobody answered", async () => {
    const told: string[][] = [];
    for (const blocks of [false, true]) {
      const { caller, callee } = await pair();
      const [from, to] = [caller.joined.userId, callee.joined.userId];
      if (blocks) await ask(server, `PUT /api/users/${to}/blocks/${from}`, { token: await tokenOf(server, to) });
      const callId = randomUUID();
      caller.send({ type: "offer", to, callId, sdp: offer.sdp });
      await caller.next("reject", (message) => message.callId === callId);
      await receiver.until(() => of(callId).length === 3);
      told.push(
        of(callId).map(({ type, sequence, data }) => {
          const { startTime, endTime, callId: _id, caller: _a, callee: _b, ...rest } = data;
          return JSON.stringify([sequence, type, rest, Boolean(startTime), Boolean(endTime)]);
        }),
      );
    }
    assert.deepEqual(told[1], told[0]);
  });

  test("the command on the server's machine shows what waits, and has what happened posted once more", async () => {
    const callId = await talked(await pair());
    await receiver.until(() => of(callId, receiver.taken).length === 3);
    const env = { ECHOO_DATA: server.data, HOST: "127.0.0.1" };
    const listed = await runEchoo(["webhooks", "list"], { env });
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, new RegExp(`settings +${receiver.url}\\n\\d+ events wait, 0 are parked\\.`));
    const replayed = await runEchoo(["webhooks", "replay", "--since", "1h"], { env });
    assert.match(replayed.stdout, /^What happened to \d+ calls and accounts is posted once more\.$/m, replayed.stderr);
    await receiver.until(() => of(callId, receiver.taken).length === 6, 60_000);
    const ids = of(callId, receiver.taken).map(({ id }) => id);
    assert.deepEqual(ids.slice(3), ids.slice(0, 3));
    const elsewhere = await runEchoo(["webhooks", "list"], { env: { ...env, ECHOO_DATA: "/nowhere" } });
    assert.match(elsewhere.stderr, /no server runs with the data folder/);
  });

  test("an account that is erased is told by its number, which is nowhere else then", async () => {
    const phone = "5559001";
    const token = await tokenOf(server, phone);
    const erased = await ask(server, `DELETE /api/users/${phone}`, { token });
    assert.equal(erased.status, 200, JSON.stringify(erased.body));
    await receiver.until(({ posts }) => posts.some(({ type, data }) => type === "user.erased" && data.phone === phone));
    const { data } = receiver.posts.find(({ type }) => type === "user.erased") ?? {};
    assert.match(data.erasedAs, /^deleted:/);
  });

  test("what happened before a kill -9 comes all the same, while the receiver was down: in order, each under one id", async () => {
    let isDown = true;
    receiver.answer = () => ({ status: isDown ? 503 : 204 });
    const [over, under, ringing] = [await pair(), await pair(), await pair()];
    const ended = await talked(over);
    await receiver.until(() => of(ended).length > 0);
    const answered = await placed(under);
    under.callee.send({ type: "answer", callId: answered, sdp: answer.sdp });
    await under.caller.next("answer", (message) => message.callId === answered);
    const rings = await placed(ringing);
    await ringing.caller.confirm();
    await server.kill("SIGKILL");
    const before = new Map(receiver.posts.map((event) => [`${event.data.callId} ${event.type}`, event.id]));
    isDown = false;
    await server.start();
    await receiver.until(
      () => [ended, answered, rings].every((id) => of(id, receiver.taken).some(({ type }) => type === "call.ended")),
      60_000,
    );
    const whole = ["1 call.started", "2 call.answered", "3 call.ended"];
    const once = (id: string) => [...new Set(typesOf(of(id, receiver.taken)))];
    assert.deepEqual(once(ended), whole);
    assert.deepEqual(once(answered), whole);
    assert.deepEqual(once(rings).slice(0, 2), ["1 call.started", "2 call.ended"]);
    for (const event of receiver.taken.filter(({ type }) => type.startsWith("call."))) {
      const id = before.get(`${event.data.callId} ${event.type}`);
      assert.ok(id === undefined || id === event.id, `${event.type} came under another id`);
    }
  });
});
