import assert from "node:assert/strict";
import { endedCall, missedCall, startMs } from "../ended-call.ts";
import { historyIds } from "./read-history.ts";
import type { StoreCase } from "./store-case.ts";

const ann = "+491";
const bob = "+492";

export function reportsConformance(check: StoreCase): void {
  check("a reported call is shown to its poster alone until the other posts it too", async ({ calls }) => {
    assert.equal(await calls.report(missedCall("a"), ann, false), "created");
    assert.deepEqual(await calls.find("a"), { ...missedCall("a"), reportedBy: [ann] });
    assert.deepEqual(await historyIds(calls, ann), ["a"]);
    assert.deepEqual(await historyIds(calls, bob), []);
    assert.equal(await calls.unseenMissed(bob), 0);
    assert.equal(await calls.hide(bob, "a"), false);
    assert.equal(await calls.report(missedCall("a", { durationSec: 99 }), bob, false), "known");
    assert.deepEqual(await calls.find("a"), { ...missedCall("a"), reportedBy: [ann, bob], sharedReport: true });
    assert.deepEqual(await historyIds(calls, bob), ["a"]);
  });

  check("a shared report is shown to both", async ({ calls }) => {
    assert.equal(await calls.report(endedCall("a"), ann, true), "created");
    assert.deepEqual(await historyIds(calls, bob), ["a"]);
    assert.deepEqual(await calls.find("a"), { ...endedCall("a"), reportedBy: [ann], sharedReport: true });
  });

  check("the same report again changes nothing", async ({ calls }) => {
    const results = await Promise.all(Array.from({ length: 6 }, () => calls.report(endedCall("a"), ann, false)));
    assert.deepEqual(results.sort(), ["created", "known", "known", "known", "known", "known"]);
    await calls.hide(ann, "a");
    assert.equal(await calls.report(endedCall("a", { isVideo: false }), ann, false), "known");
    assert.deepEqual(await calls.find("a"), { ...endedCall("a"), reportedBy: [ann] });
    assert.deepEqual(await historyIds(calls, ann), []);
  });

  check("a report never changes what the server saw", async ({ calls }) => {
    await calls.record([endedCall("a")]);
    assert.equal(await calls.report(missedCall("a"), bob, true), "known");
    assert.deepEqual(await calls.find("a"), endedCall("a"));
  });

  check("a report with other parties, or by a stranger, is a conflict", async ({ calls }) => {
    await calls.record([endedCall("seen")]);
    await calls.report(endedCall("told"), ann, false);
    for (const id of ["seen", "told"]) {
      const before = await calls.find(id);
      assert.equal(await calls.report(endedCall(id, { callee: "+493" }), ann, true), "conflict");
      assert.equal(await calls.report(endedCall(id, { caller: bob, callee: ann }), ann, true), "conflict");
      assert.equal(await calls.report(endedCall(id), "+493", true), "conflict");
      assert.deepEqual(await calls.find(id), before);
    }
    assert.deepEqual(await historyIds(calls, "+493"), []);
  });

  check("a blocked caller's call cannot be found out by reporting it", async ({ calls }) => {
    await calls.record([missedCall("shadow", { callerOnly: true })]);
    assert.equal(await calls.report(missedCall("shadow"), bob, true), "conflict");
    assert.deepEqual(await historyIds(calls, bob), []);
  });

  check("the server's record replaces a report whole, but for what was hidden and seen", async ({ calls }) => {
    await calls.report(missedCall("a", { createdAtMs: startMs + 50, caller: ann, callee: "+493" }), ann, true);
    await calls.report(missedCall("b", { createdAtMs: startMs + 51 }), bob, false);
    await calls.report(missedCall("c"), bob, false);
    await calls.hide(bob, "b");
    await calls.markSeen(bob, startMs + 99);
    await calls.record([endedCall("a"), missedCall("b"), missedCall("c")]);
    assert.deepEqual(await calls.find("a"), endedCall("a"));
    assert.deepEqual(await historyIds(calls, "+493"), []);
    assert.deepEqual(await historyIds(calls, ann), ["c", "b", "a"]);
    assert.deepEqual(await historyIds(calls, bob), ["c", "a"]);
    assert.equal(await calls.unseenMissed(bob), 0);
  });
}
