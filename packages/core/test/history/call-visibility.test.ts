import assert from "node:assert/strict";
import { test } from "node:test";
import { endedCall, missedCall } from "@echoo/testkit";
import { isMissedBy, isShownTo, partiesOf, type ShownCall, viewersOf } from "../../src/history/call-visibility.ts";

const call = { caller: "ann", callee: "bob" };
const self = { caller: "ann", callee: "ann" };

/** The call, and which of its parties see it. */
const rows: readonly (readonly [what: string, call: ShownCall, viewers: readonly string[]])[] = [
  ["a call that the server saw is shown to both", call, ["ann", "bob"]],
  ["a call to oneself is shown once", self, ["ann"]],
  ["a blocked caller's call is shown to the caller alone", { ...call, callerOnly: true }, ["ann"]],
  ["a call to oneself that is the caller's alone is shown", { ...self, callerOnly: true }, ["ann"]],
  ["what the caller told of is the caller's", { ...call, reportedBy: ["ann"] }, ["ann"]],
  ["what the callee told of is the callee's", { ...call, reportedBy: ["bob"] }, ["bob"]],
  ["what both told of is both's", { ...call, reportedBy: ["bob", "ann"], sharedReport: true }, ["ann", "bob"]],
  ["a shared report is shown to both", { ...call, reportedBy: ["ann"], sharedReport: true }, ["ann", "bob"]],
  ["a report that nobody's word is left of is shown to neither", { ...call, reportedBy: [] }, []],
  ["a report by a stranger is shown to neither", { ...call, reportedBy: ["eve"] }, []],
  [
    "a blocked caller's call stays hidden from the callee who tells of it",
    { ...call, callerOnly: true, reportedBy: ["ann", "bob"], sharedReport: true },
    ["ann"],
  ],
  ["and from the caller who did not tell of it", { ...call, callerOnly: true, reportedBy: ["bob"] }, []],
];

for (const [what, shown, viewers] of rows) {
  test(what, () => {
    assert.deepEqual(viewersOf(shown), viewers);
    for (const user of ["ann", "bob", "eve", ""]) assert.equal(isShownTo(shown, user), viewers.includes(user), user);
  });
}

test("the caller is the first of the parties, and one who called themselves the only one", () => {
  assert.deepEqual(partiesOf(call), ["ann", "bob"]);
  assert.deepEqual(partiesOf(self), ["ann"]);
});

test("a call is missed by its callee alone, where nobody answered and nobody declined", () => {
  const of = (ended: typeof call, changes = {}) =>
    ["ann", "bob", "eve"].filter((who) => isMissedBy({ ...missedCall("a"), ...ended, ...changes }, who));
  assert.deepEqual(of(call), ["bob"]);
  assert.deepEqual(of(self), []);
  assert.deepEqual(of(call, { endReason: "declined" }), []);
  assert.deepEqual(of(call, endedCall("a", call)), []);
});
