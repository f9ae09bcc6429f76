import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, type ClusterFixture, over, ringing } from "./cluster-fixture.ts";

const whole = { head: "h", offer: "sdp", answer: "sdp" };

/** What the store lost comes back from those who know it. */
export function restoreConformance(fixture: () => ClusterFixture): void {
  test("a store that lost everything has a call and its locks again from its home, and hears its letters once", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.talks("n1", "c1", "ann", "bob");
    await f.store.empty();
    f.restarted();
    await f.nodes("n1", "n2");
    const next = answered("c1", "ann", "bob", { rev: 3, letters: [{ to: "n2", text: "x" }] });
    assert.deepEqual(await f.scripts.commit("n1", next), { code: "missing" });
    assert.deepEqual(await f.scripts.restore("n1", { ...next, fields: whole }), { code: "ok" });
    assert.deepEqual(await f.scripts.restore("n1", { ...next, fields: whole }), { code: "ok" });
    assert.deepEqual(await f.mail("n2"), ["x"]);
    assert.deepEqual([await f.heldBy("ann"), await f.heldBy("bob")], ["c1", "c1"]);
    assert.deepEqual(await f.scripts.callsOf("n1"), ["c1"]);
    await f.scripts.bury("n2", "n1", "own");
    const adopted = await f.scripts.adopt("n2", "c1");
    assert.deepEqual(adopted.code === "adopted" && [adopted.gen, adopted.rev, adopted.fields], [2, 3, whole]);
  });

  test("a ring is restored as one: the callee's lock is free, and the ring is listed", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    await f.store.empty();
    f.restarted();
    await f.nodes("n1", "n2");
    assert.deepEqual(await f.scripts.restore("n1", ringing("c1", "ann", "bob")), { code: "ok" });
    assert.deepEqual((await f.joins("n2", "bob")).rings, [{ callId: "c1", home: "n1", gen: 1 }]);
    assert.deepEqual([await f.heldBy("ann"), await f.heldBy("bob")], ["c1", undefined]);
  });

  test("a store with older data takes the newer state, and one with newer data keeps its own", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    const back = await f.store.dump();
    await f.scripts.claim("n1", "c1", "bob");
    await f.scripts.commit("n1", answered("c1", "ann", "bob"));
    await back();
    f.restarted();
    await f.nodes("n1", "n2", "n3");
    assert.equal(await f.heldBy("bob"), undefined);
    assert.deepEqual(await f.scripts.restore("n1", answered("c1", "ann", "bob", { fields: whole })), { code: "ok" });
    assert.equal(await f.heldBy("bob"), "c1");
    // Another home has it by now, or had it: the store's is newer.
    await f.scripts.bury("n2", "n1", "own");
    await f.scripts.adopt("n2", "c1");
    assert.deepEqual(await f.scripts.restore("n3", answered("c1", "ann", "bob", { rev: 9 })), { code: "fenced" });
    assert.deepEqual(await f.scripts.restore("n1", answered("c1", "ann", "bob", { rev: 9 })), { code: "buried" });
    assert.deepEqual(await f.scripts.restore("n3", answered("c1", "ann", "bob", { gen: 2, rev: 9 })), {
      code: "fenced",
    });
    assert.deepEqual(await f.scripts.callsOf("n2"), ["c1"]);
  });

  test("a newer generation takes the call from an older home that the lost data brought back", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3");
    await f.joins("n3", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    const back = await f.store.dump();
    await f.scripts.bury("n2", "n1", "own");
    await f.scripts.adopt("n2", "c1");
    await back();
    f.restarted();
    await f.nodes("n2", "n3");
    assert.deepEqual(await f.scripts.restore("n2", ringing("c1", "ann", "bob", { gen: 2, rev: 2 })), { code: "ok" });
    assert.deepEqual([await f.scripts.callsOf("n1"), await f.scripts.callsOf("n2")], [[], ["c1"]]);
    assert.deepEqual(await f.scripts.commit("n1", ringing("c1", "ann", "bob", { rev: 2 })), { code: "fenced" });
  });

  test("an end is restored as one, and what it ended does not come back", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.talks("n1", "c1", "ann", "bob");
    const back = await f.store.dump();
    const end = answered("c1", "ann", "bob", { rev: 3, end: over });
    await f.scripts.commit("n1", end);
    await back();
    f.restarted();
    await f.nodes("n1", "n2");
    assert.equal(await f.heldBy("ann"), "c1");
    const restored = await f.scripts.restore("n1", end);
    assert.ok(restored.code === "ok" && restored.recordId !== undefined);
    assert.equal(await f.heldBy("ann"), undefined);
    assert.deepEqual(await f.scripts.restore("n1", answered("c1", "ann", "bob", { gen: 2, rev: 4 })), {
      code: "fenced",
    });
    assert.equal((await f.scripts.waitingRecords(0, 10)).length, 1);
  });

  test("two calls of one user are a conflict, or wait while others still put back their ends", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.store.empty();
    f.restarted();
    await f.hello("n1");
    await f.hello("n2");
    const mine = answered("c1", "ann", "bob", { fields: whole });
    assert.deepEqual(await f.scripts.restore("n1", mine), { code: "ok" });
    assert.deepEqual(await f.scripts.restore("n1", { ...mine, callId: "c2" }), { code: "wait" });
    await f.store.settle();
    assert.deepEqual(await f.scripts.restore("n1", { ...mine, callId: "c2" }), { code: "conflict" });
    const pair = ringing("c3", "ann", "cleo");
    assert.deepEqual(await f.scripts.restore("n1", pair), { code: "conflict" });
  });

  test("two that ring each other are a conflict", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "ann");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    assert.deepEqual(await f.scripts.restore("n2", ringing("c2", "bob", "ann")), { code: "conflict" });
  });

  test("while it settles no lock is given, nothing is adopted, and what is absent is not over", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    f.restarted();
    const hello = await f.scripts.hello("n2", { runId: "run-2", lastRead: "0-0", secret: "s", config: "c" });
    assert.equal(hello.code === "ok" && hello.isSettling, true);
    assert.deepEqual(await f.place("n2", "c2", "cleo", "bob"), { code: "settling" });
    assert.deepEqual(await f.scripts.claim("n1", "c1", "bob"), { code: "settling" });
    assert.deepEqual(await f.scripts.adopt("n2", "c1"), { code: "wait" });
    assert.deepEqual(await f.scripts.find("c1"), { code: "held", callId: "c1", home: "n1", gen: 1 });
    assert.deepEqual(await f.scripts.find("c9"), { code: "wait" });
    await f.store.settle();
    assert.deepEqual(await f.scripts.find("c9"), { code: "gone" });
    assert.deepEqual(await f.scripts.claim("n1", "c1", "bob"), { code: "claimed" });
  });
}
