import assert from "node:assert/strict";
import { test } from "node:test";
import { type Call, StoreUnavailable, type WebhookFact } from "@echoo/core";
import { type VerdictCode, webhookEvents } from "@echoo/protocol";
import { endedCall, FakeClock, missedCall, startMs } from "@echoo/testkit";
import { CallTeller, tellerBounds } from "../../src/webhooks/call-teller.ts";
import { settle } from "./webhook-world.ts";

function tellerOf() {
  const clock = new FakeClock();
  const told: WebhookFact[] = [];
  const faults: unknown[] = [];
  const world = {
    announce: async (facts: readonly WebhookFact[]): Promise<void> => void told.push(...facts),
    used: true,
  };
  let ids = 0;
  const teller = new CallTeller({
    webhooks: { announce: (facts) => world.announce(facts) },
    clock,
    newId: () => `evt_${++ids}`,
    isUsed: () => world.used,
    onTold: () => {},
    onFault: (error) => void faults.push(error),
  });
  const away = async () => {
    throw new StoreUnavailable(new Error("away"));
  };
  const brief = () => told.map(({ of, type }) => `${of} ${type}`);
  return { clock, teller, told, faults, world, away, brief };
}

/** As much of a call as its events say. */
function call(id: string, state: Exclude<Call["state"], "ended">): Call {
  const placed = { id, caller: "+491", callee: "+492", isVideo: true, createdAtMs: startMs, placedAtMs: 500 };
  const isOpen = state === "calling" || state === "ringing";
  return { ...placed, state, ...(isOpen ? {} : { answeredAtMs: 4_500 }) } as Call;
}

test("a call is told when it begins and when it is answered, once each", async () => {
  const { teller, brief, told } = tellerOf();
  teller.callChanged(call("a", "calling"), undefined);
  teller.callChanged(call("a", "ringing"), "calling");
  teller.callChanged(call("a", "connecting"), "ringing");
  teller.callChanged(call("a", "active"), "connecting");
  await settle();
  assert.deepEqual(brief(), ["a call.started", "a call.answered"]);
  const answered = JSON.parse(told[1]?.data ?? "");
  assert.deepEqual([answered.state, answered.answeredAt], ["connecting", new Date(startMs + 4_000).toISOString()]);
});

test("a call that a restart finds in the journal is told as far as it went", async () => {
  const { teller, brief } = tellerOf();
  teller.callChanged(call("a", "reconnecting"), "active");
  teller.callChanged(call("b", "ringing"), "ringing");
  await settle();
  assert.deepEqual(brief(), ["a call.started", "a call.answered", "b call.started"]);
});

test("the record of a call brings everything, for whatever was not told before", async () => {
  const { teller, told, brief } = tellerOf();
  await teller.callsStored([endedCall("a"), missedCall("b"), missedCall("shadow", { callerOnly: true })]);
  assert.deepEqual(brief(), [
    ...["a call.started", "a call.answered", "a call.ended"],
    ...["b call.started", "b call.ended", "b call.missed"],
    ...["shadow call.started", "shadow call.ended", "shadow call.missed"],
  ]);
  for (const { type, data } of told) webhookEvents[type].data.parse(JSON.parse(data));
  const [b, shadow] = ["b", "shadow"].map((id) => told.filter(({ of }) => of === id).map(({ data }) => data));
  assert.deepEqual(
    shadow?.map((data) => data.replaceAll('"shadow"', '"b"')),
    b,
    "a blocked caller's call looks like any other",
  );
});

test("while the database is away what is to be told waits, and the record of a call is stored later", async () => {
  const { clock, teller, world, away, brief, faults } = tellerOf();
  const announce = world.announce;
  world.announce = away;
  teller.callChanged(call("a", "calling"), undefined);
  await settle();
  await assert.rejects(teller.callsStored([endedCall("b")]), StoreUnavailable);
  world.announce = announce;
  teller.callChanged(call("a", "connecting"), "calling");
  clock.advance(tellerBounds.firstPauseMs);
  await settle();
  assert.deepEqual(brief(), ["a call.started", "a call.answered"]);
  assert.deepEqual(faults, []);
});

test("of more than 10,000 that wait the oldest go, to come with the end of their call", async () => {
  const { clock, teller, world, away, told } = tellerOf();
  const announce = world.announce;
  world.announce = away;
  for (let i = 0; i <= tellerBounds.queuedFacts; i++) teller.callChanged(call(`${i}`, "calling"), undefined);
  assert.equal(teller.queued, tellerBounds.queuedFacts);
  await settle();
  world.announce = announce;
  clock.advance(tellerBounds.firstPauseMs);
  for (let i = 0; i < 20; i++) await settle();
  assert.deepEqual([told[0]?.of, told.length], ["1", tellerBounds.queuedFacts]);
});

test("what cannot be told keeps no call from the store, and nothing behind it waiting", async () => {
  const { teller, world, faults, brief } = tellerOf();
  const announce = world.announce;
  world.announce = async () => {
    throw new TypeError("broken");
  };
  await teller.callsStored([endedCall("a")]);
  teller.callChanged(call("b", "calling"), undefined);
  await settle();
  world.announce = announce;
  teller.callChanged(call("c", "calling"), undefined);
  await settle();
  assert.deepEqual(brief(), ["c call.started"]);
  assert.equal(faults.length, 2);
});

test("what waits of an erased number is told no more", async () => {
  const { clock, teller, world, away, brief } = tellerOf();
  const announce = world.announce;
  world.announce = away;
  teller.callChanged(call("a", "calling"), undefined);
  teller.callChanged({ ...call("b", "calling"), caller: "+493", callee: "+494" } as Call, undefined);
  await settle();
  await teller.userErased("+492");
  world.announce = announce;
  clock.advance(tellerBounds.firstPauseMs);
  await settle();
  assert.deepEqual(brief(), ["b call.started"]);
});

test("a verdict is told of its call, and of a blocked caller's call the one that the caller may know", async () => {
  const { teller, told } = tellerOf();
  const verdict = (code: VerdictCode) => ({ code, confidence: "sure", evidence: [] }) as const;
  const judged = { rules: 1, inputs: 0, operator: verdict("one_way_audio"), caller: verdict("not_answered") };
  teller.callJudged({ ...endedCall("a"), verdict: judged });
  teller.callJudged({ ...missedCall("b", { callerOnly: true }), verdict: judged });
  teller.callJudged(endedCall("c"));
  await settle();
  const codes = told.map(
    ({ of, data }) => `${of} ${webhookEvents["call.verdict"].data.parse(JSON.parse(data)).verdict.code}`,
  );
  assert.deepEqual(codes, ["a one_way_audio", "b not_answered"]);
});

test("where there is no webhook nothing is told", async () => {
  const { teller, world, brief } = tellerOf();
  world.used = false;
  teller.callChanged(call("a", "calling"), undefined);
  await teller.callsStored([endedCall("a")]);
  await settle();
  assert.deepEqual(brief(), []);
});
