import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { SignJWT } from "jose";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const dayMs = 86_400_000;

function subscription(name: string) {
  const ecdh = createECDH("prime256v1");
  const keys = { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") };
  return { endpoint: `https://push.example/${name}`, expirationTime: null, keys };
}

const path = (deviceId: string, user = ann) => `/api/users/${user}/devices/${deviceId}`;

function register(server: RestServer, token: string, deviceId: string, place = subscription(deviceId), user = ann) {
  return ask(server, `PUT ${path(deviceId, user)}`, { token, body: { platform: "web", subscription: place } });
}

async function devicesOf(server: RestServer, token: string, user = ann): Promise<string[]> {
  const { body } = await ask(server, `GET /api/users/${user}/devices`, { token });
  return body.devices.map(({ deviceId }: { deviceId: string }) => deviceId);
}

test("a browser registers, is listed without its keys, is renewed and goes", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const body = { platform: "web", name: "Ann's\u202e laptop", locale: "de-AT", subscription: subscription("a") };
  const made = await ask(server, `PUT ${path("a")}`, { token, body });
  assert.equal(made.status, 201);
  const { device } = made.body;
  assert.deepEqual(
    { ...device, createdAt: 0, registeredAt: 0 },
    {
      deviceId: "a",
      platform: "web",
      name: "Ann's laptop",
      locale: "de-AT",
      createdAt: 0,
      registeredAt: 0,
      current: true,
    },
  );
  server.clock.advance(5000);
  const again = await ask(server, `PUT ${path("a")}`, { token, body });
  assert.equal(again.status, 200);
  assert.equal(again.body.device.createdAt, device.createdAt);
  assert.notEqual(again.body.device.registeredAt, device.registeredAt);
  assert.equal((await ask(server, `DELETE ${path("a")}`, { token })).status, 200);
  assert.equal((await ask(server, `DELETE ${path("a")}`, { token })).status, 404);
  assert.deepEqual(await devicesOf(server, token), []);
});

test("devices are their owner's, who needs a token", async (t) => {
  const server = await startRest(t);
  await signUp(server, ann);
  const bobs = await signUp(server, bob);
  assert.equal((await register(server, bobs, "a")).status, 403);
  for (const request of [`GET /api/users/${ann}/devices`, `DELETE ${path("a")}`]) {
    assert.equal((await ask(server, request, { token: bobs })).status, 403);
    assert.equal((await ask(server, request)).status, 401);
  }
});

test("a user has ten devices; one more takes the place of the one that was registered longest ago", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const names = Array.from({ length: limits.pushDevicesPerUser }, (_, i) => `d${i}`);
  for (const name of names) {
    await register(server, token, name);
    server.clock.advance(1000);
  }
  await register(server, token, "d0");
  server.clock.advance(1000);
  assert.equal((await register(server, token, "more")).status, 201);
  assert.deepEqual(await devicesOf(server, token), [...names.filter((name) => name !== "d1"), "more"]);
});

test("one subscription has one device: the last to register it, whosever it is", async (t) => {
  const server = await startRest(t);
  const [token, bobs] = [await signUp(server, ann), await signUp(server, bob)];
  const shared = subscription("shared");
  await register(server, token, "tab-1", shared);
  await register(server, token, "tab-2", shared);
  assert.deepEqual(await devicesOf(server, token), ["tab-2"]);
  await register(server, bobs, "tab-2", shared, bob);
  assert.deepEqual([await devicesOf(server, token), await devicesOf(server, bobs, bob)], [[], ["tab-2"]]);
});

test("a device goes with its token: logged out, revoked, expired, erased", async (t) => {
  const server = await startRest(t);
  const [first, second, third] = [await signUp(server, ann), await signUp(server, ann), await signUp(server, ann)];
  await register(server, first, "first");
  await register(server, second, "second");
  await register(server, third, "third");
  await ask(server, "POST /api/auth/logout", { token: first });
  assert.deepEqual(await devicesOf(server, third), ["second", "third"]);
  const { sessions } = (await ask(server, "GET /api/auth/sessions", { token: second })).body;
  const { id } = sessions.find(({ current }: { current: boolean }) => current);
  await ask(server, `DELETE /api/auth/sessions/${id}`, { token: third });
  assert.deepEqual(await devicesOf(server, third), ["third"]);
  server.clock.advance(29 * dayMs);
  const fresh = await signUp(server, ann);
  server.clock.advance(2 * dayMs);
  assert.deepEqual(await devicesOf(server, fresh), []);
  await register(server, fresh, "fresh");
  await ask(server, `DELETE /api/users/${ann}`, { token: fresh });
  assert.deepEqual(await server.store.pushDevices.list(ann, server.clock.now()), []);
});

test("a device of the host product's token stays for thirty days, or until the logout", async (t) => {
  const secret = "the host product's secret, which is long";
  const server = await startRest(t, { env: { ECHOO_JWT_SECRET: secret } });
  const issue = (livesMs: number) => {
    const at = Math.floor(server.clock.now() / 1000);
    const jwt = new SignJWT({ iss: "host", aud: "echoo", jti: String(at) }).setProtectedHeader({ alg: "HS256" });
    return jwt
      .setSubject("ann")
      .setIssuedAt(at)
      .setExpirationTime(at + livesMs / 1000)
      .sign(Buffer.from(secret));
  };
  const token = await issue(40 * dayMs);
  assert.equal((await register(server, token, "a", subscription("a"), "ann")).status, 201);
  server.clock.advance(30 * dayMs - 1);
  assert.deepEqual(await devicesOf(server, token, "ann"), ["a"]);
  server.clock.advance(1);
  assert.deepEqual(await devicesOf(server, token, "ann"), []);
  await register(server, token, "b", subscription("b"), "ann");
  const another = await issue(dayMs);
  await ask(server, "POST /api/auth/logout", { token });
  assert.deepEqual(await devicesOf(server, another, "ann"), []);
});

test("the server pushes to public services alone, by https, and to those that the operator names", async (t) => {
  const server = await startRest(t, { env: { NODE_ENV: "production", ECHOO_PUBLIC_URL: "https://echoo.example" } });
  const some = await startRest(t, { env: { ECHOO_PUSH_HOSTS: "push.example" } });
  const endpoint = async (where: RestServer, address: string) => {
    const { secret } = await where.accounts.tokens.issue(ann, undefined);
    await where.store.users.ensure(ann, {}, where.clock.now());
    const headers = { host: "echoo.example" };
    const body = { platform: "web", subscription: { ...subscription("x"), endpoint: address } };
    return ask(where, `PUT ${path("x")}`, { token: secret, body, ...(where === server ? { headers } : {}) });
  };
  for (const address of ["http://push.example/x", "https://127.0.0.1/x", "https://10.0.0.1/x", "https://localhost/x"]) {
    const reply = await endpoint(server, address);
    assert.deepEqual([reply.status, reply.body.details[0].path], [400, "subscription.endpoint"], address);
  }
  assert.equal((await endpoint(server, "https://push.example/x")).status, 201);
  assert.equal((await endpoint(some, "https://eu.push.example/x")).status, 201);
  assert.equal((await endpoint(some, "https://fcm.googleapis.com/x")).status, 400);
});

test("what is no subscription is refused, and what the server has no key for", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const good = subscription("a");
  const wrong = [
    {},
    { platform: "carrier pigeon" },
    { platform: "web" },
    { platform: "web", subscription: { ...good, keys: { ...good.keys, p256dh: "short" } } },
    { platform: "web", subscription: { ...good, keys: { ...good.keys, auth: `${good.keys.auth}AAAA` } } },
    {
      platform: "web",
      subscription: { ...good, endpoint: `https://p.example/${"x".repeat(limits.pushEndpointChars)}` },
    },
    { platform: "fcm", token: "x".repeat(limits.pushTokenChars + 1) },
    { platform: "web", subscription: good, locale: "x".repeat(limits.localeChars + 1) },
  ];
  for (const body of wrong) assert.equal((await ask(server, `PUT ${path("a")}`, { token, body })).status, 400);
  const ticket = "x".repeat(limits.ticketChars);
  assert.equal((await ask(server, `GET /api/rings/c?ticket=${ticket}`)).status, 401);
  assert.equal((await ask(server, `GET /api/rings/c?ticket=${ticket}x`)).status, 400);
  for (const body of [
    { platform: "fcm", token: "t" },
    { platform: "apns", voipToken: "t" },
  ]) {
    assert.equal((await ask(server, `PUT ${path("a")}`, { token, body })).status, 409);
  }
});

test("the key that browsers subscribe with is made once, and is the same after a restart", async (t) => {
  const server = await startRest(t);
  const { body } = await ask(server, "GET /api/push");
  assert.deepEqual({ ...body, webKey: "" }, { webKey: "", fcm: false, apns: false });
  const point = Buffer.from(body.webKey, "base64url");
  assert.deepEqual([point.length, point[0]], [65, 4]);
  const kept = JSON.parse(await server.store.keys.findOrKeep("vapid", "another", 0));
  assert.equal(Buffer.from(kept.x, "base64url").toString("hex"), point.subarray(1, 33).toString("hex"));
});
