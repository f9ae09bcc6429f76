import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type UnansweredBounds, UnansweredCalls, unansweredBounds } from "../../src/arbiter/unanswered-calls.ts";
import type { Call } from "../../src/call/call.ts";
import { placed } from "../call/call-fixtures.ts";

const bounds = unansweredBounds;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const ringing = placed();

/** Counts calls of a caller to a callee, each of which ended unanswered at its time. */
function ring(calls: UnansweredCalls, caller: string, callee: string, atMs: readonly number[]): void {
  for (const endedAtMs of atMs) {
    const ended = { ...finished, caller, callee, endedAtMs };
    calls.follow({ ...ringing, caller, callee } as Call, ended as Call);
  }
}

const finished = {
  state: "ended",
  id: "c1",
  aliases: [],
  isVideo: true,
  endReason: "no_answer",
  createdAtMs: 0,
  answered: false,
  callerOnly: false,
  devices: [],
};

function pair(caller = "ann", callee = "bob") {
  return { caller, callee };
}

function counting(more: Partial<UnansweredBounds> = {}): UnansweredCalls {
  return new UnansweredCalls({ ...bounds, ...more });
}

const times = (count: number, atMs: number): number[] => Array.from({ length: count }, () => atMs);

describe("calls that nobody answers", () => {
  test("are free ten times, and then wait twice as long each time, up to half an hour", () => {
    const calls = counting();
    const waits: number[] = [];
    let nowMs = 0;
    for (let n = 0; n < 19; n += 1) {
      const waitMs = calls.waitMs(pair(), nowMs);
      waits.push(waitMs / second);
      nowMs += waitMs;
      assert.equal(calls.waitMs(pair(), nowMs), 0);
      ring(calls, "ann", "bob", [nowMs]);
    }
    assert.deepEqual(waits, [...times(10, 0), 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
  });

  test("are forgotten after six hours without another, and not before", () => {
    const calls = counting();
    const forgottenMs = 6 * hour;
    ring(calls, "ann", "bob", [...times(9, 0), forgottenMs]);
    assert.equal(calls.waitMs(pair(), forgottenMs), 30 * second);
    ring(calls, "ann", "cleo", [...times(9, 0), forgottenMs + 1]);
    assert.equal(calls.waitMs(pair("ann", "cleo"), forgottenMs + 1), 0);
  });

  test("count for their pair alone, in their direction", () => {
    const calls = counting();
    ring(calls, "ann", "bob", times(10, 0));
    assert.ok(calls.waitMs(pair("ann", "bob"), 0) > 0);
    assert.equal(calls.waitMs(pair("bob", "ann"), 0), 0);
    assert.equal(calls.waitMs(pair("ann", "cleo"), 0), 0);
    assert.equal(calls.waitMs(pair("cleo", "bob"), 0), 0);
  });

  test("count no more once the pair has talked, whoever called", () => {
    for (const [caller, callee] of [
      ["ann", "bob"],
      ["bob", "ann"],
    ] as const) {
      const calls = counting();
      ring(calls, "ann", "bob", times(10, 0));
      const ring1 = { ...ringing, caller, callee } as Call;
      calls.follow(ring1, { ...ring1, state: "active" } as Call);
      assert.equal(calls.waitMs(pair(), 0), 0);
    }
  });

  test("count no more once the callee calls back, but for a call that this callee's blocked caller makes", () => {
    const back = { ...ringing, caller: "bob", callee: "ann" } as Call;
    const calls = counting();
    ring(calls, "ann", "bob", times(10, 0));
    calls.follow(undefined, { ...back, shadow: true } as Call);
    calls.follow(undefined, { ...finished, caller: "bob", callee: "ann", callerOnly: true, endedAtMs: 0 } as Call);
    assert.ok(calls.waitMs(pair(), 0) > 0, "a call that ann must not learn of");
    calls.follow(undefined, back);
    assert.equal(calls.waitMs(pair(), 0), 0);
  });

  test("include the one that an offer would end, which has rung until then", () => {
    const calls = counting();
    ring(calls, "ann", "bob", times(9, 0));
    assert.equal(calls.waitMs(pair(), minute), 0);
    assert.equal(calls.waitMs({ ...pair(), instead: "cleo" }, minute), 0);
    assert.equal(calls.waitMs({ ...pair(), instead: "bob" }, minute), 30 * second);
  });

  test("come to thirty of one caller, to whomever, and then to one in twenty seconds", () => {
    const calls = counting();
    for (let n = 0; n < 30; n += 1) {
      assert.equal(calls.waitMs(pair("ann", `stranger ${n}`), 0), 0);
      ring(calls, "ann", `stranger ${n}`, [0]);
    }
    assert.equal(calls.waitMs(pair("ann", "one more"), 0), 20 * second);
    assert.equal(calls.waitMs(pair("bob", "one more"), 0), 0);
    assert.equal(calls.waitMs(pair("ann", "one more"), 20 * second), 0);
    ring(calls, "ann", "one more", [20 * second]);
    assert.equal(calls.waitMs(pair("ann", "another"), 20 * second), 20 * second);
    assert.equal(calls.waitMs(pair("ann", "another"), 10 * minute), 0);
  });

  test("are no more for a caller who talks with an accomplice in between", () => {
    const calls = counting();
    for (let n = 0; n < 30; n += 1) {
      ring(calls, "ann", `stranger ${n}`, [0]);
      calls.follow({ ...ringing, callee: "accomplice" } as Call, { ...ringing, state: "active" } as Call);
    }
    assert.ok(calls.waitMs(pair("ann", "one more"), 0) > 0);
  });

  test("are counted for so many pairs, and the one that has been quiet longest is forgotten first", () => {
    const calls = counting({ countedPairs: 3 });
    ring(calls, "ann", "bob", times(10, 1));
    ring(calls, "eve", "bob", times(10, 2));
    ring(calls, "fay", "bob", [3]);
    // Noise of her own under other names makes ann the newest, not forgotten; eve has been quiet longest.
    ring(calls, "ann", "bob", [4]);
    ring(calls, "gus", "bob", [5]);
    assert.ok(calls.waitMs(pair("ann", "bob"), 5) > 0);
    assert.equal(calls.waitMs(pair("eve", "bob"), 5), 0);
  });

  test("are counted for so many callers, and the one that has been quiet longest is forgotten first", () => {
    const calls = counting({ countedCallers: 2, callerBurst: 1 });
    ring(calls, "ann", "bob", [0]);
    ring(calls, "eve", "bob", [1]);
    ring(calls, "ann", "cleo", [2]);
    ring(calls, "fay", "bob", [3]);
    assert.ok(calls.waitMs(pair("ann", "dan"), 3) > 0);
    assert.equal(calls.waitMs(pair("eve", "dan"), 3), 0);
  });
});
