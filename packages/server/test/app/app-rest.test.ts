import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EndedCall } from "@echoo/core";
import { type RestServer, startRest } from "../http/rest-server.ts";
import { appRequest, appSignIn } from "./app-request.ts";

const ann = "5551230001";
const bob = "5551230002";
const cid = "5551230003";
const appTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function ended(server: RestServer, callId: string, changes: Partial<EndedCall> = {}): EndedCall {
  const createdAtMs = server.clock.now();
  const answered = { answeredAtMs: createdAtMs, endedAtMs: createdAtMs + 90_000, durationSec: 90 };
  const base = { callId, caller: ann, callee: bob, isVideo: true, createdAtMs, glare: false, reconnects: 0 };
  return { ...base, ...answered, endReason: "hangup", ...changes };
}

/** What the app reports of a call before it hangs up. */
const reported = {
  from: ann,
  callId: "c1",
  caller: ann,
  callee: bob,
  isVideo: true,
  duration: 89,
  totalSamples: 2,
  avgSendBitrateKbps: 800,
  avgReceiveBitrateKbps: 601,
  avgPacketLossPercent: 0.25,
  avgRttMs: 44,
  totalDataUsedBytes: 15_728_640,
  qualityDistribution: { good: 1, moderate: 1, poor: 0 },
  samples: [
    {
      timestamp: 1_767_225_600_000,
      sendBitrateKbps: 800,
      receiveBitrateKbps: 601,
      packetLossPercent: 0.25,
      rttMs: 44,
      networkQuality: "GOOD",
      dataUsedBytes: 15_728_640,
    },
  ],
};

describe("the app signs in", () => {
  test("with a development code that comes back, and gets a token that its other requests take", async (t) => {
    const server = await startRest(t);
    const sent = await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber: ann } });
    assert.deepEqual([sent.status, sent.body.success, typeof sent.body.message], [200, true, "string"]);
    assert.match(sent.body.devOtp, /^\d{6}$/);
    const code = { phoneNumber: ann, otp: sent.body.devOtp, deviceInfo: "Pixel 7 (Android 14)" };
    const { status, body } = await appRequest(server, "POST /auth/verify-otp", { body: code });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      success: true,
      user: { id: ann, phoneNumber: ann, displayName: ann },
      authToken: body.authToken,
    });
    assert.equal((await appRequest(server, "GET /user/profile", { token: body.authToken })).status, 200);
    const [session] = await server.accounts.tokens.list(ann);
    assert.equal(session?.device, "Pixel 7 (Android 14)");
    // The code proved nothing: the number is still one that open access covers.
    assert.equal((await server.store.users.find(ann))?.proof, undefined);
  });

  test("not with a wrong code, not twice with a right one, and not without having asked for one", async (t) => {
    const server = await startRest(t);
    const verify = (otp: string) =>
      appRequest(server, "POST /auth/verify-otp", { body: { phoneNumber: ann, otp, deviceInfo: "x" } });
    assert.deepEqual([(await verify("123456")).status, (await verify("123456")).body.code], [401, "wrong_code"]);
    const { devOtp } = (await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber: ann } })).body;
    assert.equal((await verify(devOtp === "111111" ? "222222" : "111111")).status, 401);
    assert.equal((await verify(devOtp)).status, 200);
    assert.equal((await verify(devOtp)).status, 401);
  });

  test("never with an operator of a database in place of a code or a number", async (t) => {
    const server = await startRest(t);
    await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber: ann } });
    for (const body of [
      `{"phoneNumber":"${ann}","otp":{"$ne":null}}`,
      `{"phoneNumber":{"$ne":null},"otp":{"$ne":null}}`,
      `{"phoneNumber":{"$gt":""},"otp":"000000"}`,
      `{"phoneNumber":"${ann}","otp":["000000"]}`,
      `{"phoneNumber":"${ann}"}`,
      "null",
    ]) {
      assert.equal((await appRequest(server, "POST /auth/verify-otp", { body })).status, 400, body);
    }
    assert.deepEqual(await server.accounts.tokens.list(ann), []);
  });

  test("nowhere that open access does not cover, and not as a number that was ever proven", async (t) => {
    const closed = await startRest(t, { env: { ECHOO_OPEN_ACCESS: "off" } });
    for (const request of ["POST /auth/send-otp", "POST /auth/verify-otp"]) {
      const refused = await appRequest(closed, request, { body: { phoneNumber: ann, otp: "000000" } });
      assert.deepEqual([refused.status, refused.body.code], [503, "proof_not_configured"]);
    }
    const server = await startRest(t);
    await server.store.users.ensure(bob, { proof: "code" }, 0);
    const refused = await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber: bob } });
    assert.deepEqual([refused.status, refused.body.code], [503, "proof_not_configured"]);
  });

  test("and may ask for the next code after half a minute", async (t) => {
    const server = await startRest(t);
    const send = async () => (await appRequest(server, "POST /auth/send-otp", { body: { phoneNumber: ann } })).status;
    assert.deepEqual([await send(), await send()], [200, 429]);
    server.clock.advance(30_000);
    assert.equal(await send(), 200);
  });
});

test("the profile has its exact shape, and takes a new name", async (t) => {
  const server = await startRest(t);
  const token = await appSignIn(server, ann);
  const renamed = await appRequest(server, "PUT /user/profile", { token, body: { displayName: "Ann <3 & Co" } });
  assert.deepEqual([renamed.status, renamed.body], [200, { success: true }]);
  const { body } = await appRequest(server, "GET /user/profile", { token });
  assert.match(body.createdAt, appTime);
  const { createdAt } = body;
  assert.deepEqual(body, { id: ann, phoneNumber: ann, displayName: "Ann <3 & Co", createdAt });
  assert.equal((await appRequest(server, "PUT /user/profile", { token, body: { displayName: " " } })).status, 400);
  assert.equal((await server.store.users.find(ann))?.displayName, "Ann <3 & Co");
});

test("contacts are added, listed and removed, and never without a name", async (t) => {
  const server = await startRest(t);
  const token = await appSignIn(server, ann);
  await appSignIn(server, bob);
  const add = async (body: object | string) => (await appRequest(server, "POST /contacts", { token, body })).body;
  assert.deepEqual(await add({ phoneNumber: bob, name: "Bob" }), { success: true, isRegistered: true });
  assert.deepEqual(await add({ phoneNumber: cid, name: "" }), { success: true, isRegistered: false });
  assert.deepEqual(await add(`{"phoneNumber":"5551230004","name":null}`), { success: true, isRegistered: false });
  const { body } = await appRequest(server, "GET /contacts", { token });
  assert.deepEqual(body, {
    contacts: [
      { _id: cid, phoneNumber: cid, name: cid, isRegistered: false },
      { _id: "5551230004", phoneNumber: "5551230004", name: "5551230004", isRegistered: false },
      { _id: bob, phoneNumber: bob, name: "Bob", isRegistered: true },
    ],
  });
  assert.deepEqual((await appRequest(server, `DELETE /contacts/${bob}`, { token })).body, { success: true });
  assert.equal((await appRequest(server, `DELETE /contacts/${bob}`, { token })).status, 404);
  assert.equal((await server.store.contacts.list(ann)).length, 2);
});

describe("the app's history", () => {
  test("has its exact shape; failed is missed to it, and what nobody measured is left out", async (t) => {
    const server = await startRest(t);
    const token = await appSignIn(server, ann);
    const { answeredAtMs: _, ...unanswered } = ended(server, "c0", { durationSec: 0, createdAtMs: 1000 });
    await server.store.calls.record([
      { ...unanswered, callId: "rejected", endReason: "declined" },
      { ...unanswered, callId: "missed", endReason: "cancelled", createdAtMs: 2000 },
      ended(server, "failed", { endReason: "connect_failed", createdAtMs: 3000 }),
      ended(server, "c1"),
    ]);
    const report = { callId: "c1", reporter: ann, receivedAtMs: server.clock.now(), body: JSON.stringify(reported) };
    await server.store.statistics.putReported([report]);
    const { body } = await appRequest(server, "GET /calls/history?limit=50", { token });
    assert.deepEqual(
      body.calls.map(({ callId, status }: Record<string, string>) => [callId, status]),
      [
        ["c1", "completed"],
        ["failed", "missed"],
        ["missed", "missed"],
        ["rejected", "rejected"],
      ],
    );
    const [measured, failed] = body.calls;
    const { startTime, endTime } = measured;
    for (const time of [startTime, endTime]) assert.match(time, appTime);
    const parties = { caller: ann, callee: bob, isVideo: true, duration: 90 };
    assert.deepEqual(measured, {
      ...{ _id: "c1", callId: "c1", ...parties, status: "completed", startTime, endTime, hasStats: true },
      ...{ avgBitrateKbps: 701, avgPacketLossPercent: 0.25, avgRttMs: 44, totalDataUsedMB: "15.00" },
    });
    const { startTime: began, endTime: over } = failed;
    assert.deepEqual(failed, {
      ...{ _id: "failed", callId: "failed", ...parties, status: "missed" },
      ...{ startTime: began, endTime: over, hasStats: false },
    });
    assert.equal((await appRequest(server, "GET /calls/history?limit=2", { token })).body.calls.length, 2);
  });

  test("gives a call's statistics as they were reported, and the peer's where one has none", async (t) => {
    const server = await startRest(t);
    const [token, bobs, cids] = [
      await appSignIn(server, ann),
      await appSignIn(server, bob),
      await appSignIn(server, cid),
    ];
    await server.store.calls.record([ended(server, "c1")]);
    assert.equal((await appRequest(server, "GET /calls/stats/c1", { token })).status, 404);
    const report = { callId: "c1", reporter: ann, receivedAtMs: server.clock.now(), body: JSON.stringify(reported) };
    await server.store.statistics.putReported([report]);
    const { body } = await appRequest(server, "GET /calls/stats/c1", { token });
    assert.match(body.stats.timestamp, appTime);
    const { timestamp } = body.stats;
    const { from: _, ...fields } = reported;
    assert.deepEqual(body, { stats: { ...fields, _id: body.stats._id, timestamp } });
    assert.equal(typeof body.stats._id, "string");
    assert.deepEqual((await appRequest(server, "GET /calls/stats/c1", { token: bobs })).body, body);
    assert.equal((await appRequest(server, "GET /calls/stats/c1", { token: cids })).status, 404);
    const list = await appRequest(server, "GET /calls/stats?limit=20", { token: bobs });
    assert.deepEqual(list.body, { stats: [body.stats] });
    assert.deepEqual((await appRequest(server, "GET /calls/stats?limit=20", { token: cids })).body, { stats: [] });
  });

  test("gives what a current device measured in the app's words, and leaves averages out that are unknown", async (t) => {
    const server = await startRest(t);
    const token = await appSignIn(server, ann);
    await server.store.calls.record([ended(server, "c1")]);
    const summary = { mosModel: "g107-1", samples: 4, coveredMs: 8000, sendKbps: { p50: 700.4, p95: 900 } } as const;
    const levels = { good: 0.5, moderate: 0.25, poor: 0.25 };
    await server.store.statistics.putSummary("c1", bob, { ...summary, levels }, server.clock.now());
    const samples = [{ t: 1000.5, sendKbps: 700.4, rttMs: 20.4, lossPercent: 0 }, { t: 3000 }];
    const batch = { callId: "c1", reporter: bob, batch: "1", receivedAtMs: server.clock.now(), samples };
    await server.store.statistics.addSamples([batch]);
    const { stats } = (await appRequest(server, "GET /calls/stats/c1", { token })).body;
    const { _id, timestamp } = stats;
    assert.deepEqual(stats, {
      ...{ _id, callId: "c1", caller: ann, callee: bob, isVideo: true, duration: 90, totalSamples: 4 },
      ...{ avgSendBitrateKbps: 700, qualityDistribution: { good: 2, moderate: 1, poor: 1 }, timestamp },
      samples: [
        { timestamp: 1000, sendBitrateKbps: 700, packetLossPercent: 0, rttMs: 20, networkQuality: "GOOD" },
        { timestamp: 3000, networkQuality: "MODERATE" },
      ],
    });
    const [call] = (await appRequest(server, "GET /calls/history?limit=50", { token })).body.calls;
    assert.deepEqual(
      [call.hasStats, call.avgBitrateKbps, call.avgRttMs, call.totalDataUsedMB],
      [true, 700, undefined, undefined],
    );
  });
});

test("TURN credentials need no token where open access covers the request, and one elsewhere", async (t) => {
  const env = { TURN_URLS: "stun:stun.example,turn:turn.example", ECHOO_TURN_SECRET: "s".repeat(32) };
  const server = await startRest(t, { env });
  const { body } = await appRequest(server, "GET /turn-credentials");
  assert.deepEqual(Object.keys(body), ["username", "password", "ttl", "uris"]);
  assert.deepEqual([typeof body.username, typeof body.password, body.ttl <= 3600], ["string", "string", true]);
  assert.deepEqual(body.uris, ["stun:stun.example", "turn:turn.example"]);
  const closed = await startRest(t, { env: { ...env, ECHOO_OPEN_ACCESS: "off" } });
  assert.equal((await appRequest(closed, "GET /turn-credentials")).status, 401);
});

test("health says that the embedded store is connected, and that a store which is away is not", async (t) => {
  const server = await startRest(t);
  assert.deepEqual((await appRequest(server, "GET /health")).body, { status: "ok", mongodb: "connected" });
  server.store.ping = () => Promise.reject(new Error("away"));
  assert.deepEqual((await appRequest(server, "GET /health")).body, { status: "ok", mongodb: "disconnected" });
});

test("what is one's own needs a token, open access or not", async (t) => {
  const server = await startRest(t);
  for (const request of ["GET /user/profile", "GET /calls/history", "GET /calls/stats", "GET /contacts"]) {
    assert.equal((await appRequest(server, request)).status, 401, request);
    assert.equal((await appRequest(server, request, { token: "wrong" })).status, 401, request);
  }
});
