import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CurrentPeer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { audience, goodClaims, issuer, KeyServer } from "../../../accounts/test/external-jwt/key-server.ts";
import { ask } from "../e2e/ask.ts";
import { answered, offer } from "./talk.ts";

const inSec = (seconds: number) => Date.now() / 1000 + seconds;
const path = encodeURIComponent;
let people = 0;

/** A user that nobody was before in this process. */
function somebody(): string {
  people += 1;
  return people % 2 === 0 ? `user|${people}` : `ann.${people}@example.com`;
}

/** Records are written behind the messages: reads until there is one. */
function historyOf(server: ServerProcess, userId: string, token: string) {
  const read = () => ask(server, `GET /api/calls/${path(userId)}`, { token });
  return server.stored(read, ({ body }) => body.calls.length > 0);
}

describe("users of a host product, over real sockets", () => {
  let server: ServerProcess;
  let product: KeyServer;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    product = await KeyServer.start({ after: (run) => void ends.push(run) });
    await product.addKey("one");
    const env = { ECHOO_JWKS_URL: product.url, ECHOO_JWT_ISSUER: issuer, ECHOO_JWT_AUDIENCE: audience };
    server = await spawnServer({ env });
  });
  after(async () => {
    await server.stop();
    for (const end of ends) await end();
  });

  const tokenFor = (sub: string, changes = {}) => product.sign(goodClaims(Date.now(), { sub, ...changes }));
  async function online(userId: string, changes = {}): Promise<CurrentPeer> {
    return CurrentPeer.connect(server.wsUrl, { userId, token: await tokenFor(userId, changes) });
  }

  test("call each other, under their ids as they stand, and find the call in their history", async () => {
    const [ann, bob] = [await online(somebody()), await online(somebody())];
    const [annId, bobId] = [ann.joined.userId, bob.joined.userId];
    const { callId } = await answered({ a: ann, b: bob });
    ann.send({ type: "chat", to: bobId, callId, message: "hello" });
    assert.deepEqual((await bob.next("chat")).from, annId);
    ann.send({ type: "hangup", callId });
    assert.equal((await bob.next("hangup")).from, annId);
    const token = await tokenFor(annId);
    const { body } = await historyOf(server, annId, token);
    assert.deepEqual(
      [body.calls[0].callId, body.calls[0].peer.phone, body.calls[0].status],
      [callId, bobId, "completed"],
    );
    for (const of of ["", "/contacts", "/blocks", "/export"]) {
      assert.equal((await ask(server, `GET /api/users/${path(annId)}${of}`, { token })).status, 200, of);
    }
    assert.equal((await ask(server, `GET /api/stats/${path(annId)}`, { token })).status, 200);
    const sides = await ask(server, `GET /api/stats/${path(annId)}/calls/${callId}`, { token });
    assert.equal(sides.status, 200);
    assert.equal((await ask(server, `GET /api/calls/${path(bobId)}`, { token })).status, 403);
  });

  test("watch, look up, add and block each other", async () => {
    const [ann, bobId] = [await online(somebody()), somebody()];
    const annId = ann.joined.userId;
    const bob = await online(bobId);
    ann.send({ type: "watch", users: [bobId] });
    assert.deepEqual((await ann.next("presence")).users, [{ userId: bobId, online: true, inCall: false }]);
    ann.send({ type: "checkUser", userId: bobId });
    const status = await ann.next("userStatus");
    assert.deepEqual([status.userId, status.online, status.registered], [bobId, true, true]);
    const token = await tokenFor(annId);
    const own = `/api/users/${path(annId)}`;
    const contact = await ask(server, `PUT ${own}/contacts/${path(bobId)}`, { token, body: { name: "Bob" } });
    assert.deepEqual([contact.status, contact.body.contact.phone], [201, bobId]);
    assert.equal((await ask(server, `PUT ${own}/blocks/${path(bobId)}`, { token })).body.block.phone, bobId);
    bob.send({ type: "offer", to: annId, sdp: offer.sdp });
    await bob.settle();
    await ann.expectNone("offer");
  });

  test("are made by their first request as well, and are called what their token says", async () => {
    const userId = somebody();
    const token = await tokenFor(userId, { name: "Ann" });
    const { status, body } = await ask(server, `GET /api/users/${path(userId)}`, { token });
    assert.deepEqual([status, body.user.phone, body.user.displayName, body.user.proven], [200, userId, "Ann", true]);
    assert.deepEqual((await ask(server, "GET /api/auth/sessions", { token })).body, { sessions: [] });
  });

  test("prove themselves before they join, and renew their token in place; nobody becomes somebody else", async () => {
    const [userId, other] = [somebody(), somebody()];
    const peer = await RawPeer.connect(server.wsUrl);
    peer.send({ type: "authenticate", authToken: await tokenFor(userId) });
    assert.equal((await peer.next("authenticated")).userId, userId);
    await peer.next("joined");
    peer.send({ type: "authenticate", authToken: await tokenFor(other), id: "other" });
    await peer.next("authError");
    const refusal = await peer.reply("other");
    assert.equal(refusal.type === "error" && refusal.code, "unauthorized");
    peer.send({ type: "authenticate", authToken: await tokenFor(userId, { jti: "2" }), id: "own" });
    assert.equal((await peer.reply("own")).type, "ack");
  });

  for (const [what, join] of [
    ["a token of somebody else", async (userId: string) => ({ userId, token: await tokenFor(somebody()) })],
    ["an expired one", async (userId: string) => ({ userId, token: await tokenFor(userId, { exp: inSec(-600) }) })],
    ["one for another service", async (userId: string) => ({ userId, token: await tokenFor(userId, { aud: "mail" }) })],
    ["none", async (userId: string) => ({ userId })],
  ] as const) {
    test(`do not join with ${what}, and are not made by it`, async () => {
      const userId = somebody();
      const peer = await RawPeer.connect(server.wsUrl);
      peer.send({ type: "join", protocol: 2, id: "join", ...(await join(userId)) });
      const refusal = await peer.reply("join");
      assert.equal(refusal.type === "error" && refusal.code, "unauthorized");
      assert.equal((await peer.closed()).code, 4401);
      const token = await tokenFor(somebody());
      assert.equal((await ask(server, `GET /api/users/${path(userId)}`, { token })).status, 404);
    });
  }

  test("are no numbers to be registered, nor is their token exchanged for a longer one", async () => {
    const userId = somebody();
    const token = await tokenFor(userId);
    assert.equal((await ask(server, "POST /api/auth/register", { token, body: { phone: userId } })).status, 403);
    assert.notEqual((await ask(server, "POST /api/auth/register", { body: { phone: userId } })).status, 200);
  });

  test("are cut by logging out, and their token is refused from then on", async () => {
    const userId = somebody();
    const token = await tokenFor(userId);
    const [peer, other] = [
      await CurrentPeer.connect(server.wsUrl, { userId, token }),
      await online(userId, { jti: "another" }),
    ];
    assert.equal((await ask(server, "POST /api/auth/logout", { token })).status, 200);
    assert.equal((await peer.closed()).code, 4401);
    await other.settle();
    assert.equal((await ask(server, "GET /api/auth/sessions", { token })).status, 401);
    await assert.rejects(CurrentPeer.connect(server.wsUrl, { userId, token }), /unauthorized/);
  });

  test("are cut by logging out everywhere", async () => {
    const userId = somebody();
    const peers = [await online(userId), await online(userId, { jti: "another" })];
    const token = await tokenFor(userId, { jti: "a third" });
    assert.equal((await ask(server, "DELETE /api/auth/sessions", { token })).status, 200);
    for (const peer of peers) assert.equal((await peer.closed()).code, 4401);
    assert.equal((await ask(server, "GET /api/auth/sessions", { token })).status, 401);
    // One that was issued since cannot be told from it for a minute: its user hears of that, and for how long.
    const peer = await RawPeer.connect(server.wsUrl);
    peer.send({ type: "join", protocol: 2, id: "join", userId, token: await tokenFor(userId) });
    const refusal = await peer.reply("join");
    assert(refusal.type === "error" && refusal.code === "unauthorized");
    assert.ok((refusal.retryInMs ?? 0) > 50_000, JSON.stringify(refusal));
    assert.match(refusal.message ?? "", /issued in \d+ s/);
    assert.equal((await peer.closed()).code, 4401);
  });

  test("are erased for good: a token from before does not bring the account back", async () => {
    const userId = somebody();
    const [peer, bob] = [await online(userId), await online(somebody())];
    const { callId } = await answered({ a: peer, b: bob });
    const token = await tokenFor(userId);
    assert.equal((await ask(server, `DELETE /api/users/${path(userId)}`, { token })).status, 200);
    assert.equal((await peer.closed()).code, 4401);
    assert.equal((await bob.next("hangup")).callId, callId);
    assert.equal((await ask(server, `GET /api/users/${path(userId)}`, { token })).status, 401);
    const bobsToken = await tokenFor(bob.joined.userId);
    assert.equal((await ask(server, `GET /api/users/${path(userId)}`, { token: bobsToken })).status, 404);
    const { body } = await historyOf(server, bob.joined.userId, bobsToken);
    assert.match(body.calls[0].caller, /^deleted:/);
    const headers = { authorization: `Bearer ${await tokenFor(userId)}` };
    const early = await fetch(`${server.url}/api/users/${path(userId)}`, { headers });
    assert.equal(early.status, 401);
    const waitSec = Number(early.headers.get("retry-after"));
    assert.ok(waitSec > 50 && waitSec <= 61, `${waitSec} s`);
    const later = await tokenFor(userId, { iat: Math.ceil(inSec(62)) });
    assert.equal((await ask(server, `GET /api/users/${path(userId)}`, { token: later })).status, 200);
  });

  test("keep a call past the end of their token, and place no other", async () => {
    const userId = somebody();
    const bob = await online(somebody());
    const shortLived = await tokenFor(userId, { exp: Math.ceil(inSec(3)) });
    const peers = [0, 1].map(() => CurrentPeer.connect(server.wsUrl, { userId, token: shortLived }));
    const [inCall, idle] = (await Promise.all(peers)) as [CurrentPeer, CurrentPeer];
    assert.ok((await inCall.next("tokenExpiring")).inMs <= 4_000);
    const { callId } = await answered({ a: inCall, b: bob });
    // The same token's other session has no call: its end is the token's.
    assert.equal((await idle.closed()).code, 4401);
    inCall.send({ type: "offer", to: bob.joined.userId, sdp: offer.sdp, id: "another", supersede: true });
    const refusal = await inCall.raw.reply("another");
    assert.equal(refusal.type === "error" && refusal.code, "unauthorized");
    inCall.send({ type: "chat", to: bob.joined.userId, callId, message: "still here" });
    assert.equal((await bob.next("chat")).message, "still here");
    bob.send({ type: "hangup", callId });
    assert.equal((await inCall.next("hangup")).callId, callId);
    assert.equal((await inCall.closed()).code, 4401);
  });

  test("go on calling after the end of a token that was renewed in time", async () => {
    const userId = somebody();
    const bob = await online(somebody());
    const token = await tokenFor(userId, { exp: Math.ceil(inSec(3)) });
    const [ann, idle] = [
      await CurrentPeer.connect(server.wsUrl, { userId, token }),
      await CurrentPeer.connect(server.wsUrl, { userId, token }),
    ];
    await ann.next("tokenExpiring");
    ann.raw.send({ type: "authenticate", authToken: await tokenFor(userId) });
    await ann.next("authenticated");
    assert.equal((await idle.closed()).code, 4401);
    await answered({ a: ann, b: bob });
  });

  test("are told to try again while nobody can tell whose key a token has", async () => {
    await product.addKey("new");
    product.behaviour = (response) => void response.writeHead(500).end();
    const userId = somebody();
    const token = await product.sign(goodClaims(Date.now(), { sub: userId }), { kid: "new" });
    const peer = await RawPeer.connect(server.wsUrl);
    peer.send({ type: "join", userId, token, protocol: 2, id: "join" });
    const refusal = await peer.reply("join");
    assert.deepEqual(refusal.type === "error" && [refusal.code, (refusal.retryInMs ?? 0) > 0], ["unavailable", true]);
    const response = await fetch(`${server.url}/api/auth/sessions`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get("retry-after")) > 0);
    const known = await online(somebody());
    await known.settle();
    product.behaviour = undefined;
  });
});
