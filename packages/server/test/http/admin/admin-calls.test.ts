import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunningCall } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { endedCall, missedCall } from "@echoo/testkit";
import { ask, type RestServer, startRest } from "../rest-server.ts";
import { administrator } from "./administrator.ts";

const ann = "5550001";
const bob = "5550002";
const cat = "5550003";
const hourMs = 3_600_000;

/** Calls of the last hours, the first one the newest; their sides' median scores as given. */
async function history(server: RestServer, calls: readonly { id: string; mos?: number[]; changes?: object }[]) {
  const nowMs = server.clock.now();
  for (const [hours, { id, mos = [], changes }] of calls.entries()) {
    const base = { caller: ann, callee: bob, endedBy: bob, createdAtMs: nowMs - (hours + 1) * hourMs, ...changes };
    await server.store.calls.record([endedCall(id, base)]);
    for (const [side, p50] of mos.entries()) {
      const summary = { mosModel: "g107-1", samples: 5, coveredMs: 9, mos: { p50, p5: p50 } } as const;
      await server.store.statistics.putSummary(id, side === 0 ? ann : bob, summary, nowMs);
    }
  }
}

async function list(server: RestServer, token: string, query: string) {
  const { status, body } = await ask(server, `GET /api/admin/calls${query}`, { token });
  assert.equal(status, 200, JSON.stringify(body));
  return { ids: body.calls.map(({ callId }: { callId: string }) => callId), ...body };
}

test("calls are found by number, name, reason, quality and time, newest or worst first", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await server.store.users.ensure(bob, { displayName: "Bob Brown" }, server.clock.now());
  await history(server, [
    { id: "good", mos: [4.3, 4.2] },
    { id: "silent" },
    { id: "bad", mos: [4.1, 2.2] },
    { id: "cats", changes: { caller: cat, callee: "5550004", endReason: "connection_lost" } },
    { id: "fair", mos: [3.4] },
    ...Array.from({ length: 20 }, (_, n) => ({ id: `older ${n}` })),
  ]);
  assert.deepEqual((await list(server, token, "?limit=3")).ids, ["good", "silent", "bad"]);
  assert.deepEqual((await list(server, token, `?phone=${cat}`)).ids, ["cats"]);
  assert.deepEqual((await list(server, token, "?name=brown&limit=2")).ids, ["good", "silent"]);
  assert.deepEqual((await list(server, token, "?name=nobody")).ids, []);
  assert.deepEqual((await list(server, token, "?reason=connection_lost")).ids, ["cats"]);
  assert.deepEqual((await list(server, token, "?level=poor")).ids, ["bad"]);
  const worst = await list(server, token, "?order=worst&limit=2");
  assert.deepEqual(worst.ids, ["bad", "fair"]);
  assert.deepEqual(worst.calls[0].level, "poor");
  const next = await list(server, token, `?order=worst&limit=2&cursor=${worst.nextCursor}`);
  assert.deepEqual(next.ids, ["good", "silent"]);
  const since = server.clock.now() - 3 * hourMs;
  assert.deepEqual((await list(server, token, `?since=${since}`)).ids, ["good", "silent", "bad"]);
  assert.deepEqual((await list(server, token, `?since=${since}&until=${since + 1}`)).ids, ["bad"]);
});

test("pages of calls repeat and skip none, and a cursor of one order is none of the other", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await history(
    server,
    Array.from({ length: 11 }, (_, n) => ({ id: `call ${n}`, mos: [n % 2 === 0 ? 4.2 : 2] })),
  );
  const ids: string[] = [];
  for (let page = await list(server, token, "?level=poor&limit=2"); ; ) {
    ids.push(...page.ids);
    if (page.nextCursor === undefined) break;
    page = await list(server, token, `?level=poor&limit=2&cursor=${page.nextCursor}`);
  }
  assert.deepEqual(ids, ["call 1", "call 3", "call 5", "call 7", "call 9"]);
  const { nextCursor } = await list(server, token, "?limit=2");
  assert.equal((await ask(server, `GET /api/admin/calls?order=worst&cursor=${nextCursor}`, { token })).status, 400);
});

test("more than 31 days are refused, and of more than 10,000 calls the newest 10,000 are looked at", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const nowMs = server.clock.now();
  const dayMs = 24 * hourMs;
  const days = (count: number) => `GET /api/admin/calls?since=${nowMs - count * dayMs}&until=${nowMs}`;
  assert.equal((await ask(server, days(limits.adminSearchDays), { token })).status, 200);
  assert.equal((await ask(server, days(limits.adminSearchDays + 1), { token })).status, 400);
  for (let from = 0; from <= limits.adminLooked; from += 500) {
    const some = Array.from({ length: Math.min(500, limits.adminLooked + 1 - from) }, (_, n) =>
      missedCall(`call ${from + n}`, { createdAtMs: nowMs - 1 - from - n }),
    );
    await server.store.calls.record(some);
  }
  const { ids, looked, isComplete } = await list(server, token, "?order=worst&limit=1");
  assert.deepEqual([ids, looked, isComplete], [["call 0"], limits.adminLooked, false]);
  const rare = await list(server, token, "?reason=connection_lost");
  assert.deepEqual([rare.ids, rare.looked, rare.isComplete], [[], limits.adminLooked, false]);
  const rest = await list(server, token, `?reason=connection_lost&cursor=${rare.nextCursor}`);
  assert.deepEqual([rest.looked, rest.isComplete, rest.nextCursor], [1, true, undefined]);
});

test("a call of a blocked caller is found by either number and looks like any that was not answered", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const createdAtMs = server.clock.now() - hourMs;
  const parties = { caller: ann, callee: bob, createdAtMs };
  await server.store.calls.record([missedCall("shadow", { ...parties, callerOnly: true })]);
  await server.store.calls.record([missedCall("plain", { ...parties, createdAtMs: createdAtMs - 1 })]);
  for (const phone of [ann, bob])
    assert.deepEqual((await list(server, token, `?phone=${phone}`)).ids, ["shadow", "plain"]);
  const [shadow, plain] = (await list(server, token, "")).calls;
  assert.deepEqual(Object.keys(shadow).sort(), Object.keys(plain).sort());
  assert.equal(shadow.status, "missed");
});

const running: RunningCall = {
  callId: "now",
  caller: ann,
  callee: bob,
  isVideo: true,
  state: "active",
  createdAtMs: 1000,
  answeredAtMs: 3000,
  callerDevice: "laptop",
  sides: [{ user: bob, mos: 2.5, warnings: ["high_loss"] }],
};

test("a running call is listed, shown and ended; one that is over is not ended again", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  server.live.underWay.push(running);
  const { body } = await ask(server, "GET /api/admin/running-calls", { token });
  assert.equal(body.running, 1);
  assert.deepEqual(body.calls[0].sides, [{ role: "callee", mos: 2.5, level: "poor", warnings: ["high_loss"] }]);
  const shown = await ask(server, "GET /api/admin/calls/now", { token });
  assert.deepEqual([shown.body.running.state, shown.body.call], ["active", undefined]);
  assert.equal((await ask(server, "POST /api/admin/calls/now/end", { token })).status, 200);
  assert.equal((await ask(server, "POST /api/admin/calls/now/end", { token })).status, 404);
  assert.deepEqual(server.live.told.slice(-1), ["ended now"]);
  const ended = server.audited.filter(({ event }) => event === "admin_ended_call");
  assert.deepEqual(
    ended.map(({ user, other }) => [user, other]),
    [
      ["…00", "…01"],
      ["…00", "…02"],
    ],
  );
});

test("one call has both sides' samples, and who looked at whose calls is in the audit log", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await history(server, [{ id: "c1", mos: [4.2, 3.3] }]);
  for (const reporter of [ann, bob]) {
    const batch = { callId: "c1", reporter, batch: "n1", receivedAtMs: 5, samples: [{ t: 1, rttMs: 80 }, { t: 2 }] };
    await server.store.statistics.addSamples([batch]);
  }
  const { status, body } = await ask(server, "GET /api/admin/calls/c1", { token });
  assert.equal(status, 200);
  assert.deepEqual([body.call.callId, body.call.mos, body.call.level], ["c1", 3.3, "moderate"]);
  assert.deepEqual(
    body.sides.map(({ role, samples }: { role: string; samples: unknown[] }) => [role, samples.length]),
    [
      ["caller", 2],
      ["callee", 2],
    ],
  );
  await ask(server, `GET /api/admin/calls?phone=${ann}`, { token });
  const looks = server.audited.filter(({ event }) => event === "admin_looked_at_calls");
  assert.deepEqual(
    looks.map(({ user, other, note }) => [user, other, note]),
    [
      ["…00", "…01", "call c1"],
      ["…00", "…02", "call c1"],
      ["…00", "…01", "listed"],
    ],
  );
  assert.equal((await ask(server, "GET /api/admin/calls/none", { token })).body.code, "unknown_call");
});

test("a page of a list has as many entries as its limit says, and one more is refused", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  await history(
    server,
    Array.from({ length: 3 }, (_, n) => ({ id: `call ${n}` })),
  );
  assert.equal((await list(server, token, `?limit=${limits.adminPage}`)).ids.length, 3);
  for (const path of ["calls", "people", "audit"]) {
    const refused = await ask(server, `GET /api/admin/${path}?limit=${limits.adminPage + 1}`, { token });
    assert.equal(refused.status, 400, path);
  }
});

test("of more people with a name than are searched the calls of the first are found", async (t) => {
  const server = await startRest(t);
  const token = await administrator(server);
  const phones = Array.from({ length: 11 }, (_, n) => `77${10 + n}`);
  for (const phone of phones) await server.store.users.ensure(phone, { displayName: "Kim" }, server.clock.now());
  await history(
    server,
    phones.map((caller) => ({ id: `of ${caller}`, changes: { caller } })),
  );
  const { ids } = await list(server, token, "?name=kim");
  assert.deepEqual(
    ids,
    phones.slice(0, 10).map((phone) => `of ${phone}`),
  );
});
