import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fullAbilities, plainAbilities } from "../../src/call/abilities.ts";
import type { Call } from "../../src/call/call.ts";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import type { CallInput } from "../../src/call/input.ts";
import { relayedCandidate } from "../../src/call/relayed-candidate.ts";
import { transition } from "../../src/call/transition.ts";
import { device, placed, sender, startMs } from "./call-fixtures.ts";

const sessions = ["ann", "bob", "bob2", "cleo"] as const;
const candidate = { candidate: "candidate:1 1 udp 2122260223 192.0.2.7 49152 typ host" };

/** What may happen to a call, as far as it can change whether a candidate goes the short way. */
const happening: fc.Arbitrary<(nowMs: number) => CallInput> = fc
  .record({
    what: fc.integer({ min: 0, max: 9 }),
    session: fc.constantFrom("ann", "bob"),
    neg: fc.integer({ max: 3, min: 0 }),
  })
  .map(({ what, session, neg }) => (nowMs): CallInput => {
    const by = sender(session);
    switch (what) {
      case 0:
      case 1:
      case 2:
        return { type: "connected", nowMs, by };
      case 3:
        return { type: "candidate", nowMs, by, candidate: { candidate: `${neg}` } };
      case 4:
        return { type: "lost", nowMs, session, provenAtMs: nowMs };
      case 5:
        return { type: "back", nowMs, session };
      case 6:
        return { type: "offerAgain", nowMs, by, sdp: "again", neg, isVideo: true };
      case 7:
        return { type: "answer", nowMs, by, sdp: "again", neg };
      case 8:
        return { type: "rebound", nowMs, from: session, to: device(session) };
      default:
        return neg === 0 ? { type: "restarted", nowMs, provenAtMs: nowMs } : { type: "time", nowMs };
    }
  });

const walk = fc.record({
  relayOnly: fc.boolean(),
  caller: fc.constantFrom(fullAbilities, plainAbilities),
  callee: fc.constantFrom(fullAbilities, plainAbilities),
  isAnswered: fc.boolean(),
  happenings: fc.array(fc.tuple(happening, fc.constantFrom(0, 1, 20_000, 50_000)), { maxLength: 8 }),
  laterMs: fc.constantFrom(0, 1_000, 46_000, defaultDeadlines.maxCallMs - 1, defaultDeadlines.maxCallMs),
});
type Walk = typeof walk extends fc.Arbitrary<infer W> ? W : never;

function walked({ relayOnly, caller, callee, isAnswered, happenings, laterMs }: Walk): { call: Call; nowMs: number } {
  let call = placed(
    { devices: [device("bob", callee), device("bob2")] },
    { relayOnly, device: device("ann", caller), offer: { sdp: "v=0" } },
  );
  let nowMs = startMs;
  const answer: CallInput = { type: "answer", nowMs, by: sender("bob"), sdp: "v=0" };
  if (isAnswered) call = transition(call, answer, defaultDeadlines)[0];
  for (const [input, afterMs] of happenings) {
    nowMs += afterMs;
    call = transition(call, input(nowMs), defaultDeadlines)[0];
  }
  return { call, nowMs: nowMs + laterMs };
}

describe("a candidate that goes the short way", () => {
  test("is one that the machine would send on, to the same session, and the call is as the machine would leave it", () => {
    let [passed, kept] = [0, 0];
    fc.assert(
      fc.property(walk, fc.constantFrom(candidate, null), (steps, value) => {
        const { call, nowMs } = walked(steps);
        for (const session of sessions) {
          const by = sender(session);
          const relayed = relayedCandidate(call, { id: session, user: by.user }, value, nowMs, defaultDeadlines);
          if (relayed === undefined) continue;
          const { next: expected, ...sent } = relayed;
          if (expected === call) passed += 1;
          else kept += 1;
          const [next, effects, refused] = transition(
            call,
            { type: "candidate", nowMs, by, candidate: value },
            defaultDeadlines,
          );
          assert.deepEqual(next, expected);
          assert.equal(next === call, expected === call);
          assert.equal(refused, undefined);
          assert.deepEqual(effects, [{ type: "send", ...sent }]);
        }
      }),
      { numRuns: 2_000 },
    );
    assert.ok(passed > 100 && kept > 100, `${passed} passed, ${kept} kept: the walks do not get there`);
  });

  test("is each one that an answered call has not kept yet, and nothing else follows from", () => {
    const answer: CallInput = { type: "answer", nowMs: startMs, by: sender("bob"), sdp: "answer" };
    const call = transition(placed(), answer, defaultDeadlines)[0];
    const first = relayedCandidate(call, { id: "ann", user: "ann" }, candidate, startMs, defaultDeadlines);
    assert.deepEqual(first?.next.callerCandidates, [candidate]);
    const again = relayedCandidate(
      first?.next ?? call,
      { id: "ann", user: "ann" },
      candidate,
      startMs,
      defaultDeadlines,
    );
    assert.equal(again, undefined);
  });

  test("is each one of a call in which both are there and media flows, until its longest time is over", () => {
    let call = placed();
    for (const input of [
      { type: "answer", nowMs: startMs, by: sender("bob"), sdp: "answer" },
      { type: "connected", nowMs: startMs, by: sender("ann") },
      { type: "connected", nowMs: startMs, by: sender("bob") },
    ] as const) {
      call = transition(call, input, defaultDeadlines)[0];
    }
    const talking: Call = call;
    const lastMs = startMs + defaultDeadlines.maxCallMs - 1;
    for (const [from, to] of [
      ["ann", "bob"],
      ["bob", "ann"],
    ] as const) {
      const sent = (nowMs: number) =>
        relayedCandidate(talking, { id: from, user: from }, null, nowMs, defaultDeadlines);
      assert.equal(sent(lastMs)?.to, to);
      assert.equal(sent(lastMs + 1), undefined);
    }
  });
});
