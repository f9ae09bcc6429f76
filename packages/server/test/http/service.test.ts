import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import express from "express";
import { ask, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const secret = "a-secret-of-the-turn-server";
const turnEnv = {
  TURN_URLS: "stun:turn.example.com:3478,turn:turn.example.com:3478?transport=udp,turns:turn.example.com:5349",
  ECHOO_TURN_SECRET: `${secret},the-older-one-of-before`,
};

test("TURN credentials expire, name no number and are signed with the newest secret", async (t) => {
  const server = await startRest(t, { env: turnEnv });
  const token = await signUp(server, ann);
  const { body } = await ask(server, "GET /api/turn", { token });
  assert.equal(body.ttl, 3600);
  const [stun, turn] = body.iceServers;
  assert.deepEqual(stun, { urls: ["stun:turn.example.com:3478"] });
  assert.deepEqual(turn.urls, ["turn:turn.example.com:3478?transport=udp", "turns:turn.example.com:5349"]);
  const [expiry, user] = turn.username.split(":");
  assert.equal(Number(expiry), server.clock.now() / 1000 + 3600);
  assert.ok(!turn.username.includes(ann));
  assert.equal(turn.credential, createHmac("sha1", secret).update(turn.username).digest("base64"));
  server.clock.advance(5000);
  const later = (await ask(server, "GET /api/turn", { token })).body.iceServers[1];
  assert.equal(later.username, `${Number(expiry) + 5}:${user}`);
});

test("the TURN servers come with the policy where all calls go through a relay", async (t) => {
  for (const [policy, told] of [
    ["relay", "relay"],
    ["relay-strangers", undefined],
    ["all", undefined],
  ] as const) {
    const server = await startRest(t, { env: { ...turnEnv, ECHOO_ICE_POLICY: policy } });
    assert.equal((await ask(server, "GET /api/turn")).body.iceTransportPolicy, told, policy);
  }
});

test("TURN needs a token where open access does not cover the request", async (t) => {
  const closed = await startRest(t, { env: { ...turnEnv, ECHOO_OPEN_ACCESS: "off" } });
  assert.equal((await ask(closed, "GET /api/turn")).status, 401);
  const open = await startRest(t);
  assert.deepEqual((await ask(open, "GET /api/turn")).body, { iceServers: [], ttl: 3600 });
});

test("health says that a proxy is not trusted, or names nobody, and to whom it may: what there is to do", async (t) => {
  const through = (forwarded: string) => ({ headers: { "x-forwarded-for": forwarded } });
  const untrusted = await startRest(t, { env: { NODE_ENV: "production" } });
  const silent = await startRest(t, { env: { NODE_ENV: "production", ECHOO_TRUST_PROXY: "loopback" } });
  for (const [server, code] of [
    [untrusted, "proxy_not_trusted"],
    [silent, "client_address_unknown"],
  ] as const) {
    assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
    await ask(server, "GET /livez", through(code === "proxy_not_trusted" ? "203.0.113.5" : "unknown"));
    const open = await ask(server, "GET /api/health");
    assert.deepEqual([open.body.status, open.body.problems], ["degraded", undefined]);
    await server.store.users.ensure(ann, { proof: "code", admin: true }, server.clock.now());
    const { secret: token } = await server.accounts.tokens.issue(ann, undefined);
    const { body } = await ask(server, "GET /api/health", { token });
    assert.deepEqual([body.problems.length, body.problems[0].code], [1, code]);
    assert.match(body.problems[0].message, /ECHOO_TRUST_PROXY/);
    assert.equal(server.lines.filter((line) => line.includes("ECHOO_TRUST_PROXY")).length, 1);
    await server.store.users.ensure("5550002", { proof: "code" }, server.clock.now());
    const anybody = await server.accounts.tokens.issue("5550002", undefined);
    assert.equal((await ask(server, "GET /api/health", { token: anybody.secret })).body.problems, undefined);
  }
});

test("health tells how the server is, and a store that is away makes it degraded, not dead", async (t) => {
  const server = await startRest(t);
  server.live.online.add(ann);
  server.clock.advance(5000);
  const healthy = await ask(server, "GET /api/health");
  assert.deepEqual(healthy.body, {
    status: "ok",
    store: "sqlite",
    version: "0.0.0-test",
    uptimeSec: 5,
    online: 1,
    activeCalls: 0,
  });
  t.mock.method(server.store, "ping", () => Promise.reject(new Error("gone")));
  const degraded = await ask(server, "GET /api/health");
  assert.deepEqual([degraded.status, degraded.body.status], [200, "degraded"]);
  t.mock.restoreAll();
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
  server.health.keepingRecords = false;
  assert.equal((await ask(server, "GET /api/health")).body.status, "degraded");
});

test("of several servers it is told how Redis is, how many they are and what waits; while Redis is away all is degraded", async (t) => {
  const server = await startRest(t);
  server.health.cluster = { redis: "ok", nodes: 2, waitingRecords: 3 };
  const well = (await ask(server, "GET /api/health")).body;
  assert.deepEqual([well.status, well.redis, well.nodes, well.waitingRecords], ["ok", "ok", 2, 3]);
  for (const redis of ["away", "settling"] as const) {
    server.health.cluster = { redis, nodes: 2, waitingRecords: 3 };
    const { body } = await ask(server, "GET /api/health");
    assert.deepEqual([body.status, body.redis], ["degraded", redis]);
    assert.equal((await ask(server, "GET /readyz")).status, 200);
  }
});

test("how many are online and in calls is told to administrators, to the operator's programs and under open access alone", async (t) => {
  const metricsToken = "metrics-token-of-the-operator";
  const production = await startRest(t, { env: { NODE_ENV: "production", ECHOO_METRICS_TOKEN: metricsToken } });
  production.live.online.add(ann);
  production.live.parties.set("c1", { caller: ann, callee: "5550002" });
  const { users } = production.store;
  const tokenOf = async (number: string, admin: boolean) => {
    await users.ensure(number, { proof: "code", ...(admin ? { admin } : {}) }, production.clock.now());
    return (await production.accounts.tokens.issue(number, undefined)).secret;
  };
  const [admin, anybody] = [await tokenOf(ann, true), await tokenOf("5550002", false)];
  const bare = { status: "ok", store: "sqlite", version: "0.0.0-test", uptimeSec: 0 };
  const counted = { ...bare, online: 1, activeCalls: 1 };
  const health = async (options = {}) => (await ask(production, "GET /api/health", options)).body;
  assert.deepEqual(await health(), bare);
  assert.deepEqual(await health({ token: anybody }), bare);
  assert.deepEqual(await health({ token: admin }), counted);
  assert.deepEqual(await health({ token: metricsToken }), counted);
  for (const token of [`${metricsToken}x`, "wrong"]) {
    assert.equal((await ask(production, "GET /api/health", { token })).status, 401);
  }
  // It is a token there, and nowhere else.
  for (const path of ["/api/turn", `/api/calls/${ann}`, "/api/auth/sessions", "/livez"]) {
    assert.equal((await ask(production, `GET ${path}`, { token: metricsToken })).status, 401, path);
  }
  const open = await startRest(t);
  open.live.online.add(ann);
  assert.equal((await ask(open, "GET /api/health")).body.online, 1);
  const foreign = { headers: { origin: "https://evil.example" } };
  assert.equal((await ask(open, "GET /api/health", foreign)).body.online, undefined);
  const proxied = { headers: { "x-forwarded-for": "203.0.113.9" } };
  assert.equal((await ask(open, "GET /api/health", proxied)).body.activeCalls, undefined);
});

test("what the older app asks for health is answered as it knows it, and tells nobody more", async (t) => {
  for (const env of [{}, { NODE_ENV: "production" }]) {
    const server = await startRest(t, { env });
    assert.deepEqual((await ask(server, "GET /health")).body, { status: "ok", mongodb: "connected" });
  }
});

test("livez answers always, readyz not while the server starts or drains", async (t) => {
  const server = await startRest(t);
  assert.deepEqual((await ask(server, "GET /livez")).body, { status: "ok" });
  assert.deepEqual((await ask(server, "GET /readyz")).body, { status: "ok" });
  server.health.ready = false;
  assert.equal((await ask(server, "GET /livez")).status, 200);
  const draining = await ask(server, "GET /readyz");
  assert.deepEqual([draining.status, draining.body.code], [503, "unavailable"]);
  assert.ok(Number(draining.headers.get("retry-after")) >= 1);
});

test("metrics are read from the machine while no token for them is set, and hold no numbers", async (t) => {
  const server = await startRest(t);
  await signUp(server, ann);
  const local = await ask(server, "GET /metrics");
  assert.equal(local.status, 200);
  assert.match(local.headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(local.body, /echoo_http_seconds_count\{method="POST",route="\/api\/auth\/register",status="201"\} 1/);
  assert.ok(!local.body.includes(ann));
  assert.equal((await ask(server, "GET /metrics", { headers: { "x-forwarded-for": "203.0.113.9" } })).status, 401);
});

test("metrics with a token of their own need it, and no user's token will do", async (t) => {
  const server = await startRest(t, { env: { ECHOO_METRICS_TOKEN: "metrics-token-of-the-operator" } });
  const token = await signUp(server, ann);
  assert.equal((await ask(server, "GET /metrics", { token: "metrics-token-of-the-operator" })).status, 200);
  assert.equal((await ask(server, "GET /metrics")).status, 401);
  assert.equal((await ask(server, "GET /metrics", { token })).status, 401);
});

test("in production metrics without a token of their own are closed, to the machine itself as well", async (t) => {
  const server = await startRest(t, { env: { NODE_ENV: "production" } });
  assert.equal((await ask(server, "GET /metrics")).status, 401);
});

test("without a built phone page the first page says what to do", async (t) => {
  const server = await startRest(t);
  const page = await ask(server, "GET /");
  assert.equal(page.status, 200);
  assert.match(page.body, /npm start/);
  assert.equal(page.headers.get("cache-control"), "no-store");
});

test("the built phone page is served, its hashed files for ever and itself never from a cache", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "echoo-phone-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "assets"));
  writeFileSync(join(dir, "index.html"), "<!doctype html><title>the phone</title>");
  writeFileSync(join(dir, "assets", "index-abc123.js"), "export {};");
  writeFileSync(join(dir, ".secret"), "hidden");
  const server = await startRest(t, { phoneDir: dir });
  const page = await ask(server, "GET /");
  assert.match(page.body, /the phone/);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const policy = page.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, new RegExp(`connect-src 'self' ws://127.0.0.1:${server.port} wss://127.0.0.1:${server.port}`));
  assert.doesNotMatch(policy, /unsafe|upgrade-insecure/);
  assert.equal(page.headers.get("strict-transport-security"), null);
  const script = await ask(server, "GET /assets/index-abc123.js");
  assert.match(script.headers.get("cache-control") ?? "", /max-age=31536000, immutable/);
  for (const path of ["/assets/none.js", "/.secret", "/../package.json", "/assets/..%2f.secret"]) {
    const missing = await ask(server, `GET ${path}`);
    assert.deepEqual([missing.status, missing.body.code], [404, "not_found"], path);
  }
});

test("with a public https address browsers are told to stay on it", async (t) => {
  const server = await startRest(t, { env: { ECHOO_PUBLIC_URL: "https://calls.example.com" } });
  const page = await ask(server, "GET /");
  assert.match(page.headers.get("content-security-policy") ?? "", /upgrade-insecure-requests/);
  assert.match(page.headers.get("strict-transport-security") ?? "", /max-age/);
});

test("routers of other parts are mounted, and what they throw becomes an error like any other", async (t) => {
  const router = express.Router();
  router.get("/hello", (_request, response) => void response.json({ hello: "there" }));
  router.get("/broken", () => {
    throw new Error("a fault of ours with a secret path");
  });
  const server = await startRest(t, { routers: [{ path: "/docs", router }] });
  assert.deepEqual(await (await fetch(`${server.url}/docs/hello`)).json(), { hello: "there" });
  const broken = await ask(server, "GET /docs/broken");
  assert.deepEqual([broken.status, broken.body.code], [500, "internal"]);
  assert.ok(!JSON.stringify(broken.body).includes("secret path"));
  assert.ok(server.lines.some((line) => line.includes(broken.body.requestId) && line.includes("secret path")));
});
