import assert from "node:assert/strict";
import { InvalidCursor } from "@echoo/core";
import { endedCall, missedCall, startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { historyIds, readHistory } from "./read-history.ts";

const ann = "+491";
const bob = "+492";

export function historyConformance(check: StoreCase): void {
  check("a call is stored whole, and found by its id", async ({ calls }) => {
    const whole = endedCall("a", { callerOnly: true, glare: true });
    await calls.record([whole, missedCall("b")]);
    assert.deepEqual(await calls.find("a"), whole);
    assert.deepEqual(await calls.find("b"), missedCall("b"));
    assert.equal(await calls.find("c"), undefined);
    await calls.record([]);
  });

  check("a call recorded again, alone or in a group, changes nothing", async ({ calls }) => {
    const first = endedCall("a");
    await Promise.all([calls.record([first]), calls.record([first, endedCall("b", { createdAtMs: startMs + 1 })])]);
    await calls.record([endedCall("a", { endReason: "connection_lost", createdAtMs: startMs + 99 })]);
    assert.deepEqual(await calls.find("a"), first);
    assert.deepEqual(await historyIds(calls, ann), ["b", "a"]);
    assert.deepEqual(await historyIds(calls, bob), ["b", "a"]);
  });

  check("a call whose id another one has is told of, and changes nothing of that one", async ({ calls }) => {
    const first = endedCall("a");
    const posted = missedCall("posted", { caller: "+493", callee: "+494" });
    assert.deepEqual(await calls.record([first]), []);
    await calls.report(posted, "+493", false);
    const again = endedCall("a", { endReason: "connection_lost" });
    const later = endedCall("a", { createdAtMs: startMs + 99 });
    const others = endedCall("posted", { createdAtMs: startMs + 99 });
    assert.deepEqual(await calls.record([again, endedCall("b")]), []);
    assert.deepEqual(await calls.record([later, others, endedCall("c")]), [later, others]);
    assert.deepEqual(await calls.find("a"), first);
    assert.deepEqual((await calls.find("posted"))?.reportedBy, ["+493"]);
    assert.deepEqual(await historyIds(calls, bob), ["c", "b", "a"]);
  });

  check("a history is newest first, and by id where times are equal", async ({ calls }) => {
    const ids = ["d", "B", "a", "c", "é", "-"];
    await calls.record(ids.map((id) => endedCall(id)));
    await calls.record([endedCall("newer", { createdAtMs: startMs + 1 }), endedCall("older", { createdAtMs: 5 })]);
    assert.deepEqual(await historyIds(calls, ann), ["newer", "é", "d", "c", "a", "B", "-", "older"]);
  });

  check("pages neither repeat nor skip while calls are being added", async ({ calls }) => {
    await calls.record(Array.from({ length: 10 }, (_, i) => endedCall(`old ${i}`, { createdAtMs: startMs + i })));
    const first = await calls.page({ viewer: ann, limit: 4 });
    const adding = Array.from({ length: 5 }, (_, i) =>
      calls.record([endedCall(`new ${i}`, { createdAtMs: startMs + 100 + i })]),
    );
    const rest = [];
    let cursor = first.nextCursor;
    while (cursor !== undefined) {
      const page = await calls.page({ viewer: ann, limit: 4, cursor });
      rest.push(...page.calls);
      cursor = page.nextCursor;
    }
    await Promise.all(adding);
    const ids = [...first.calls, ...rest].map(({ call }) => call.callId);
    assert.deepEqual(
      ids,
      Array.from({ length: 10 }, (_, i) => `old ${9 - i}`),
    );
  });

  check("a page that is just full has no next one", async ({ calls }) => {
    await calls.record([endedCall("a"), endedCall("b")]);
    assert.equal((await calls.page({ viewer: ann, limit: 2 })).nextCursor, undefined);
    assert.ok((await calls.page({ viewer: ann, limit: 1 })).nextCursor);
    assert.deepEqual(await calls.page({ viewer: "+499", limit: 1 }), { calls: [] });
  });

  check("a cursor that no page gave out is refused", async ({ calls }) => {
    const forged = [`""`, `[]`, `[1]`, `["1","a"]`, `[1,2]`, `{"$gt":""}`, `[null,"a"]`].map((json) =>
      Buffer.from(json).toString("base64url"),
    );
    for (const cursor of ["", "x", "\0", "🙂", ...forged]) {
      await assert.rejects(calls.page({ viewer: ann, limit: 5, cursor }), InvalidCursor, JSON.stringify(cursor));
    }
  });

  check("filters narrow a history, together and alone", async ({ calls }) => {
    await calls.record([
      endedCall("out done", { createdAtMs: startMs }),
      endedCall("in done", { caller: bob, callee: ann, createdAtMs: startMs + 1 }),
      missedCall("in missed", { caller: bob, callee: ann, createdAtMs: startMs + 2 }),
      missedCall("out missed", { createdAtMs: startMs + 3 }),
      missedCall("out declined", { endReason: "declined", createdAtMs: startMs + 4 }),
      endedCall("in failed", { caller: bob, callee: ann, endReason: "connect_failed", createdAtMs: startMs + 5 }),
    ]);
    assert.deepEqual(await historyIds(calls, ann, { direction: "incoming" }), ["in failed", "in missed", "in done"]);
    assert.deepEqual(await historyIds(calls, bob, { direction: "outgoing" }), ["in failed", "in missed", "in done"]);
    assert.deepEqual(await historyIds(calls, ann, { status: "missed" }), ["out missed", "in missed"]);
    assert.deepEqual(await historyIds(calls, ann, { status: "missed", direction: "outgoing" }), ["out missed"]);
    assert.deepEqual(await historyIds(calls, ann, { status: "rejected" }), ["out declined"]);
    assert.deepEqual(await historyIds(calls, ann, { status: "failed" }), ["in failed"]);
    const inside = { sinceMs: startMs + 1, untilMs: startMs + 4 };
    assert.deepEqual(await historyIds(calls, ann, inside), ["out missed", "in missed", "in done"]);
    assert.deepEqual(await historyIds(calls, ann, { ...inside, status: "completed", limit: 1 }), ["in done"]);
  });

  check("a filter that passes few of many, or none, is looked for in bounded steps", async ({ calls }) => {
    const many = Array.from({ length: 2_500 }, (_, i) => endedCall(`call ${i}`, { createdAtMs: startMs + i }));
    await calls.record([
      ...many,
      missedCall("first", { createdAtMs: 1 }),
      missedCall("among", { createdAtMs: startMs }),
    ]);
    assert.deepEqual(await historyIds(calls, ann, { status: "missed" }), ["among", "first"]);
    assert.deepEqual(await historyIds(calls, ann, { status: "failed" }), []);
    assert.deepEqual(await historyIds(calls, bob, { direction: "outgoing" }), []);
    assert.equal((await historyIds(calls, ann, { limit: 200 })).length, 2_502);
  });

  check("the status follows the reason, for both parties alike", async ({ calls }) => {
    await calls.record([
      missedCall("dnd", { endReason: "do_not_disturb" }),
      missedCall("superseded", { endReason: "superseded" }),
      endedCall("superseded late", { endReason: "superseded" }),
    ]);
    for (const viewer of [ann, bob]) {
      assert.deepEqual(await historyIds(calls, viewer, { status: "missed" }), ["superseded", "dnd"]);
      assert.deepEqual(await historyIds(calls, viewer, { status: "completed" }), ["superseded late"]);
    }
  });

  check("a call of the caller alone is hidden from the callee in every way", async ({ calls }) => {
    await calls.record([missedCall("shadow", { endReason: "unreachable", callerOnly: true })]);
    assert.deepEqual(await historyIds(calls, ann), ["shadow"]);
    assert.deepEqual(await historyIds(calls, bob), []);
    assert.equal(await calls.unseenMissed(bob), 0);
    assert.equal(await calls.hide(bob, "shadow"), false);
  });

  check("a call to oneself appears once", async ({ calls }) => {
    await calls.record([endedCall("self", { callee: ann })]);
    assert.deepEqual(await historyIds(calls, ann), ["self"]);
    assert.equal((await readHistory(calls, { viewer: ann, limit: 5 }))[0]?.seen, true);
  });
}

export function viewsConformance(check: StoreCase): void {
  check("a missed call waits to be seen by the callee alone", async ({ calls }) => {
    const missed = [1, 2, 3].map((i) => missedCall(`missed ${i}`, { createdAtMs: startMs + i }));
    await calls.record([...missed, endedCall("answered"), missedCall("declined", { endReason: "declined" })]);
    assert.equal(await calls.unseenMissed(bob), 3);
    assert.equal(await calls.unseenMissed(ann), 0);
    assert.equal(await calls.markSeen(bob, startMs + 2), 2);
    assert.equal(await calls.markSeen(bob, startMs + 2), 0);
    assert.equal(await calls.unseenMissed(bob), 1);
    const seen = (await readHistory(calls, { viewer: bob, limit: 9 })).map((viewed) => viewed.seen);
    assert.deepEqual(seen, [false, true, true, true, true]);
    assert.ok((await readHistory(calls, { viewer: ann, limit: 9 })).every((viewed) => viewed.seen));
  });

  check("a hidden call is gone for its viewer alone, also after it is recorded again", async ({ calls }) => {
    await calls.record([missedCall("a"), missedCall("b")]);
    assert.deepEqual((await calls.page({ viewer: bob, limit: 9, hidden: true })).calls, []);
    assert.equal(await calls.hide(bob, "a"), true);
    assert.equal(await calls.hide(bob, "a"), true);
    assert.deepEqual(await historyIds(calls, bob, { hidden: true }), ["a"]);
    assert.equal(await calls.hide("+499", "a"), false);
    assert.equal(await calls.hide(bob, "nothing"), false);
    await calls.record([missedCall("a")]);
    assert.deepEqual(await historyIds(calls, bob), ["b"]);
    assert.deepEqual(await historyIds(calls, ann), ["b", "a"]);
    assert.equal(await calls.unseenMissed(bob), 1);
  });

  check("hidden calls are listed newest first, page by page", async ({ calls }) => {
    const ids = ["c", "a", "d", "b"];
    await calls.record(ids.map((id, i) => endedCall(id, { createdAtMs: startMs + (i % 2) })));
    for (const id of ids) await calls.hide(ann, id);
    assert.deepEqual(await historyIds(calls, ann, { hidden: true }), ["b", "a", "d", "c"]);
    assert.deepEqual(await historyIds(calls, ann, { hidden: true, sinceMs: startMs + 1 }), ["b", "a"]);
    assert.deepEqual(await historyIds(calls, ann), []);
    assert.deepEqual(await historyIds(calls, bob, { hidden: true }), []);
  });

  check("many missed calls are marked as seen, each once", async ({ calls }) => {
    await calls.record(Array.from({ length: 450 }, (_, i) => missedCall(`call ${i}`, { createdAtMs: startMs + i })));
    assert.equal(await calls.markSeen(bob, startMs + 424), 425);
    assert.equal(await calls.unseenMissed(bob), 25);
    assert.equal(await calls.markSeen(bob, startMs + 999), 25);
  });
}
