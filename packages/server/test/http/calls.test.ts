import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndedCall } from "@echoo/core";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const cid = "5550003";

function seenCall(server: RestServer, changes: Partial<EndedCall> & { callId: string }): EndedCall {
  const createdAtMs = server.clock.now();
  return {
    caller: ann,
    callee: bob,
    isVideo: true,
    createdAtMs,
    endedAtMs: createdAtMs + 60_000,
    endReason: "no_answer",
    glare: false,
    reconnects: 0,
    durationSec: 0,
    ...changes,
  };
}

function posted(changes: Record<string, unknown> = {}) {
  const startTime = "2025-12-31T12:00:00.000Z";
  return {
    callId: "c1",
    caller: ann,
    callee: bob,
    isVideo: true,
    startTime,
    duration: 65,
    status: "completed",
    ...changes,
  };
}

test("a history has each side's view of a call, with names and figures", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann, "Ann");
  const bobs = await signUp(server, bob, "Bob");
  const startMs = server.clock.now();
  const answered = { answeredAtMs: startMs + 4000, endedAtMs: startMs + 65_500, durationSec: 61 };
  await server.store.calls.record([seenCall(server, { callId: "c1", endReason: "hangup", ...answered })]);
  const summary = {
    mosModel: "g107-1",
    samples: 30,
    coveredMs: 60_000,
    mos: { p50: 4.2, p5: 3.9 },
    rttMs: { p50: 50, p95: 90 },
    lossPercent: { p50: 0.5, p95: 2 },
  } as const;
  await server.store.statistics.putSummary("c1", ann, summary, startMs);
  const { calls, unseenMissed } = (await ask(server, `GET /api/calls/${ann}`, { token })).body;
  assert.equal(unseenMissed, 0);
  assert.deepEqual(calls, [
    {
      callId: "c1",
      caller: ann,
      callee: bob,
      peer: { phone: bob, displayName: "Bob" },
      direction: "outgoing",
      isVideo: true,
      status: "completed",
      endReason: "hangup",
      startTime: "2026-01-01T00:00:00.000Z",
      answeredAt: "2026-01-01T00:00:04.000Z",
      endTime: "2026-01-01T00:01:05.500Z",
      duration: 61,
      hasStats: true,
      quality: { mos: 4.2, level: "good", rttMs: 50, lossPercent: 0.5 },
      seen: true,
    },
  ]);
  const theirs = (await ask(server, `GET /api/calls/${bob}`, { token: bobs })).body.calls[0];
  assert.deepEqual([theirs.direction, theirs.peer.displayName, theirs.quality.mos], ["incoming", "Ann", 4.2]);
});

test("do-not-disturb is told to the callee alone", async (t) => {
  const server = await startRest(t);
  await server.store.calls.record([seenCall(server, { callId: "c1", endReason: "do_not_disturb" })]);
  const reasonOf = async (who: string) => (await ask(server, `GET /api/calls/${who}`)).body.calls[0].endReason;
  assert.deepEqual([await reasonOf(ann), await reasonOf(bob)], ["unreachable", "do_not_disturb"]);
});

test("a history, a call that is saved again and an export say who ended it as their reader sees it", async (t) => {
  const server = await startRest(t);
  const tokens = { [ann]: await signUp(server, ann), [bob]: await signUp(server, bob) };
  const answered = { answeredAtMs: server.clock.now() };
  await server.store.calls.record([
    seenCall(server, { callId: "hung-up", ...answered, endReason: "hangup", endedBy: bob }),
    seenCall(server, { callId: "declined", endReason: "declined", endedBy: bob }),
    seenCall(server, { callId: "given-up", endReason: "cancelled", endedBy: ann }),
    seenCall(server, { callId: "too-long", ...answered, endReason: "max_duration" }),
    seenCall(server, { callId: "unknown", ...answered, endReason: "hangup" }),
  ]);
  for (const [who, expected] of [
    [ann, { "hung-up": "peer", declined: "peer", "given-up": "you", "too-long": "server", unknown: undefined }],
    [bob, { "hung-up": "you", declined: "you", "given-up": "peer", "too-long": "server", unknown: undefined }],
  ] as const) {
    const token = tokens[who] ?? "";
    const told = (calls: readonly { callId: string; endedBy?: string }[]) =>
      Object.fromEntries(calls.map(({ callId, endedBy }) => [callId, endedBy]));
    assert.deepEqual(told((await ask(server, `GET /api/calls/${who}`, { token })).body.calls), expected);
    assert.deepEqual(told((await ask(server, `GET /api/users/${who}/export`, { token })).body.calls), expected);
    const again = await ask(server, "POST /api/calls", { token, body: posted({ callId: "hung-up" }) });
    assert.equal(again.body.call.endedBy, expected["hung-up"]);
  }
});

test("who ended a call that clients alone tell of is not made up", async (t) => {
  const server = await startRest(t);
  for (const status of ["completed", "rejected", "missed", "failed"]) {
    const { body } = await ask(server, "POST /api/calls", { body: posted({ callId: status, status }) });
    assert.equal(body.call.endedBy, undefined);
  }
});

test("a caller reads the same of the end whether the callee blocks them, wants no calls or is away", async (t) => {
  const server = await startRest(t);
  const ends = [
    { endReason: "unreachable" },
    { endReason: "unreachable", callerOnly: true },
    { endReason: "do_not_disturb" },
  ] as const;
  for (const [index, end] of ends.entries()) {
    await server.store.calls.record([seenCall(server, { callId: `c${index}`, ...end })]);
  }
  const { calls } = (await ask(server, `GET /api/calls/${ann}`)).body;
  const bodies = calls.map((call: object) => JSON.stringify({ ...call, callId: "" }));
  assert.deepEqual([bodies.length, new Set(bodies).size, calls[0].endedBy], [3, 1, "server"]);
});

test("pages follow one another without repeating or skipping, and filters hold", async (t) => {
  const server = await startRest(t);
  for (let n = 0; n < 7; n += 1) {
    server.clock.advance(60_000);
    const parties = n % 2 === 0 ? {} : { caller: bob, callee: ann };
    await server.store.calls.record([seenCall(server, { callId: `c${n}`, ...parties })]);
  }
  const ids: string[] = [];
  let cursor = "";
  do {
    const { body } = await ask(server, `GET /api/calls/${ann}?limit=3${cursor}`);
    ids.push(...body.calls.map(({ callId }: { callId: string }) => callId));
    cursor = body.nextCursor === undefined ? "" : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== "");
  assert.deepEqual(ids, ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]);
  const count = async (query: string) => (await ask(server, `GET /api/calls/${ann}?${query}`)).body.calls.length;
  assert.equal(await count("direction=incoming"), 3);
  assert.equal(await count("status=completed"), 0);
  assert.equal(await count("since=2026-01-01T00:04:00Z"), 4);
  assert.equal(await count(`until=${Date.UTC(2026, 0, 1, 0, 4)}`), 3);
});

for (const query of [
  "limit=0",
  "limit=201",
  "limit=x",
  "cursor=nonsense",
  "direction=up",
  "since=yesterday",
  "limit=1&limit=2",
]) {
  test(`a history with ${query} is 400`, async (t) => {
    const reply = await ask(await startRest(t), `GET /api/calls/${ann}?${query}`);
    assert.deepEqual([reply.status, reply.body.code], [400, "invalid"]);
    assert.equal(reply.body.details[0].path, query.split("=")[0]);
  });
}

test("missed calls are counted until they are marked as seen", async (t) => {
  const server = await startRest(t);
  const bobs = await signUp(server, bob);
  const earlyMs = server.clock.now();
  await server.store.calls.record([seenCall(server, { callId: "c1" })]);
  server.clock.advance(60_000);
  await server.store.calls.record([seenCall(server, { callId: "c2" })]);
  const history = async () => (await ask(server, `GET /api/calls/${bob}`, { token: bobs })).body;
  assert.equal((await history()).unseenMissed, 2);
  const until = await ask(server, `POST /api/calls/${bob}/seen`, { token: bobs, body: { until: earlyMs } });
  assert.deepEqual(until.body, { marked: 1, unseenMissed: 1 });
  const rest = await ask(server, `POST /api/calls/${bob}/seen`, { token: bobs });
  assert.deepEqual(rest.body, { marked: 1, unseenMissed: 0 });
  assert.ok((await history()).calls.every(({ seen }: { seen: boolean }) => seen));
  assert.equal((await ask(server, `POST /api/calls/${ann}/seen`, { token: bobs })).status, 403);
  assert.equal((await ask(server, `POST /api/calls/${bob}/seen`)).status, 401);
});

test("a call is hidden for one side alone", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const cids = await signUp(server, cid);
  await server.store.calls.record([seenCall(server, { callId: "c1" })]);
  assert.equal((await ask(server, `DELETE /api/calls/${cid}/c1`, { token: cids })).body.code, "unknown_call");
  assert.equal((await ask(server, `DELETE /api/calls/${ann}/c1`, { token: cids })).status, 403);
  assert.equal((await ask(server, `DELETE /api/calls/${ann}/c1`, { token })).status, 200);
  assert.equal((await ask(server, `GET /api/calls/${ann}`)).body.calls.length, 0);
  assert.equal((await ask(server, `GET /api/calls/${bob}`)).body.calls.length, 1);
});

test("a call saved under open access is shown to both, and saving it again changes nothing", async (t) => {
  const server = await startRest(t);
  const saved = await ask(server, "POST /api/calls", { body: posted() });
  assert.equal(saved.status, 201);
  assert.equal(saved.body.call.endTime, "2025-12-31T12:01:05.000Z");
  assert.equal(saved.body.call.endReason, "hangup");
  const again = await ask(server, "POST /api/calls", { body: posted({ duration: 99 }) });
  assert.deepEqual([again.status, again.body.call.duration], [200, 65]);
  for (const who of [ann, bob]) assert.equal((await ask(server, `GET /api/calls/${who}`)).body.calls.length, 1);
});

test("a call saved with a token is its poster's alone until the other posts it as well", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  const bobs = await signUp(server, bob);
  assert.equal((await ask(server, "POST /api/calls", { token, body: posted() })).status, 201);
  const count = async () => (await ask(server, `GET /api/calls/${bob}`)).body.calls.length;
  assert.equal(await count(), 0);
  assert.equal((await ask(server, "POST /api/calls", { token: bobs, body: posted() })).status, 200);
  assert.equal(await count(), 1);
});

test("under open access nothing is written into the history of a proven number", async (t) => {
  const server = await startRest(t);
  await server.store.users.ensure(bob, { proof: "code" }, server.clock.now());
  const { secret } = await server.accounts.tokens.issue(bob, undefined);
  assert.equal((await ask(server, "POST /api/calls", { body: posted() })).status, 201);
  assert.equal((await ask(server, `GET /api/calls/${bob}`, { token: secret })).body.calls.length, 0);
  assert.equal((await ask(server, `GET /api/calls/${ann}`)).body.calls.length, 1);
  await server.store.users.ensure(ann, { proof: "code" }, server.clock.now());
  await server.store.users.update(ann, { proof: "code" });
  assert.equal((await ask(server, "POST /api/calls", { body: posted({ callId: "c2" }) })).status, 401);
});

test("what the server saw is never changed by what a client says", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  await server.store.calls.record([seenCall(server, { callId: "c1" })]);
  const reply = await ask(server, "POST /api/calls", { token, body: posted() });
  assert.deepEqual([reply.status, reply.body.call.status, reply.body.call.duration], [200, "missed", 0]);
});

test("a user cannot save a call of others, over a call of others, or with themselves", async (t) => {
  const server = await startRest(t);
  const cids = await signUp(server, cid);
  const save = async (changes: Record<string, unknown>) =>
    (await ask(server, "POST /api/calls", { token: cids, body: posted(changes) })).body.code;
  assert.equal(await save({}), "forbidden");
  assert.equal(await save({ caller: cid, callee: cid }), "self_call");
  await server.store.calls.record([seenCall(server, { callId: "c1" })]);
  assert.equal(await save({ caller: cid }), "conflict");
  server.live.parties.set("c2", { caller: ann, callee: bob });
  assert.equal(await save({ callId: "c2", caller: cid }), "conflict");
});

test("a blocked caller's call cannot be found by saving it", async (t) => {
  const server = await startRest(t);
  const bobs = await signUp(server, bob);
  const shadow = seenCall(server, { callId: "c1", endReason: "unreachable", callerOnly: true });
  await server.store.calls.record([shadow]);
  const reply = await ask(server, "POST /api/calls", { token: bobs, body: posted() });
  assert.deepEqual([reply.status, reply.body.code], [409, "conflict"]);
});

for (const [name, changes, path] of [
  ["a reason that contradicts its status", { status: "missed", endReason: "hangup" }, "endReason"],
  ["an end before its beginning", { endTime: "2025-12-31T11:00:00.000Z" }, "endTime"],
  ["an answer before its beginning", { answeredAt: "2025-12-31T11:59:00.000Z" }, "answeredAt"],
  ["a beginning further ahead than a clock may be", { startTime: "2026-01-01T00:05:00.001Z" }, "startTime"],
  ["a time that is none", { startTime: "noon" }, "startTime"],
  ["a negative duration", { duration: -1 }, "duration"],
  ["an endless duration", { duration: 1e9 }, "duration"],
  ["an unknown status", { status: "fine" }, "status"],
  ["a caller that is no number", { caller: "ann" }, "caller"],
] as const) {
  test(`a saved call with ${name} is 400 and names the field`, async (t) => {
    const reply = await ask(await startRest(t), "POST /api/calls", { body: posted(changes) });
    assert.equal(reply.status, 400);
    assert.equal(reply.body.details[0].path, path);
  });
}

test("an unanswered saved call has no duration, whatever it says", async (t) => {
  const reply = await ask(await startRest(t), "POST /api/calls", { body: posted({ status: "missed" }) });
  const { duration, answeredAt, endReason } = reply.body.call;
  assert.deepEqual([duration, answeredAt, endReason], [0, undefined, "no_answer"]);
});

test("one call is read by its id, however old, as the history of its viewer has it", async (t) => {
  const server = await startRest(t);
  const [token, bobs, cids] = [
    await signUp(server, ann, "Ann"),
    await signUp(server, bob, "Bob"),
    await signUp(server, cid),
  ];
  // More of one moment than a page has: the one that is asked for is the last of them.
  const many = Array.from({ length: 201 }, (_, i) => seenCall(server, { callId: `c${String(i).padStart(3, "0")}` }));
  await server.store.calls.record(many);
  const of = (who: string, callId: string) => `GET /api/calls/${who}/${callId}`;
  const { status, body } = await ask(server, of(ann, "c000"), { token });
  assert.deepEqual(
    [status, body.call.callId, body.call.direction, body.call.peer],
    [200, "c000", "outgoing", { phone: bob, displayName: "Bob" }],
  );
  const theirs = (await ask(server, of(bob, "c000"), { token: bobs })).body.call;
  assert.deepEqual([theirs.direction, theirs.seen], ["incoming", false]);
  await ask(server, `POST /api/calls/${bob}/seen`, { token: bobs, body: {} });
  assert.equal((await ask(server, of(bob, "c000"), { token: bobs })).body.call.seen, true);
  await ask(server, `DELETE /api/calls/${ann}/c000`, { token });
  for (const [who, callId, as] of [
    [ann, "c000", token],
    [ann, "none", token],
    [cid, "c001", cids],
  ] as const) {
    const refused = await ask(server, of(who, callId), { token: as });
    assert.deepEqual([refused.status, refused.body.code], [404, "unknown_call"], callId);
  }
  assert.equal((await ask(server, of(ann, "c001"), { token: cids })).status, 403);
  assert.equal((await ask(server, of(bob, "c000"), { token: bobs })).status, 200);
});
