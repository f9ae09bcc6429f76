import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { UnfinishedCall } from "../../src/call/call.ts";
import { bodyAfter, callChange } from "../../src/journal/call-change.ts";
import { UnusableBody } from "../../src/journal/unusable-body.ts";

/** States of a call as far as changes are concerned: any fields, some of which are lists of candidates. */
const candidate = fc.option(fc.record({ candidate: fc.string() }), { nil: null });
const state = fc.record(
  {
    state: fc.constantFrom("ringing", "connecting"),
    offer: fc.record({ sdp: fc.string() }),
    ringingAtMs: fc.nat(),
    restarted: fc.constant(true),
    callerCandidates: fc.array(candidate),
    calleeCandidates: fc.array(candidate),
  },
  { requiredKeys: ["state", "offer"] },
);
const step = fc.oneof(
  fc.record({ becomes: state }),
  fc.record({ list: fc.constantFrom("callerCandidates", "calleeCandidates"), comes: candidate }),
);

test("a body and its changes come to the last state, whatever changed in between", () => {
  const property = fc.property(state, fc.array(step, { maxLength: 12 }), (first, steps) => {
    let call: Record<string, unknown> = first;
    const changes: string[] = [];
    for (const taken of steps) {
      const list = "list" in taken ? ((call[taken.list] as unknown[] | undefined) ?? []) : [];
      const next = "list" in taken ? { ...call, [taken.list]: [...list, taken.comes] } : { ...call, ...taken.becomes };
      if ("becomes" in taken && taken.becomes.restarted === undefined) delete next["restarted" as keyof typeof next];
      changes.push(callChange(call as unknown as UnfinishedCall, next as unknown as UnfinishedCall));
      call = next;
    }
    assert.deepEqual(JSON.parse(bodyAfter(JSON.stringify(first), changes)), JSON.parse(JSON.stringify(call)));
  });
  fc.assert(property);
});

test("what did not change is not in a change, and of a longer list only what came", () => {
  const offer = { sdp: "v=0" };
  const [one, two] = [{ candidate: "1" }, { candidate: "2" }];
  const before = { state: "ringing", offer, expiresAtMs: 9, callerCandidates: [one] } as unknown as UnfinishedCall;
  const { expiresAtMs: _, ...kept } = before as unknown as Record<string, unknown>;
  const after = { ...kept, state: "connecting", callerCandidates: [one, two] } as unknown as UnfinishedCall;
  assert.deepEqual(JSON.parse(callChange(before, after)), {
    set: { state: "connecting" },
    gone: ["expiresAtMs"],
    more: { callerCandidates: [two] },
  });
  // One that lost a candidate is written as it is.
  const shorter = { ...before, callerCandidates: [two] } as unknown as UnfinishedCall;
  assert.deepEqual(JSON.parse(callChange(before, shorter)), { set: { callerCandidates: [two] }, more: {} });
});

test("a change of which nothing can be made says so, and nothing of what is in it", () => {
  const damages = [
    ["{", "it is no JSON"],
    ["[]", "it is no object"],
    ['{"gone":{}}', "a change of it fits no list"],
    ['{"more":{"callerCandidates":7}}', "a change of it fits no list"],
    ['{"more":{"other":[7]}}', "a change of it fits no list"],
  ] as const;
  for (const [change, why] of damages) {
    const read = () => bodyAfter('{"callerCandidates":[]}', [change]);
    assert.throws(read, (error) => error instanceof UnusableBody && error.message === why, change);
  }
});
