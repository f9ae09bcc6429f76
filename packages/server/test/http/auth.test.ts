import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const register = "POST /api/auth/register";

test("registering is 201 the first time and 200 afterwards, each with a token of its own", async (t) => {
  const server = await startRest(t);
  const first = await ask(server, register, { body: { phone: "+1 (555) 00-01", displayName: "Ann", device: "phone" } });
  assert.equal(first.status, 201);
  assert.equal(first.body.user.phone, "+15550001");
  assert.equal(first.body.user.displayName, "Ann");
  assert.equal(first.body.user.proven, false);
  assert.equal(first.body.expiresAt, "2026-01-31T00:00:00.000Z");
  const second = await ask(server, register, { body: { phoneNumber: "+15550001", name: "Anna" } });
  assert.equal(second.status, 200);
  assert.equal(second.body.user.displayName, "Anna");
  assert.notEqual(second.body.token, first.body.token);
  assert.deepEqual(server.live.told, ["changed +15550001", "changed +15550001"]);
});

for (const [name, body, path] of [
  ["no number", {}, "phone"],
  ["a number that is none", { phone: "hello" }, "phone"],
  ["a number too short", { phone: "12" }, "phone"],
  ["a number as a number", { phone: 5550001 }, "phone"],
  ["an empty name", { phone: ann, displayName: " " }, "displayName"],
  ["a name too long", { phone: ann, displayName: "x".repeat(81) }, "displayName"],
  ["a code that is none", { phone: ann, otp: "12" }, "otp"],
] as const) {
  test(`registering with ${name} is 400 and names the field`, async (t) => {
    const reply = await ask(await startRest(t), register, { body });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.code, "invalid");
    assert.equal(reply.body.details[0].path, path);
  });
}

test("a number that is proven while somebody registers it without proof gives them no token", async (t) => {
  const server = await startRest(t);
  await server.store.users.ensure(ann, {}, server.clock.now());
  const { insert } = server.store.tokens;
  server.store.tokens.insert = async (token) => {
    await server.store.users.update(ann, { proof: "code" });
    await insert(token);
  };
  const reply = await ask(server, register, { body: { phone: ann } });
  assert.deepEqual([reply.status, reply.body.code], [503, "proof_not_configured"]);
  assert.deepEqual(await server.accounts.tokens.list(ann), []);
});

test("the reserved name cannot be registered", async (t) => {
  const reply = await ask(await startRest(t), register, { body: { phone: "echo" } });
  assert.deepEqual([reply.status, reply.body.code], [403, "forbidden"]);
});

for (const [env, status, code] of [
  [{ ECHOO_OPEN_ACCESS: "off" }, 503, "proof_not_configured"],
  [{ NODE_ENV: "production", ECHOO_PROOF: "dev" }, 503, "proof_not_configured"],
  [{ NODE_ENV: "production" }, 403, "invite_needed"],
] as const) {
  const where = JSON.stringify(env);
  test(`where nothing is open (${where}), registering is ${status} for known and unknown numbers alike`, async (t) => {
    const server = await startRest(t, { env });
    await server.store.users.ensure(ann, {}, server.clock.now());
    const replies = [];
    for (const body of [{ phone: ann }, { phone: "5550002" }, { phone: ann, otp: "123456" }]) {
      const { status, body: refusal } = await ask(server, register, { body });
      const { requestId: _, ...rest } = refusal;
      replies.push({ status, ...rest });
    }
    assert.deepEqual([replies[0]?.status, replies[0]?.code], [status, code]);
    for (const reply of replies) assert.deepEqual(reply, replies[0]);
    const invited = await ask(server, register, { body: { phone: ann, invite: "x" } });
    assert.deepEqual([invited.status, invited.body.code], [403, "invite_invalid"]);
    assert.equal(await server.store.users.find("5550002"), undefined);
  });
}

test("a proven number and an administrator's are not registered under open access", async (t) => {
  const server = await startRest(t);
  await server.store.users.ensure(ann, { proof: "code" }, server.clock.now());
  await server.store.users.ensure("5550009", { admin: true }, server.clock.now());
  for (const phone of [ann, "5550009"]) {
    const reply = await ask(server, register, { body: { phone } });
    assert.deepEqual([reply.status, reply.body.code], [503, "proof_not_configured"]);
  }
});

test("one's token registers another device of the same user, and of no other", async (t) => {
  const server = await startRest(t);
  await server.store.users.ensure(ann, { proof: "code" }, server.clock.now());
  const { secret } = await server.accounts.tokens.issue(ann, undefined);
  assert.equal((await ask(server, register, { token: secret, body: { phone: ann } })).status, 200);
  assert.equal((await ask(server, register, { token: secret, body: { phone: "5550002" } })).status, 403);
  assert.equal((await ask(server, register, { token: "wrong", body: { phone: "5550002" } })).status, 401);
});

test("under open access a code that is sent must be right", async (t) => {
  const server = await startRest(t);
  const { code } = await server.accounts.codes.make(ann, { address: "127.0.0.1", vouches: false });
  const wrong = code === "000000" ? "000001" : "000000";
  const refused = await ask(server, register, { body: { phone: ann, otp: wrong } });
  assert.deepEqual([refused.status, refused.body.code], [401, "wrong_code"]);
  const accepted = await ask(server, register, { body: { phone: ann, otp: code } });
  assert.equal(accepted.status, 201);
  assert.equal(accepted.body.user.proven, false);
});

test("tokens are listed newest first, revoked one by one, and their sockets are told", async (t) => {
  const server = await startRest(t);
  const first = await signUp(server, ann);
  server.clock.advance(1000);
  const second = await signUp(server, ann);
  const { sessions } = (await ask(server, "GET /api/auth/sessions", { token: second })).body;
  assert.deepEqual(
    sessions.map(({ current }: { current: boolean }) => current),
    [true, false],
  );
  const stranger = await signUp(server, "5550002");
  const path = `DELETE /api/auth/sessions/${sessions[1].id}`;
  assert.equal((await ask(server, path, { token: stranger })).status, 404);
  assert.equal((await ask(server, path, { token: second })).status, 200);
  assert.ok(server.live.told.includes(`revoked ${sessions[1].id}`));
  assert.equal((await ask(server, "GET /api/auth/sessions", { token: first })).status, 401);
  assert.equal((await ask(server, path, { token: second })).status, 404);
});

test("logging out ends the token and its sockets", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const { sessions } = (await ask(server, "GET /api/auth/sessions", { token })).body;
  assert.deepEqual((await ask(server, "POST /api/auth/logout", { token })).body, { success: true });
  assert.ok(server.live.told.includes(`revoked ${sessions[0].id}`));
  const refused = await ask(server, "POST /api/auth/logout", { token });
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get("www-authenticate") ?? "", /^Bearer/);
});

test("all of one's tokens are revoked at once, that of the request included", async (t) => {
  const server = await startRest(t);
  const tokens = [await signUp(server, ann), await signUp(server, ann)];
  const stranger = await signUp(server, "5550002");
  assert.equal((await ask(server, "DELETE /api/auth/sessions", { token: tokens[0] ?? "" })).status, 200);
  assert.ok(server.live.told.includes(`logged out ${ann}`));
  for (const token of tokens) assert.equal((await ask(server, "GET /api/auth/sessions", { token })).status, 401);
  assert.equal((await ask(server, "GET /api/auth/sessions", { token: stranger })).status, 200);
});

test("a token whose id is left out, or is a dot, is none, and not all of them", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  for (const path of ["/api/auth/sessions/", "/api/auth/sessions/.", "/api/users/5550001/blocks/.."]) {
    assert.equal((await ask(server, `DELETE ${path}`, { token })).status, 404, path);
  }
  assert.equal((await ask(server, "GET /api/users/5550001", { token })).status, 200);
});

test("listing and revoking tokens, and logging out, need a token, open access or not", async (t) => {
  const server = await startRest(t);
  for (const request of [
    "GET /api/auth/sessions",
    "POST /api/auth/logout",
    "DELETE /api/auth/sessions/x",
    "DELETE /api/auth/sessions",
  ]) {
    assert.equal((await ask(server, request)).status, 401, request);
  }
});
