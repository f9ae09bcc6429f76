import assert from "node:assert/strict";
import { test } from "node:test";
import { missedCall } from "@echoo/testkit";
import { ask, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";

test("one's own account is shown whole, with and without a token under open access", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann, "Ann");
  server.live.online.add(ann);
  const withToken = await ask(server, `GET /api/users/${ann}`, { token });
  const without = await ask(server, `GET /api/users/${ann}`);
  assert.deepEqual(withToken.body, without.body);
  assert.deepEqual(withToken.body.user, {
    phone: ann,
    displayName: "Ann",
    online: true,
    presence: "everyone",
    doNotDisturb: false,
    proven: false,
    admin: false,
    createdAt: "2026-01-01T00:00:00.000Z",
  });
});

test("an unknown number is 404, one that is no number 400", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (const options of [{ token }, {}]) {
    assert.equal((await ask(server, `GET /api/users/${bob}`, options)).status, 404);
    assert.equal((await ask(server, "GET /api/users/abc", options)).status, 400);
    assert.equal((await ask(server, "GET /api/users/%00", options)).status, 400);
  }
});

test("a path that cannot be decoded is 400", async (t) => {
  const reply = await ask(await startRest(t), "GET /api/users/%E0%A4%A");
  assert.deepEqual([reply.status, reply.body.code], [400, "invalid"]);
});

test("another's profile shows what their privacy allows", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const bobs = await signUp(server, bob, "Bob");
  server.live.online.add(bob);
  await server.store.users.update(bob, { lastSeenAtMs: server.clock.now() });
  const profile = async () => (await ask(server, `GET /api/users/${bob}`, { token })).body.user;
  const lastSeenAt = "2026-01-01T00:00:00.000Z";
  assert.deepEqual(await profile(), { phone: bob, displayName: "Bob", online: true, lastSeenAt });
  await ask(server, `PUT /api/users/${bob}`, { token: bobs, body: { presence: "nobody" } });
  assert.deepEqual(await profile(), { phone: bob, displayName: "Bob" });
  await ask(server, `PUT /api/users/${bob}`, { token: bobs, body: { presence: "contacts" } });
  assert.deepEqual(await profile(), { phone: bob, displayName: "Bob" });
  await ask(server, `PUT /api/users/${bob}/contacts/${ann}`, { token: bobs });
  assert.deepEqual(await profile(), { phone: bob, displayName: "Bob", online: true, lastSeenAt });
});

test("a blocked viewer sees a person who went offline when the block was set", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const bobs = await signUp(server, bob, "Bob");
  server.live.online.add(bob);
  server.clock.advance(5000);
  await ask(server, `PUT /api/users/${bob}/blocks/${ann}`, { token: bobs });
  server.clock.advance(60_000);
  await server.store.users.update(bob, { lastSeenAtMs: server.clock.now() });
  const { user } = (await ask(server, `GET /api/users/${bob}`, { token })).body;
  assert.deepEqual(user, { phone: bob, displayName: "Bob", online: false, lastSeenAt: "2026-01-01T00:00:05.000Z" });
});

test("changing one's account changes the given fields alone and tells signaling", async (t) => {
  const server = await startRest(t);
  await signUp(server, ann, "Ann");
  server.live.told.length = 0;
  const reply = await ask(server, `PUT /api/users/${ann}`, { body: { doNotDisturb: true } });
  assert.equal(reply.status, 200);
  assert.deepEqual([reply.body.user.displayName, reply.body.user.doNotDisturb], ["Ann", true]);
  assert.deepEqual(server.live.told, [`changed ${ann}`]);
  assert.equal((await ask(server, `PUT /api/users/${ann}`, { body: { presence: "friends" } })).status, 400);
  assert.equal((await ask(server, `PUT /api/users/${bob}`, { body: { displayName: "B" } })).status, 404);
});

test("fields of an account that no request may set are dropped", async (t) => {
  const server = await startRest(t);
  const forbidden = {
    admin: true,
    proven: true,
    proof: "jwt",
    id: bob,
    userId: bob,
    createdAt: "2001-01-01T00:00:00Z",
  };
  const { status, body } = await ask(server, "POST /api/auth/register", { body: { phone: ann, ...forbidden } });
  assert.equal(status, 201);
  const { token, user } = body;
  const changed = await ask(server, `PUT /api/users/${ann}`, { token, body: { displayName: "Ann", ...forbidden } });
  assert.deepEqual(changed.body.user, { ...user, displayName: "Ann" });
  assert.deepEqual([user.phone, user.admin, user.proven], [ann, false, false]);
  assert.equal((await ask(server, "POST /api/invitations", { token, body: {} })).status, 403);
});

test("a user cannot change, export or erase another's account", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await signUp(server, bob);
  for (const request of [`PUT /api/users/${bob}`, `DELETE /api/users/${bob}`, `GET /api/users/${bob}/export`]) {
    const reply = await ask(server, request, { token, ...(request.startsWith("PUT") ? { body: {} } : {}) });
    assert.deepEqual([reply.status, reply.body.code], [403, "forbidden"], request);
  }
});

test("erasing and exporting need a token, open access or not", async (t) => {
  const server = await startRest(t);
  await signUp(server, ann);
  assert.equal((await ask(server, `DELETE /api/users/${ann}`)).status, 401);
  assert.equal((await ask(server, `GET /api/users/${ann}/export`)).status, 401);
});

test("under open access a proven number is neither read nor changed without its token", async (t) => {
  const server = await startRest(t);
  await server.store.users.ensure(ann, { proof: "code" }, server.clock.now());
  assert.equal((await ask(server, `GET /api/users/${ann}`)).status, 401);
  assert.equal((await ask(server, `PUT /api/users/${ann}`, { body: { displayName: "Eve" } })).status, 401);
  assert.equal((await ask(server, `GET /api/calls/${ann}`)).status, 401);
});

test("erasing an account replaces its number everywhere, ends its tokens and tells signaling", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann, "Ann");
  const bobs = await signUp(server, bob);
  const call = {
    callId: "c1",
    caller: ann,
    callee: bob,
    startTime: server.clock.now(),
    duration: 5,
    status: "completed",
  };
  await ask(server, "POST /api/calls", { body: call });
  assert.equal((await ask(server, `DELETE /api/users/${ann}`, { token })).status, 200);
  const [, , told] = /^erased (\d+) (deleted:[\w-]+)$/.exec(server.live.told.at(-1) ?? "") ?? [];
  assert.ok(told);
  const { calls } = (await ask(server, `GET /api/calls/${bob}`, { token: bobs })).body;
  assert.equal(calls[0].peer.phone, told);
  assert.equal((await ask(server, `GET /api/users/${ann}`, { token: bobs })).status, 404);
  assert.equal((await ask(server, "GET /api/auth/sessions", { token })).status, 401);
});

test("an export holds all that is stored about its user", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann, "Ann");
  await signUp(server, bob);
  await ask(server, `PUT /api/users/${ann}/contacts/${bob}`, { token, body: { name: "Bobby" } });
  await ask(server, `PUT /api/users/${ann}/blocks/5550003`, { token });
  const call = {
    callId: "c1",
    caller: ann,
    callee: bob,
    startTime: server.clock.now(),
    duration: 5,
    status: "completed",
  };
  await ask(server, "POST /api/calls", { token, body: call });
  const sample = { t: server.clock.now(), rttMs: 40 };
  const batch = { callId: "c1", batch: "b", receivedAtMs: server.clock.now(), samples: [sample] };
  await server.store.statistics.addSamples([
    { ...batch, reporter: ann },
    { ...batch, reporter: bob },
  ]);
  const { body } = await ask(server, `GET /api/users/${ann}/export`, { token });
  assert.equal(body.user.displayName, "Ann");
  assert.equal(body.sessions.length, 1);
  const createdAt = "2026-01-01T00:00:00.000Z";
  assert.deepEqual(body.contacts, [{ phone: bob, name: "Bobby", registered: true, createdAt }]);
  assert.equal(body.blocks[0].phone, "5550003");
  assert.equal(body.calls[0].callId, "c1");
  assert.deepEqual(body.statistics, [{ callId: "c1", phone: ann, role: "caller", samples: [sample] }]);
});

test("a user may look up 200 strangers a day", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (let n = 0; n < 200; n += 1) {
    assert.equal((await ask(server, `GET /api/users/555${1000 + n}`, { token })).status, 404);
  }
  const profile = await ask(server, "GET /api/users/5559999", { token });
  assert.deepEqual([profile.status, profile.headers.get("retry-after")], [429, String(24 * 3600)]);
  assert.equal((await ask(server, `PUT /api/users/${ann}/contacts/5559999`, { token })).status, 429);
  assert.equal((await ask(server, "GET /api/users/5551000", { token })).status, 404);
});

test("who is in one's contacts is no stranger, however many were asked about", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await signUp(server, bob, "Bob");
  await ask(server, `PUT /api/users/${ann}/contacts/${bob}`, { token });
  server.clock.advance(24 * 3_600_000);
  for (let n = 0; n < 200; n += 1) await server.accounts.strangerQuota.requireRoom(ann, `555${1000 + n}`);
  assert.equal((await ask(server, `GET /api/users/${bob}`, { token })).status, 200);
  const renamed = await ask(server, `PUT /api/users/${ann}/contacts/${bob}`, { token, body: { name: "Zed" } });
  assert.deepEqual([renamed.status, renamed.body.contact.name], [200, "Zed"]);
  assert.equal((await ask(server, "GET /api/users/5551300", { token })).status, 429);
});

test("the history names no more strangers a day than may be asked about, but everybody who called or answered", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const [told, met] = ["5553333", "5554444"];
  for (const who of [bob, told, met]) await signUp(server, who, "Somebody");
  for (let n = 0; n < 199; n += 1) await server.accounts.strangerQuota.requireRoom(ann, `555${1000 + n}`);
  const times = { startTime: server.clock.now(), duration: 0, status: "missed" };
  const namedAs = async (callee: string) => {
    const call = { callId: `to ${callee}`, caller: ann, callee, ...times };
    return (await ask(server, "POST /api/calls", { token, body: call })).body.call.peer.displayName;
  };
  assert.equal(await namedAs(bob), "Somebody");
  assert.equal(await namedAs(told), told);
  await server.store.calls.record([missedCall("from them", { caller: met, callee: ann })]);
  const { calls } = (await ask(server, `GET /api/calls/${ann}`, { token })).body;
  const names = calls.map(({ peer }: { peer: object }) => Object.values(peer).join(" ")).sort();
  assert.deepEqual(names, [`${bob} Somebody`, `${told} ${told}`, `${met} Somebody`].sort());
});
