import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endedCall, missedCall, startMs } from "@echoo/testkit";
import {
  type Ruling,
  ruleOnRecord,
  ruleOnReport,
  saidLater,
  withoutReporter,
} from "../../src/history/which-report-wins.ts";
import type { StoredCall } from "../../src/ports/store.ts";

const [ann, bob, eve] = ["+491", "+492", "+493"];
const seen = endedCall("a");
const shadow = missedCall("a", { callerOnly: true });
const told = (reportedBy: readonly string[], more: Partial<StoredCall> = {}): StoredCall => ({
  ...missedCall("a"),
  reportedBy,
  ...more,
});
const both = { sharedReport: true } as const;

type Row = readonly [what: string, found: StoredCall | undefined, Ruling<string>];

function table(rows: readonly Row[], rule: (found: StoredCall | undefined) => Ruling<string>): void {
  for (const [what, found, ruling] of rows) test(what, () => assert.deepEqual(rule(found), ruling));
}

describe("a record of what the server saw", () => {
  const record = endedCall("a", { createdAtMs: startMs });
  table(
    [
      ["is stored where there is none", undefined, { outcome: "stored", next: record }],
      ["gives way to an earlier one of the same call", endedCall("a", { isVideo: false }), { outcome: "stored" }],
      ["is not put to a call of another time", endedCall("a", { createdAtMs: 1 }), { outcome: "other" }],
      [
        "replaces what a party told, whenever that was",
        told([ann], { createdAtMs: 1 }),
        { outcome: "stored", next: record },
      ],
      ["replaces what both told", told([bob, ann], both), { outcome: "stored", next: record }],
      ["does not replace what somebody else told", told([ann, eve]), { outcome: "other" }],
    ],
    (found) => ruleOnRecord(found, record),
  );
});

describe("a report by one party", () => {
  const call = missedCall("a");
  table(
    [
      ["is stored where there is none", undefined, { outcome: "created", next: told([bob]) }],
      ["never changes what the server saw", seen, { outcome: "known" }],
      ["finds no call that was hidden from its reporter", shadow, { outcome: "conflict" }],
      ["is not put to a call of others", endedCall("a", { callee: eve }), { outcome: "conflict" }],
      [
        "is not put to a call the other way round",
        endedCall("a", { caller: bob, callee: ann }),
        { outcome: "conflict" },
      ],
      ["changes nothing when it comes again", told([bob]), { outcome: "known" }],
      [
        "shows the other party's report to both",
        told([ann], { durationSec: 9 }),
        { outcome: "joined", next: told([ann, bob], { durationSec: 9, ...both }) },
      ],
      ["joins a shared one", told([ann], both), { outcome: "joined", next: told([ann, bob], both) }],
      ["changes nothing of what both told", told([bob, ann], both), { outcome: "known" }],
    ],
    (found) => ruleOnReport(found, { call, reporter: bob, shared: false }),
  );

  test("is a conflict where its reporter is no party of the stored call", () => {
    for (const found of [seen, told([ann]), shadow]) {
      assert.deepEqual(ruleOnReport(found, { call, reporter: eve, shared: true }), { outcome: "conflict" });
    }
  });

  test("finds a caller's own hidden call", () => {
    assert.deepEqual(ruleOnReport(shadow, { call, reporter: ann, shared: false }), { outcome: "known" });
  });
});

describe("a shared report", () => {
  const report = { call: missedCall("a"), reporter: bob, shared: true };
  table(
    [
      ["is shown to both at once", undefined, { outcome: "created", next: told([bob], both) }],
      ["shares what its reporter told before", told([bob]), { outcome: "known", next: told([bob], both) }],
      ["changes nothing of what is shared", told([bob], both), { outcome: "known" }],
      ["does not show a hidden call", shadow, { outcome: "conflict" }],
    ],
    (found) => ruleOnReport(found, report),
  );
});

test("a word taken back leaves the other party's alone, and nothing where there is no other", () => {
  assert.deepEqual(withoutReporter(told([ann, bob], both), ann), told([bob]));
  assert.deepEqual(withoutReporter(told([ann], both), bob), told([ann]));
  assert.equal(withoutReporter(told([ann], both), ann), undefined);
  assert.equal(withoutReporter(seen, ann), undefined);
});

test("of what a client said the later stands, and of the same moment the last", () => {
  assert.deepEqual(
    [saidLater(undefined, 5), saidLater(4, 5), saidLater(5, 5), saidLater(6, 5)],
    [true, true, true, false],
  );
});
