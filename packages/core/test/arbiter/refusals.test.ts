import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallArbiter } from "../../src/arbiter/call-arbiter.ts";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import { request, sender, startMs } from "../call/call-fixtures.ts";

describe("a refusal", () => {
  test("of an offer is what placing it returns, and leaves nothing to carry out", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    const refused = arbiter.place(request({}, { to: "ann" }));
    assert.deepEqual(refused, { type: "refuse", code: "self_call", callId: "c1" });
    assert.deepEqual(arbiter.takeEffects(), []);
  });

  test("of an input is what applying it returns, beside what time has done to the call", () => {
    const arbiter = new CallArbiter(defaultDeadlines, undefined);
    assert.equal(arbiter.place(request()), undefined);
    arbiter.takeEffects();
    const nowMs = startMs + defaultDeadlines.ringMs;
    const refused = arbiter.apply("c1", { type: "answer", nowMs, by: sender("bob"), sdp: "answer" });
    const reason = "unreachable";
    assert.deepEqual(refused, { type: "refuse", code: "too_late", callId: "c1", state: "ended", reason });
    assert.deepEqual(
      arbiter.takeEffects().map((effect) => effect.type),
      ["send", "send", "record"],
    );
  });
});
