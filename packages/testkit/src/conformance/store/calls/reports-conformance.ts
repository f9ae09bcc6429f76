import assert from "node:assert/strict";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { historyIds } from "./read-history.ts";

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

  check("of what a user posts the newest calls are kept, and what the server saw is not counted", async ({ calls }) => {
    const bound = 3;
    const post = (i: number, who = ann) =>
      calls.report(endedCall(`call ${i}`, { createdAtMs: startMs + i }), who, false, bound);
    await calls.record([endedCall("seen", { createdAtMs: 1 })]);
    assert.equal(await calls.report(endedCall("seen", { createdAtMs: 1 }), ann, false, bound), "known");
    for (const i of [2, 4, 3]) assert.equal(await post(i), "created");
    assert.equal(await post(5), "created");
    assert.deepEqual(await historyIds(calls, ann), ["call 5", "call 4", "call 3", "seen"]);
    assert.equal(await calls.find("call 2"), undefined);
    // One that is older than all of them would be the next to go.
    assert.equal(await post(1), "full");
    assert.equal(await calls.find("call 1"), undefined);
    // The other party's count is their own, and a hidden call counts as well.
    assert.equal(await post(9, bob), "created");
    await calls.hide(ann, "call 5");
    assert.equal(await post(6), "created");
    assert.deepEqual(await historyIds(calls, ann), ["call 6", "call 4", "seen"]);
    // What the server has seen since is no longer only told.
    await calls.record([endedCall("call 6", { createdAtMs: startMs + 6 })]);
    assert.equal(await post(7), "created");
    assert.deepEqual(await historyIds(calls, ann), ["call 7", "call 6", "call 4", "seen"]);
  });

  check("a posted call that makes room stays with the other party who posted it too", async ({ calls, statistics }) => {
    const bound = 2;
    for (const i of [1, 2]) {
      const call = endedCall(`call ${i}`, { createdAtMs: startMs + i });
      await statistics.putReported([{ callId: call.callId, reporter: ann, receivedAtMs: startMs, body: "{}" }]);
      await calls.report(call, ann, false, bound);
      if (i === 1) await calls.report(call, bob, false, bound);
    }
    await calls.report(endedCall("call 3", { createdAtMs: startMs + 3 }), ann, false, bound);
    assert.deepEqual(await historyIds(calls, ann), ["call 3", "call 2"]);
    assert.deepEqual(await historyIds(calls, bob), ["call 1"]);
    assert.deepEqual((await calls.find("call 1"))?.reportedBy, [bob]);
    await calls.report(endedCall("call 4", { createdAtMs: startMs + 4 }), ann, false, bound);
    assert.equal(await calls.find("call 2"), undefined);
    assert.deepEqual(await statistics.summaries(["call 2"]), []);
    // Posted once more it is the oldest, and the other party's all the same.
    assert.equal(await calls.report(endedCall("call 1", { createdAtMs: startMs + 1 }), ann, false, bound), "full");
    assert.deepEqual(await historyIds(calls, bob), ["call 1"]);
  });

  check("what was over the bound before there was one goes with what is posted next", async ({ calls }) => {
    for (let i = 0; i < 50; i += 1) {
      await calls.report(endedCall(`call ${i}`, { createdAtMs: startMs + i }), ann, false);
    }
    for (let i = 50; i < 53; i += 1) {
      await calls.report(endedCall(`call ${i}`, { createdAtMs: startMs + i }), ann, false, 5);
    }
    const ids = await historyIds(calls, ann);
    assert.deepEqual(ids, ["call 52", "call 51", "call 50", "call 49", "call 48"]);
  });
}
