import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Call, isAnswered, isRinging } from "../../src/call/call.ts";
import { formerSessionsMax } from "../../src/call/leg-takeover.ts";
import { readBody } from "../../src/journal/read-body.ts";
import { device, placed, playInputs, sender } from "./call-fixtures.ts";

/** A later session of the device that joined first as this one. */
const again = (session: string, of: string) => ({ ...device(session), device: of });

const ringing = placed();
const answered = playInputs(ringing, [[0, { type: "answer", by: sender("bob"), sdp: "answer" }]]).call;

function legIn(call: Call) {
  assert.ok(isRinging(call) || isAnswered(call));
  return call.callerLeg;
}

for (const [what, call] of [
  ["a ring's caller", ringing],
  ["a side that talks", answered],
] as const) {
  const bound = (from: string, to: string, joinNumber?: number) =>
    ({ type: "rebound", from, to: again(to, "ann"), ...(joinNumber === undefined ? {} : { joinNumber }) }) as const;
  const lost = (session: string) => ({ type: "lost", session, provenAtMs: 0 }) as const;

  describe(`the leg of ${what}`, () => {
    test("goes to a new session of its device, and the one that had it is told so", () => {
      const { call: next, rows } = playInputs(call, [[1_000, bound("ann", "ann2", 1)]]);
      assert.deepEqual(rows, ["1s replaced ann"]);
      assert.equal(legIn(next).session, "ann2");
    });

    test("goes to no other device, whatever session that names", () => {
      const { call: next, rows } = playInputs(call, [[0, { type: "rebound", from: "ann", to: device("bob3") }]]);
      assert.deepEqual([legIn(next).session, rows], ["ann", []]);
    });

    test("stays where it is when a former session is named by an earlier join or the same once more", () => {
      const taken = playInputs(call, [[0, bound("ann", "ann2", 5)]]).call;
      for (const joinNumber of [undefined, 4, 5]) {
        const { call: next, rows } = playInputs(taken, [[1_000, bound("ann", "ann3", joinNumber)]]);
        assert.deepEqual([legIn(next).session, rows], ["ann2", []]);
      }
    });

    test("goes by a former session to a later join, or to any while it is away", () => {
      const taken = playInputs(call, [[0, bound("ann", "ann2", 5)]]).call;
      assert.equal(legIn(playInputs(taken, [[1_000, bound("ann", "ann3", 6)]]).call).session, "ann3");
      const away = playInputs(taken, [[1_000, lost("ann2")]]).call;
      const back = legIn(playInputs(away, [[2_000, bound("ann", "ann3", 4)]]).call);
      assert.deepEqual([back.session, back.lostAtMs], ["ann3", undefined]);
    });

    test("is taken back, while it is away, by a former session that is there after all", () => {
      const taken = playInputs(call, [[0, bound("ann", "ann2", 5)]]).call;
      const back = { type: "back", session: "ann" } as const;
      assert.equal(legIn(playInputs(taken, [[1_000, back]]).call).session, "ann2");
      const away = playInputs(taken, [[1_000, lost("ann2")]]).call;
      const regained = legIn(playInputs(away, [[2_000, back]]).call);
      assert.deepEqual([regained.session, regained.lostAtMs, regained.formerSessions], ["ann", undefined, ["ann2"]]);
    });

    test("remembers so many former sessions, and of one more forgets the oldest", () => {
      const joins = Array.from({ length: formerSessionsMax + 1 }, (_, at) => {
        return [0, bound(at === 0 ? "ann" : `ann${at}`, `ann${at + 1}`, at + 1)] as const;
      });
      const { call: next } = playInputs(call, joins);
      const former = legIn(next).formerSessions ?? [];
      assert.equal(former.length, formerSessionsMax);
      assert.deepEqual([former[0], former.includes("ann1"), former.includes("ann")], ["ann6", true, false]);
      const late = playInputs(next, [[0, bound("ann", "late", 99)]]).call;
      assert.equal(legIn(late).session, "ann7");
    });
  });
}

test("a body of format 2 has its one former session in the list", () => {
  assert.ok(isAnswered(answered));
  const { callerLeg, ...rest } = answered;
  const old = JSON.stringify({ ...rest, callerLeg: { ...callerLeg, formerSession: "ann0" } });
  const read = readBody("live", old, 2);
  assert.deepEqual(read.callerLeg, { ...callerLeg, formerSessions: ["ann0"] });
});
