import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@echoo/protocol";
import { endedCall, missedCall } from "@echoo/testkit";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const cid = "5550003";
const parties = { caller: ann, callee: bob };

async function judged({ store }: RestServer): Promise<void> {
  await store.calls.record([endedCall("c1", parties), missedCall("c2", { ...parties, createdAtMs: 5 })]);
  const evidence = [
    { source: "event", side: "callee", what: "playback refused", t: 1_767_225_600_000 },
    { source: "sample", side: "callee", what: "loss", value: 0.4 },
  ] as const;
  const blocked = { code: "playback_blocked", side: "callee", confidence: "sure", evidence } as const;
  const denied = { code: "permission_denied", side: "callee", confidence: "sure", evidence: [] } as const;
  const missed = { code: "not_answered", confidence: "sure", evidence: [] } as const;
  await store.calls.putVerdicts([
    { callId: "c1", verdict: { rules: 1, inputs: 2, operator: blocked } },
    { callId: "c2", verdict: { rules: 1, inputs: 0, operator: denied, caller: missed } },
  ]);
}

test("a party is told the verdict in words, with the evidence of its own side", async (t) => {
  const server = await startRest(t);
  await judged(server);
  // The engine remembers it for a day.
  server.live.parties.set("c1", parties);
  const [annToken, bobToken] = [await signUp(server, ann), await signUp(server, bob)];
  const { body: anns } = await ask(server, `GET /api/stats/${ann}/calls/c1`, { token: annToken });
  assert.equal(anns.verdict.sentence, "The browser of the other device did not play the sound.");
  assert.deepEqual(
    anns.verdict.evidence.map(({ source }: { source: string }) => source),
    ["sample"],
  );
  const { body: bobs } = await ask(server, `GET /api/stats/${bob}/calls/c1`, { token: bobToken });
  const { sentence, advice, evidence, ...verdict } = bobs.verdict;
  assert.deepEqual(verdict, { code: "playback_blocked", side: "callee", confidence: "sure", rules: 1 });
  assert.equal(sentence, "The browser of your device did not play the sound.");
  assert.match(advice, /^Tap anywhere/);
  assert.deepEqual(evidence[0], {
    source: "event",
    side: "callee",
    what: "playback refused",
    t: "2026-01-01T00:00:00.000Z",
  });
});

test("a history has each viewer's own verdict", async (t) => {
  const server = await startRest(t);
  await judged(server);
  const codes = async (phone: string) => {
    const { body } = await ask(server, `GET /api/calls/${phone}`, { token: await signUp(server, phone) });
    return body.calls.map(({ verdict }: { verdict: unknown }) => verdict);
  };
  const blocked = { code: "playback_blocked", side: "callee" };
  assert.deepEqual(await codes(ann), [blocked, { code: "not_answered" }]);
  assert.deepEqual(await codes(bob), [blocked, { code: "permission_denied", side: "callee" }]);
});

test("reports come beside samples, unknown kinds and words are left out, and each party reads its own", async (t) => {
  const server = await startRest(t);
  await server.store.calls.record([endedCall("c1", { ...parties, endedAtMs: server.clock.now() })]);
  const token = await signUp(server, ann);
  const events = [
    { n: 0, t: 5, kind: "gathering", candidate: "relay", address: "192.0.2.1", label: "Ann's headset" },
    { n: 1, t: 6, kind: "mood", state: "good" },
    { n: 2, t: 7, kind: "ice", state: "v=0 o=- 1 1 IN IP4 192.0.2.1", sdp: "v=0" },
  ];
  const answer = await ask(server, "POST /api/stats/calls/c1", { token, body: { sentAt: 9, events } });
  assert.deepEqual([answer.status, answer.body], [200, { stored: 0 }]);
  const [kept] = server.submitted;
  assert.deepEqual(kept?.report, {
    sentAtMs: 9,
    events: [
      { n: 0, t: 5, kind: "gathering", candidate: "relay" },
      { n: 2, t: 7, kind: "ice" },
    ],
  });
  await server.store.reports.add([
    { callId: "c1", reporter: ann, receivedAtMs: 10, ...(kept?.report ?? { events: [] }) },
  ]);
  const { body: own } = await ask(server, `GET /api/stats/${ann}/calls/c1`, { token });
  assert.deepEqual(own.sides[0].report, { events: kept?.report?.events, missing: 1, shiftMs: 1 });
  const { body: others } = await ask(server, `GET /api/stats/${bob}/calls/c1`, { token: await signUp(server, bob) });
  assert.ok(!JSON.stringify(others).includes("gathering"));
  const stranger = await signUp(server, cid);
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { token: stranger, body: { events } })).status, 404);
});

test("a report is taken for 24 h after the end of a call, and no longer", async (t) => {
  const server = await startRest(t);
  await server.store.calls.record([endedCall("c1", { ...parties, endedAtMs: server.clock.now() })]);
  const token = await signUp(server, ann);
  const body = { sentAt: 1, events: [{ n: 0, t: 1, kind: "restart" }] };
  server.clock.advance(limits.reportAfterEndMs);
  assert.equal((await ask(server, "POST /api/stats/calls/c1", { token, body })).status, 200);
  server.clock.advance(1);
  const late = await ask(server, "POST /api/stats/calls/c1", { token, body });
  assert.deepEqual([late.status, late.body.code], [409, "too_late"]);
});
