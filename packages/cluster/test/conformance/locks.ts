import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionsPerUserMax } from "../../src/bounds.ts";
import { answered, type ClusterFixture, over, ringing } from "./cluster-fixture.ts";

/** Who may have which call. */
export function lockConformance(fixture: () => ClusterFixture): void {
  test("of two places for one caller at once exactly one is placed, and the other is told of it", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.joins("n2", "cleo");
    const replies = await Promise.all([f.place("n1", "c1", "ann", "bob"), f.place("n2", "c2", "ann", "cleo")]);
    assert.deepEqual(replies.map(({ code }) => code).sort(), ["held", "placed"]);
    const held = replies.find((reply) => reply.code === "held");
    const placed = replies[0].code === "placed" ? "c1" : "c2";
    assert.deepEqual(held, { code: "held", callId: placed, home: placed === "c1" ? "n1" : "n2", gen: 1 });
  });

  test("of two that dial each other at once one is placed, and the other meets its ring", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "ann");
    await f.joins("n2", "bob");
    const replies = await Promise.all([f.place("n1", "c1", "ann", "bob"), f.place("n2", "c2", "bob", "ann")]);
    assert.deepEqual(replies.map(({ code }) => code).sort(), ["glare", "placed"]);
    const glare = replies.find((reply) => reply.code === "glare");
    const isFirst = replies[0].code === "placed";
    assert.deepEqual(glare, { code: "glare", callId: isFirst ? "c1" : "c2", home: isFirst ? "n1" : "n2", gen: 1 });
  });

  test("a place names the callee's sessions on living nodes, and creations rise", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3");
    await f.joins("n1", "bob");
    await f.joins("n2", "bob", "-tablet");
    await f.joins("n3", "bob", "-car");
    assert.equal(await f.scripts.bury("n1", "n3", "own"), true);
    const first = await f.place("n1", "c1", "ann", "bob");
    const second = await f.place("n1", "c2", "cleo", "bob");
    assert.ok(first.code === "placed" && second.code === "placed");
    assert.deepEqual(first.devices, [f.session("n1", "bob"), f.session("n2", "bob", "-tablet")]);
    assert.ok(second.createdAtMs > first.createdAtMs);
    const beat = await f.scripts.beat("n1");
    assert.ok(beat.code === "ok" && Math.abs(beat.timeMs - first.createdAtMs) < 60_000);
  });

  test("nothing rings a callee who talks, is nowhere, or whose wishes forbid it, and no lock is taken", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    for (const user of ["ann", "bob", "dan"]) await f.joins("n1", user);
    await f.talks("n1", "c1", "ann", "bob");
    const busy = await f.place("n2", "c2", "cleo", "bob");
    assert.ok(busy.code === "notRung" && busy.isCalleeLive);
    const nowhere = await f.place("n2", "c3", "cleo", "eve");
    assert.ok(nowhere.code === "notRung" && !nowhere.isCalleeLive && nowhere.devices.length === 0);
    const closed = await f.place("n2", "c4", "cleo", "dan", false);
    assert.ok(closed.code === "notRung" && !closed.isCalleeLive && closed.devices.length === 1);
    assert.equal(await f.heldBy("cleo"), undefined);
  });

  test("an id is used once, also that of a call which was over when it began", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    const used = { code: "used", callId: "c1", home: "n1", gen: 1 };
    assert.deepEqual(await f.place("n2", "c1", "cleo", "bob"), { ...used, hasEnded: false });
    const call = { callId: "c2", caller: "cleo", callee: "eve", ...over };
    const finished = await f.scripts.finishAtOnce("n2", call);
    assert.ok(finished.code === "ok" && finished.recordId !== undefined);
    assert.deepEqual(await f.scripts.finishAtOnce("n2", call), finished);
    assert.deepEqual(await f.place("n2", "c2", "cleo", "bob"), { ...used, callId: "c2", home: "n2", hasEnded: true });
    assert.deepEqual((await f.joins("n1", "cleo")).ends, [over.tombstone]);
  });

  test("a callee whose side of a call is away is rung on its other devices, and on that session no more", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.talks("n1", "c1", "ann", "bob");
    const facts = { ...answered("c1", "ann", "bob").facts, calleeAway: f.session("n1", "bob").session };
    await f.scripts.commit("n1", answered("c1", "ann", "bob", { rev: 3, facts }));
    const alone = await f.place("n2", "c2", "cleo", "bob");
    assert.ok(alone.code === "notRung" && alone.isCalleeLive);
    await f.joins("n2", "bob", "-tablet");
    const placed = await f.place("n2", "c3", "cleo", "bob");
    assert.deepEqual(placed.code === "placed" && placed.devices, [f.session("n2", "bob", "-tablet")]);
    const ring = { ...ringing("c3", "cleo", "bob"), facts: { ...ringing("c3", "cleo", "bob").facts } };
    assert.deepEqual(await f.scripts.commit("n2", ring), { code: "ok" });
    const claim = await f.scripts.claim("n2", "c3", "bob");
    assert.deepEqual(claim, { code: "locked", callId: "c1", home: "n1", gen: 1, isAway: true });
    // It is back: what rings elsewhere ends.
    await f.scripts.commit("n1", answered("c1", "ann", "bob", { rev: 4, claims: ["bob"] }));
    assert.deepEqual(await f.mail("n2"), ['{"kind":"taken","callId":"c3"}']);
    assert.deepEqual(await f.scripts.claim("n2", "c3", "bob"), { ...claim, isAway: false });
  });

  test("who places or answers a call is taken, which the homes of their other rings are told", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3");
    for (const user of ["bob", "cleo", "dan"]) await f.joins("n1", user);
    await f.rings("n2", "c1", "ann", "bob");
    await f.rings("n3", "c2", "cleo", "bob");
    await f.rings("n1", "c3", "bob", "dan");
    const taken = (id: string) => `{"kind":"taken","callId":"${id}"}`;
    assert.deepEqual([await f.mail("n2"), await f.mail("n3"), await f.mail("n1")], [[taken("c1")], [taken("c2")], []]);
    await f.joins("n1", "fay");
    await f.rings("n2", "c4", "eve", "fay");
    await f.rings("n3", "c5", "gus", "fay");
    assert.deepEqual(await f.scripts.claim("n2", "c4", "fay"), { code: "claimed" });
    assert.deepEqual([(await f.mail("n2")).length, await f.mail("n3")], [1, [taken("c2"), taken("c5")]]);
  });

  test("a claim is refused where another call has the lock, has ended, or is another node's", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    for (const user of ["bob", "dan"]) await f.joins("n1", user);
    await f.rings("n1", "c1", "ann", "bob");
    await f.rings("n2", "c2", "cleo", "bob");
    assert.deepEqual(await f.scripts.claim("n1", "c1", "bob"), { code: "claimed" });
    assert.deepEqual(await f.scripts.claim("n1", "c1", "bob"), { code: "claimed" });
    const locked = { code: "locked", callId: "c1", home: "n1", gen: 1, isAway: false };
    assert.deepEqual(await f.scripts.claim("n2", "c2", "bob"), locked);
    assert.deepEqual(await f.scripts.claim("n2", "c1", "bob"), { code: "fenced" });
    await f.scripts.commit("n2", ringing("c2", "cleo", "bob", { rev: 2, end: over }));
    assert.deepEqual(await f.scripts.claim("n2", "c2", "bob"), { code: "ended" });
  });

  test("a claim or a place that came to nothing is let go of, and one that did not is kept", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    await f.scripts.claim("n1", "c1", "bob");
    await f.scripts.unclaim("n2", "c1", "bob");
    assert.equal(await f.heldBy("bob"), "c1");
    await f.scripts.unclaim("n1", "c1", "bob");
    assert.equal(await f.heldBy("bob"), undefined);
    await f.scripts.unclaim("n1", "c1", "ann");
    assert.equal(await f.heldBy("ann"), "c1");
    assert.equal(await f.scripts.abandon("n1", "c1"), false);
    await f.place("n1", "c2", "cleo", "bob");
    assert.equal(await f.scripts.abandon("n2", "c2"), false);
    assert.equal(await f.scripts.abandon("n1", "c2"), true);
    assert.deepEqual([await f.heldBy("cleo"), await f.scripts.callsOf("n1")], [undefined, ["c1"]]);
    assert.deepEqual((await f.joins("n1", "bob")).rings, [{ callId: "c1", home: "n1", gen: 1 }]);
  });

  test("an answer that was stored is not undone by a late unclaim", async () => {
    const f = fixture();
    await f.nodes("n1");
    await f.joins("n1", "bob");
    await f.talks("n1", "c1", "ann", "bob");
    await f.scripts.unclaim("n1", "c1", "bob");
    assert.equal(await f.heldBy("bob"), "c1");
  });

  test("a join and a place see each other: the device is in the list, or the ring is", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    const [joined, placed] = await Promise.all([f.joins("n2", "bob", "-tablet"), f.place("n1", "c1", "ann", "bob")]);
    assert.ok(placed.code === "placed");
    const isAsked = placed.devices.some(({ session }) => session === "n2.bob-tablet");
    assert.equal(isAsked, joined.rings.length === 0);
  });

  test("joins of a user are counted, and one session more than there may be is refused", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    for (let at = 1; at <= sessionsPerUserMax; at += 1) {
      assert.equal((await f.joins("n1", "ann", `-${at}`)).join, at);
    }
    assert.deepEqual(await f.scripts.join("n2", f.session("n2", "ann")), { code: "full" });
    assert.equal((await f.joins("n1", "ann", "-1")).join, sessionsPerUserMax + 1);
    // Those of a node that is no more count for nothing.
    await f.scripts.bury("n2", "n1", "own");
    assert.equal((await f.joins("n2", "ann")).code, "ok");
    await f.scripts.leave("n2", "ann", "n2.ann");
    const placed = await f.place("n2", "c1", "bob", "ann");
    assert.ok(placed.code === "notRung" && placed.devices.length === 0);
  });
}
