import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CallRow } from "../src/state/api.ts";

// The page asks the browser for its languages as it loads; Node 20 has none to tell.
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: { languages: ["en"] } });
const { callOutcome, calledMeanwhile } = await import("../src/components/call/call-outcome.ts");
const { endSentence } = await import("../src/i18n/end-sentence.ts");

const base: CallRow = {
  callId: "call",
  caller: "1",
  callee: "2",
  peer: { phone: "2", displayName: "Bob" },
  direction: "outgoing",
  isVideo: false,
  status: "missed",
  endReason: "no_answer",
  endedBy: "server",
  startTime: "2026-01-01T10:00:00.000Z",
  endTime: "2026-01-01T10:05:00.000Z",
  duration: 0,
  hasStats: false,
  seen: true,
};

describe("a call that came to nothing", () => {
  const rows = [
    ["busy", "Audio call, on another call", "Missed audio call, you were on a call"],
    ["unreachable", "Audio call, not reachable", "Missed audio call, you were away"],
    ["no_answer", "Audio call, no answer", "Missed audio call"],
    ["cancelled", "Audio call, cancelled", "Missed audio call"],
  ] as const;
  for (const [endReason, placed, taken] of rows) {
    it(`says for both sides that it was ${endReason}`, () => {
      assert.equal(callOutcome({ ...base, endReason }).words, placed);
      assert.equal(callOutcome({ ...base, endReason, direction: "incoming" }).words, taken);
    });
  }

  it("is not said to be on another call where a device without a microphone turned it down", () => {
    assert.equal(callOutcome({ ...base, endReason: "busy", endedBy: "peer" }).words, "Audio call, could not be taken");
    const own = { ...base, endReason: "busy", endedBy: "you", direction: "incoming" } as const;
    assert.equal(callOutcome(own).words, "Missed audio call");
  });

  it("says in a sentence whose other call it was", () => {
    const busy = { endReason: "busy", endedBy: "server" } as const;
    assert.equal(endSentence({ ...busy, direction: "outgoing" }, "Bob"), "Bob is on another call.");
    assert.equal(endSentence({ ...busy, direction: "incoming" }, "Cid"), "Cid called while you were on another call.");
  });
});

describe("who called meanwhile", () => {
  const at = (minute: number) => `2026-01-01T10:0${minute}:30.000Z`;
  const missed = (phone: string, minute: number, fields: Partial<CallRow> = {}): CallRow => ({
    ...base,
    callId: `${phone}-${minute}`,
    peer: { phone, displayName: phone },
    direction: "incoming",
    endReason: "busy",
    startTime: at(minute),
    ...fields,
  });

  it("is everybody who found the line taken, once each, in the order of their calls", () => {
    const calls = [missed("4", 4), missed("3", 3), missed("4", 1), { ...base, endReason: "hangup" } as CallRow];
    assert.deepEqual(calledMeanwhile(calls, "call"), ["4", "3"]);
  });

  it("is nobody who called before or after, did not get through for another reason, or was called", () => {
    const calls = [
      missed("6", 6),
      missed("3", 2, { endReason: "declined", status: "rejected" }),
      missed("4", 2, { direction: "outgoing" }),
      base,
      missed("5", 1, { startTime: "2026-01-01T09:59:00.000Z" }),
    ];
    assert.deepEqual(calledMeanwhile(calls, "call"), []);
    assert.deepEqual(calledMeanwhile(calls, "unknown"), []);
  });
});
