import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, opcodes, RawPeer, RawSocket, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask, historyOnce, tokenOf } from "../e2e/ask.ts";
import { somebody, talk } from "./talk.ts";

/** As docs/guide/limits.md has it. */
const sessionsOfOneUser = 32;

describe("a session whose right to be here ends", () => {
  let server: ServerProcess;
  before(async () => {
    server = await spawnServer();
  });
  after(() => server.stop());

  test("a revoked token cuts its socket with 4401 at once and ends its call, other devices stay", async () => {
    const userId = somebody();
    const [stolen, own] = [await tokenOf(server, userId), await tokenOf(server, userId)];
    const { a, b, callId } = await talk(server, { a: { userId, token: stolen } });
    const tablet = await CurrentPeer.connect(server.wsUrl, { userId, token: own });
    const { body } = await ask(server, "GET /api/auth/sessions", { token: stolen });
    const { id } = body.sessions.find((session: { current: boolean }) => session.current);
    assert.equal((await ask(server, `DELETE /api/auth/sessions/${id}`, { token: own })).status, 200);
    await endedByAdmin(a, b, callId);
    await tablet.settle();
    assert.equal((await ask(server, "GET /api/auth/sessions", { token: stolen })).status, 401);
  });

  test("logging out cuts the token's socket with 4401 and ends its call", async () => {
    const userId = somebody();
    const token = await tokenOf(server, userId);
    const { a, b, callId } = await talk(server, { a: { userId, token } });
    assert.equal((await ask(server, "POST /api/auth/logout", { token })).status, 200);
    await endedByAdmin(a, b, callId);
    const again = await RawPeer.connect(server.wsUrl);
    again.send({ type: "join", userId, token, protocol: 2 });
    assert.equal((await again.next("error")).code, "unauthorized");
    assert.equal((await again.closed()).code, 4401);
  });

  test("logging out everywhere cuts every device with 4401, by name or not, and none of anybody else", async () => {
    const userId = somebody();
    const [phone, laptop] = ["Ann's phone", "Ann's laptop"];
    const signIn = async (device: string) => {
      const { body } = await ask(server, "POST /api/auth/register", { body: { phone: userId, device } });
      return body.token as string;
    };
    const tokens = [await signIn(phone), await signIn(laptop)];
    const listed = (await ask(server, "GET /api/auth/sessions", { token: tokens[0] ?? "" })).body.sessions;
    assert.deepEqual(listed.map(({ device }: { device: string }) => device).sort(), [laptop, phone]);
    const devices = await Promise.all(tokens.map((token) => CurrentPeer.connect(server.wsUrl, { userId, token })));
    const other = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    assert.equal((await ask(server, "DELETE /api/auth/sessions", { token: tokens[0] ?? "" })).status, 200);
    for (const device of devices) assert.equal((await device.closed()).code, 4401);
    await other.settle();
    for (const token of tokens) assert.equal((await ask(server, "GET /api/auth/sessions", { token })).status, 401);
  });

  test("erasing an account cuts its sockets, ends its call, and leaves its number nowhere", async () => {
    const userId = somebody();
    const token = await tokenOf(server, userId);
    const { a, b, callId } = await talk(server, { a: { userId, token } });
    assert.equal((await ask(server, `DELETE /api/users/${userId}`, { token })).status, 200);
    await endedByAdmin(a, b, callId);
    const [call] = await historyOnce(server, b.joined.userId, (calls) => calls.length > 0);
    assert.match(call.caller, /^deleted:/);
    assert.equal(call.endReason, "admin_ended");
    const again = await CurrentPeer.connect(server.wsUrl, { userId: b.joined.userId, deviceId: b.joined.session });
    assert.ok(!again.raw.receivedTexts.some((text) => text.includes(userId)));
  });

  test("a client that ignores the close frame is not heard any more", async (t) => {
    const userId = somebody();
    const token = await tokenOf(server, userId);
    const other = somebody();
    const others = await tokenOf(server, other);
    const b = await CurrentPeer.connect(server.wsUrl, { userId: other, token: others });
    const raw = await RawSocket.connect(server.url, t);
    await raw.upgrade("/");
    const send = (message: object) => raw.frame({ opcode: opcodes.text, payload: JSON.stringify(message) });
    send({ type: "join", userId, token, protocol: 2 });
    send({ type: "offer", to: b.joined.userId, sdp: "v=0" });
    const { callId } = await b.next("offer");
    b.send({ type: "answer", callId, sdp: "v=0" });
    b.send({ type: "hangup", callId });
    await b.settle();
    await ask(server, "POST /api/auth/logout", { token });
    const summary = { type: "callStats", callId, caller: userId, callee: b.joined.userId, samples: [] };
    send({ ...summary, duration: 777 });
    assert.equal((await raw.closed(2_000)).closeCode, 4401);
    b.send({ ...summary, duration: 1, id: "later" });
    assert.equal((await b.raw.reply("later")).type, "ack");
    await historyOnce(server, other, ([call]) => call?.hasStats);
    const { body } = await ask(server, `GET /api/stats/${other}/calls/${callId}`, { token: others });
    assert.ok(JSON.stringify(body).includes('"duration":1'), JSON.stringify(body));
    assert.ok(!JSON.stringify(body).includes("777"), JSON.stringify(body));
  });

  test("a token that was renewed in place is the one that counts", async () => {
    const userId = somebody();
    const [first, second] = [await tokenOf(server, userId), await tokenOf(server, userId)];
    const peer = await CurrentPeer.connect(server.wsUrl, { userId, token: first });
    peer.raw.send({ type: "authenticate", authToken: second });
    await peer.next("authenticated");
    assert.equal((await ask(server, "POST /api/auth/logout", { token: first })).status, 200);
    await peer.settle();
    await ask(server, "POST /api/auth/logout", { token: second });
    assert.equal((await peer.closed()).code, 4401);
  });

  test("a socket that has proven one user joins as no other", async () => {
    const [userId, other] = [somebody(), somebody()];
    const peer = await RawPeer.connect(server.wsUrl);
    peer.send({ type: "authenticate", authToken: await tokenOf(server, userId) });
    await peer.next("joined");
    peer.send({ type: "join", userId: other, protocol: 2 });
    assert.equal((await peer.next("error")).code, "unauthorized");
  });

  test("a token of one user names no other", async () => {
    const peer = await RawPeer.connect(server.wsUrl);
    const token = await tokenOf(server, somebody());
    peer.send({ type: "join", userId: somebody(), token, id: "join" });
    const refusal = await peer.reply("join");
    assert.equal(refusal.type === "error" && refusal.code, "unauthorized");
    assert.equal((await peer.closed()).code, 4401);
  });

  test("a client that leaves by a number that it used is gone, and its account is not locked out by it", async () => {
    const watcher = await CurrentPeer.connect(server.wsUrl, { userId: somebody() });
    const userId = somebody();
    watcher.send({ type: "watch", users: [userId] });
    await watcher.next("presence");
    for (let times = 0; times <= sessionsOfOneUser; times += 1) {
      const peer = await RawPeer.connect(server.wsUrl);
      peer.send({ type: "join", userId, protocol: 2 });
      await peer.next("joined");
      peer.send({ type: "ping", n: 5 });
      peer.send({ type: "leave", n: 5, id: "left" });
      assert.equal((await peer.reply("left")).type, "ack");
      peer.close();
      await watcher.next("presence", ({ users }) => users[0]?.online === false);
    }
  });

  /** The one whose session ended is cut, the other is told, and the time it takes is far below a second. */
  async function endedByAdmin(a: CurrentPeer, b: CurrentPeer, callId: string): Promise<void> {
    const begun = performance.now();
    assert.equal((await a.closed()).code, 4401);
    assert.ok(performance.now() - begun < 1_000);
    const told = await b.next("hangup");
    assert.deepEqual([told.callId, told.reason], [callId, "admin_ended"]);
    await historyOnce(server, b.joined.userId, ([call]) => call?.endReason === "admin_ended");
  }
});
