import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CallIndex } from "../../src/arbiter/call-index.ts";
import { tombstonesMax } from "../../src/arbiter/finished-calls.ts";
import { type Call, isAnswered, isRinging } from "../../src/call/call.ts";
import { device, placed, playInputs } from "../call/call-fixtures.ts";

/** Each state that a call between two of these users can be in, by way of the machine. */
function callIn(id: string, state: number, caller: string, callee: string): Call {
  const more = {
    callId: id,
    by: { user: caller, session: `${caller}-${id}`, wantsAck: false },
    device: device(`${caller}-${id}`),
    to: callee,
  };
  const ringing = placedAs(id, more, callee);
  if (state === 0) return ringing;
  const by = { user: callee, session: `${callee}-${id}`, wantsAck: false };
  if (state === 1) return playInputs(ringing, [[1_000, { type: "answer", by, sdp: "answer" }]]).call;
  const to = { ...device(`${caller}-${id}-again`), device: `${caller}-${id}` };
  if (state === 2) return playInputs(ringing, [[1_000, { type: "rebound", from: `${caller}-${id}`, to }]]).call;
  if (state === 3) return playInputs(ringing, [[1_000, { type: "gone", session: `${callee}-${id}` }]]).call;
  return playInputs(ringing, [[1_000, { type: "reject", by, busy: false }]]).call;
}

function placedAs(id: string, more: object, callee: string): Call {
  const call = placed({ devices: [device(`${callee}-${id}`)] }, { ...more, callId: "c1" });
  return { ...call, id };
}

const users = ["ann", "bob", "cleo"] as const;

describe("the call book", () => {
  test("finds calls by user, session and id as if it looked at all of them, whatever was put", () => {
    const put = fc.record({
      id: fc.constantFrom("c1", "c2", "c3", "c4"),
      state: fc.nat({ max: 4 }),
      pair: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(put, { maxLength: 40 }), (puts) => {
        const calls = new CallIndex();
        const all = new Map<string, Call>();
        for (const { id, state } of puts) {
          // A call keeps its parties; calls of different ids have different ones, as the locks see to it.
          const caller = `${users[Number(id[1]) % 3]}${id}`;
          const callee = `${users[(Number(id[1]) + 1) % 3]}${id}`;
          if (all.get(id)?.state === "ended") continue;
          const call = callIn(id, state, caller, callee);
          calls.put(call);
          all.set(id, call);
        }
        compare(calls, [...all.values()]);
      }),
    );
  });

  test("forgets finished calls in time, and unfinished ones never", () => {
    const calls = new CallIndex();
    const ended = callIn("c1", 4, "ann", "bob");
    const ringing = callIn("c2", 0, "cleo", "dan");
    calls.put(ended);
    calls.put(ringing);
    assert.ok(ended.state === "ended");
    calls.forget(ended.endedAtMs, 10);
    assert.equal(calls.get("c1"), ended);
    calls.forget(ended.endedAtMs + 1, 10);
    assert.equal(calls.get("c1"), undefined);
    assert.deepEqual(calls.finishedOf("ann"), []);
    assert.equal(calls.get("c2"), ringing);
  });

  test("forgets the oldest past its bound, and no more than those", () => {
    const calls = new CallIndex();
    const ended = callIn("c1", 4, "ann", "bob");
    for (let i = 0; i <= tombstonesMax; i += 1) calls.put({ ...ended, id: `e${i}` });
    assert.equal(calls.get("e0"), undefined);
    assert.ok(calls.get("e1") && calls.get(`e${tombstonesMax}`));
  });

  test("forgets no more at once than it is told to", () => {
    const calls = new CallIndex();
    const ended = callIn("c1", 4, "ann", "bob");
    for (let i = 0; i < 5; i += 1) calls.put({ ...ended, id: `e${i}` });
    calls.forget(Number.MAX_SAFE_INTEGER, 2);
    assert.deepEqual(
      calls.finishedOf("bob").map(({ id }) => id),
      ["e2", "e3", "e4"],
    );
  });

  test("keeps the order of a user's calls when one of them is written anew, and follows a user's new name", () => {
    const calls = new CallIndex();
    const ended = callIn("c1", 4, "ann", "bob");
    assert.ok(ended.state === "ended");
    for (const id of ["e1", "e2", "e3"]) calls.put({ ...ended, id });
    calls.put({ ...ended, id: "e1", callee: "deleted:1", devices: [] });
    const ids = (user: string) => [...calls.recentlyFinishedOf(user)].map(({ id }) => id);
    assert.deepEqual([ids("ann"), ids("bob"), ids("deleted:1")], [["e3", "e2", "e1"], ["e3", "e2"], ["e1"]]);
  });

  test("looks no further back for one of a user's calls than a thousand, and begins with the newest", () => {
    const calls = new CallIndex();
    const ended = callIn("c1", 4, "ann", "bob");
    for (let i = 0; i <= 1_000; i += 1) calls.put({ ...ended, id: `e${i}` });
    const ids = [...calls.recentlyFinishedOf("ann")].map(({ id }) => id);
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [1_000, "e1000", "e1"]);
    assert.equal(calls.finishedOf("ann").length, 1_001);
  });

  test("knows a call by its aliases as long as by its id", () => {
    const calls = new CallIndex();
    const call = { ...callIn("c1", 4, "ann", "bob"), aliases: ["other"] } as Call;
    calls.put(call);
    assert.equal(calls.get("other"), call);
    calls.forget(Number.MAX_SAFE_INTEGER, 10);
    assert.equal(calls.get("other"), undefined);
  });
});

function compare(calls: CallIndex, all: readonly Call[]): void {
  const unfinished = all.filter((call) => call.state !== "ended");
  assert.equal(calls.unfinishedCount, unfinished.length);
  const userFacts = new Set(all.flatMap((call) => [call.caller, call.callee]));
  for (const user of userFacts) {
    const live = unfinished.find((call) => call.caller === user || (isAnswered(call) && call.callee === user));
    assert.equal(calls.liveOf(user), live);
    assert.deepEqual(
      new Set(calls.ringsTo(user)),
      new Set(all.filter((call) => isRinging(call) && call.callee === user)),
    );
    const finished = all.filter((call) => call.state === "ended" && (call.caller === user || call.callee === user));
    assert.deepEqual(new Set(calls.finishedOf(user)), new Set(finished));
    assert.deepEqual([...calls.recentlyFinishedOf(user)], [...calls.finishedOf(user)].reverse());
    for (const other of userFacts) {
      const ring = all.find((call) => isRinging(call) && call.caller === user && call.callee === other);
      assert.equal(calls.ringBetween(user, other), ring);
      const between = unfinished.find(
        (call) => [call.caller, call.callee].sort().join() === [user, other].sort().join(),
      );
      assert.equal(calls.between(user, other), between);
    }
  }
  for (const session of all.flatMap(sessionsOf)) {
    assert.deepEqual(
      new Set(calls.ofSession(session)),
      new Set(all.filter((call) => sessionsOf(call).includes(session))),
    );
  }
}

function sessionsOf(call: Call): string[] {
  if (call.state === "ended") return [];
  const callee = isAnswered(call) ? [call.calleeLeg] : call.offered;
  return [call.callerLeg, ...callee].map(({ session }) => session);
}
