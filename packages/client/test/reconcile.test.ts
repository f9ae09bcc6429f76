import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CallSummary } from "@echoo/protocol";
import fc from "fast-check";
import { type HeldCall, reconcile } from "../src/call/reconcile.ts";

const states = ["calling", "ringing", "connecting", "active", "reconnecting", "ended"] as const;
const id = fc.constantFrom("a", "b", "c", "d");

const held = fc.record<HeldCall>({
  id,
  direction: fc.constantFrom("incoming", "outgoing"),
  isAnswered: fc.boolean(),
  isKnown: fc.boolean(),
});

const summary = fc.record<CallSummary>({
  callId: id,
  role: fc.constantFrom("caller", "callee"),
  peer: fc.constant("bob"),
  isVideoCall: fc.boolean(),
  bound: fc.boolean(),
  state: fc.constantFrom(...states),
});

const calls = fc.uniqueArray(held, { selector: (call) => call.id });
const summaries = fc.uniqueArray(summary, { selector: (one) => one.callId });

describe("what becomes of calls when a session was lost", () => {
  it("follows from the server's list alone: one outcome each, as the protocol says", () => {
    fc.assert(
      fc.property(calls, summaries, (own, listed) => {
        const { drop, hangUp } = reconcile(own, listed);
        const dropped = new Map(drop.map((one) => [one.id, one.reason]));
        assert.equal(dropped.size, drop.length);
        for (const call of own) {
          const found = listed.find((one) => one.callId === call.id);
          const isElsewhere =
            found !== undefined && ["connecting", "active", "reconnecting"].includes(found.state) && !found.bound;
          const isGone = found === undefined ? call.isKnown : found.state === "ended" || isElsewhere;
          assert.equal(dropped.has(call.id), isGone);
          if (isElsewhere) assert.equal(dropped.get(call.id), "answered_elsewhere");
        }
        const lost = listed.filter(
          (one) => one.bound && one.state !== "ended" && !own.some((call) => call.id === one.callId),
        );
        assert.deepEqual(hangUp, lost);
      }),
    );
  });
});
