import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { historyOnce, tokenOf } from "../e2e/ask.ts";
import { somebody } from "../ws/talk.ts";
import { AppPhone } from "./app-phone.ts";
import { gson } from "./gson.ts";

/** 1006 at the client: the connection ended without a close frame. */
const cut = 1006;

describe("the app's connection", () => {
  let server: ServerProcess;
  before(async () => {
    const short = { ECHOO_RING_MS: "1500", ECHOO_RESUME_MS: "1500", ECHOO_CALLER_LOST_MS: "1000" };
    server = await spawnServer({ env: short });
  });
  after(() => server.stop());

  type Test = Parameters<typeof AppPhone.open>[2]["test"];

  async function answeredCall(t: Test) {
    const a = await AppPhone.open(server, somebody(), { test: t });
    const b = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    const offer = await b.rings(a.number);
    b.answers(offer);
    await a.next("answer");
    return { a, b, callId: offer.callId };
  }

  test("closes both screens by reject when nobody answers", async (t) => {
    const a = await AppPhone.open(server, somebody(), { test: t });
    const b = await AppPhone.open(server, somebody(), { test: t });
    a.dials(b.number);
    const { callId } = await b.rings(a.number);
    assert.equal((await a.next("reject")).reason, "no_answer");
    assert.equal((await b.next("reject")).callId, callId);
  });

  test("that is cut off in a call as the other is, and does not come back, ends it: completed, not missed", async (t) => {
    const { a, b, callId } = await answeredCall(t);
    b.peer.terminate();
    await a.next("peerLost");
    a.peer.terminate();
    assert.ok(await server.said(new RegExp(`"callId":"${callId}".*"call ended"`)));
    for (const { number } of [a, b]) {
      const [call] = await historyOnce(server, number, ({ length }) => length > 0);
      assert.deepEqual([call.callId, call.status, call.endReason], [callId, "completed", "connection_lost"]);
    }
  });

  test("that comes back by joining again has left its call, which ends for the other", async (t) => {
    const { a, b, callId } = await answeredCall(t);
    b.peer.terminate();
    await a.next("peerLost");
    const back = await AppPhone.open(server, b.number, { test: t });
    const end = await a.next("hangup");
    assert.deepEqual([end.callId, end.reason], [callId, "hangup"]);
    a.trickles(b.number);
    await back.peer.expectNone("candidate");
    for (const { number } of [a, b]) {
      const [call] = await historyOnce(server, number, ({ length }) => length > 0);
      assert.deepEqual([call.callId, call.status, call.endReason], [callId, "completed", "hangup"]);
    }
  });

  test("that comes back after the end of its call first hears of that end", async (t) => {
    const { a, b, callId } = await answeredCall(t);
    b.peer.terminate();
    await a.next("peerLost");
    a.hangsUp(b.number, callId);
    await a.peer.settle();
    const back = await AppPhone.open(server, b.number, { test: t });
    assert.equal((await back.next("hangup")).callId, callId);
    const types = back.peer.receivedTexts.map((text) => (JSON.parse(text) as { type: string }).type);
    assert.deepEqual(types, ["joined", "hangup", "userList"]);
  });

  test("is replaced by a second join of its number, and its late death does not touch the second", async (t) => {
    const { a, b, callId } = await answeredCall(t);
    const second = await AppPhone.open(server, b.number, { test: t });
    assert.equal((await b.peer.closed()).code, cut);
    a.say({ type: "chat", from: a.number, to: b.number, message: "you there?" });
    await second.next("chat");
    second.hangsUp(a.number, callId);
    await a.next("hangup");
    a.dials(b.number);
    await second.rings(a.number);
  });

  test("is cut, without a close frame, when it may not join, and the log names the setting that would let it", async (t) => {
    const number = somebody();
    const closed = await spawnServer({ env: { ECHOO_OPEN_ACCESS: "off" }, test: t });
    const peer = await RawPeer.connect(closed.wsUrl, { test: t });
    peer.send(`{"type":"join","userId":"${number}"}`);
    assert.equal((await peer.next("error")).code, "unauthorized");
    assert.equal((await peer.closed()).code, cut);
    // What it wrote has all arrived once it is over.
    await closed.kill("SIGTERM");
    const [line] = closed
      .output()
      .split("\n")
      .filter((each) => each.includes("join refused"));
    assert.match(line ?? "", /ECHOO_LEGACY_JOIN=verified-address/);
    assert.doesNotMatch(closed.output(), new RegExp(number));
  });

  test("may join with its token anywhere, and by number alone from an address that used it, where the operator allows that", async (t) => {
    const number = somebody();
    // This machine's own address vouches for nobody, so everybody comes by a proxy.
    const [home, elsewhere] = [{ "x-forwarded-for": "203.0.113.5" }, { "x-forwarded-for": "198.51.100.9" }];
    const env: Record<string, string> = { ECHOO_LEGACY_JOIN: "verified-address" };
    const open = await spawnServer({ env, test: t });
    const token = await tokenOf(open, number);
    Object.assign(env, { ECHOO_OPEN_ACCESS: "off", ECHOO_TRUST_PROXY: "loopback" });
    await open.restart();
    // The one line in the app that makes the setting unnecessary.
    const changed = await RawPeer.connect(open.wsUrl, { headers: elsewhere, test: t });
    changed.send(gson({ type: "join", userId: number, token }));
    await changed.next("userList");
    changed.terminate();
    const early = await RawPeer.connect(open.wsUrl, { headers: home, test: t });
    early.send(`{"type":"join","userId":"${number}"}`);
    assert.equal((await early.next("error")).code, "unauthorized");
    await fetch(`${open.url}/user/profile`, { headers: { ...home, authorization: `Bearer ${token}` } });
    const phone = await AppPhone.open(open, number, { headers: home, test: t });
    const other = await RawPeer.connect(open.wsUrl, { headers: home, test: t });
    other.send(`{"type":"join","userId":"${somebody()}"}`);
    assert.equal((await other.next("error")).code, "unauthorized");
    // The address is worth no more than the token that it used.
    const json = { ...home, authorization: `Bearer ${token}`, "content-type": "application/json" };
    assert.equal((await fetch(`${open.url}/api/auth/logout`, { method: "POST", headers: json })).status, 200);
    assert.equal((await phone.peer.closed()).code, cut);
    const again = await RawPeer.connect(open.wsUrl, { headers: home, test: t });
    again.send(`{"type":"join","userId":"${number}"}`);
    assert.equal((await again.next("error")).code, "unauthorized");
  });
});

test("a silent link is noticed: its socket is cut and the other one told; within 35 s as the server is set up", async (t) => {
  const server = await spawnServer({ env: { ECHOO_PING_MS: "1000" }, test: t });
  const usual = await spawnServer({ test: t });
  const [a, b] = [await AppPhone.open(server, somebody(), { test: t }), somebody()];
  const silent = await AppPhone.open(server, b, { test: t, autoPong: false });
  a.dials(b);
  silent.answers(await silent.rings(a.number));
  await a.next("answer");
  await a.next("peerLost");
  assert.equal((await silent.peer.closed()).code, cut);
  const { pingMs } = await (await RawPeer.connect(usual.wsUrl, { test: t })).join(somebody());
  // Dead after two pings without an answer, and a quarter of a period for the last one: see heartbeat.test.ts.
  assert.ok(2.25 * pingMs <= 35_000, `${pingMs} ms`);
});
