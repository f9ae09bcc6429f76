import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallArbiter } from "../../src/arbiter/call-arbiter.ts";
import type { OfferRequest } from "../../src/arbiter/place-offer.ts";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import { device, request, sender, startMs } from "../call/call-fixtures.ts";

/** What leaves, as "ann < calling", with "*c1" where the call c1 decided it and was left as it is. */
function marks(arbiter: CallArbiter): string[] {
  return arbiter.takeEffects().flatMap((effect) => {
    if (effect.type !== "send") return [];
    return [`${effect.to} < ${effect.message.type}${effect.unchanged === undefined ? "" : ` *${effect.unchanged}`}`];
  });
}

/** Ann rings bob, who is there with two devices. */
function ringing(): CallArbiter {
  const arbiter = new CallArbiter(defaultDeadlines, undefined);
  arbiter.place(request({ devices: [device("bob"), device("bob2")] }));
  return arbiter;
}

const from = (session: string, callId: string): Partial<OfferRequest> => {
  return { by: sender(session), device: device(session), to: "ann", callId };
};

describe("what is said of a call", () => {
  test("is not marked where the call changed by it", () => {
    const arbiter = ringing();
    assert.deepEqual(marks(arbiter), ["ann < calling", "bob < offer", "bob2 < offer"]);
    arbiter.place(request({}, from("bob", "c2")));
    assert.deepEqual(marks(arbiter), ["bob < calling", "bob2 < hangup"]);
  });

  test("is marked with the call that stands where a third dialler of a glare is sent elsewhere", () => {
    const arbiter = ringing();
    arbiter.place(request({}, from("bob", "c2")));
    marks(arbiter);
    arbiter.place(request({}, from("bob2", "c3")));
    assert.deepEqual(marks(arbiter), ["bob2 < calling *c1", "bob2 < hangup *c1"]);
  });

  test("is marked where an offer comes again, the caller's own or one that was merged", () => {
    const arbiter = ringing();
    marks(arbiter);
    arbiter.place(request());
    assert.deepEqual(marks(arbiter), ["ann < calling *c1"]);
    arbiter.place(request({}, from("bob", "c2")));
    marks(arbiter);
    arbiter.place(request({}, from("bob", "c2")));
    assert.deepEqual(marks(arbiter), ["bob < calling *c1"]);
  });

  test("is marked where an input is passed on and nothing kept of it", () => {
    const arbiter = ringing();
    marks(arbiter);
    arbiter.apply("c1", { type: "ringAgain", nowMs: startMs, session: "bob" });
    assert.deepEqual(marks(arbiter), ["bob < offer *c1"]);
  });
});
