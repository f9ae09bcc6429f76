import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, type ClusterFixture, over, ringing } from "./cluster-fixture.ts";

/** Whose states of a call count. */
export function homeConformance(fixture: () => ClusterFixture): void {
  test("a state comes with its letters in one step, and the same state again changes nothing", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.place("n1", "c1", "ann", "bob");
    const state = ringing("c1", "ann", "bob", {
      letters: [
        { to: "n2", text: "a" },
        { to: "n2", text: "b" },
      ],
    });
    assert.deepEqual(await f.scripts.commit("n1", state), { code: "ok" });
    assert.deepEqual(await f.scripts.commit("n1", state), { code: "ok" });
    assert.deepEqual(await f.mail("n2"), ["a", "b"]);
    // An older one that was late is as good as stored.
    assert.deepEqual(await f.scripts.commit("n1", { ...state, rev: 0 }), { code: "ok" });
    assert.deepEqual(await f.mail("n2"), ["a", "b"]);
  });

  test("a state of another home, an older generation, an unknown call or a buried node is refused", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    const letters = [
      { to: "n1", text: "late" },
      { to: "n2", text: "late" },
    ];
    const next = ringing("c1", "ann", "bob", { rev: 2, letters });
    assert.deepEqual(await f.scripts.commit("n2", next), { code: "fenced" });
    assert.deepEqual(await f.scripts.commit("n1", { ...next, gen: 0 }), { code: "fenced" });
    assert.deepEqual(await f.scripts.commit("n1", { ...next, callId: "c9" }), { code: "missing" });
    assert.deepEqual(await f.scripts.commit("n9", next), { code: "unknown" });
    await f.scripts.bury("n2", "n1", "own");
    assert.deepEqual(await f.scripts.commit("n1", next), { code: "buried" });
    assert.deepEqual(await f.mail("n2"), ['{"kind":"buried","node":"n1"}']);
  });

  test("an end frees its own locks alone, leaves a record and a tombstone, and never changes", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    for (const user of ["bob", "cleo"]) await f.joins("n1", user);
    await f.rings("n1", "c1", "ann", "bob");
    await f.rings("n1", "c2", "cleo", "bob");
    await f.scripts.claim("n1", "c2", "bob");
    const ended = await f.scripts.commit("n1", ringing("c1", "ann", "bob", { rev: 2, end: over }));
    assert.ok(ended.code === "ok" && ended.recordId !== undefined);
    assert.deepEqual([await f.heldBy("ann"), await f.heldBy("bob"), await f.heldBy("cleo")], [undefined, "c2", "c2"]);
    assert.deepEqual(await f.scripts.callsOf("n1"), ["c2"]);
    assert.deepEqual((await f.joins("n1", "bob")).rings, [{ callId: "c2", home: "n1", gen: 1 }]);
    assert.deepEqual(await f.scripts.commit("n1", ringing("c1", "ann", "bob", { rev: 2, end: over })), ended);
    const late = answered("c1", "ann", "bob", { rev: 9, letters: [{ to: "n2", text: "late" }] });
    assert.deepEqual(await f.scripts.commit("n1", late), ended);
    assert.deepEqual(await f.mail("n2"), []);
    assert.equal(await f.heldBy("ann"), undefined);
    const records = await f.scripts.waitingRecords(0, 10);
    assert.deepEqual(records, [{ id: ended.recordId, record: over.record }]);
    await f.scripts.recordsStored([ended.recordId]);
    assert.deepEqual(await f.scripts.waitingRecords(0, 10), []);
    assert.deepEqual((await f.joins("n2", "ann")).ends, [over.tombstone]);
    assert.deepEqual(await f.scripts.find("c1"), { code: "ended" });
  });

  test("an answer looks at the lock again, for its claim may have gone with lost data", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n1", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    assert.deepEqual(await f.scripts.commit("n1", answered("c1", "ann", "bob")), { code: "ok" });
    assert.equal(await f.heldBy("bob"), "c1");
    for (const user of ["eve"]) await f.joins("n1", user);
    await f.rings("n1", "c2", "dan", "eve");
    await f.rings("n2", "c3", "fay", "eve");
    await f.scripts.claim("n2", "c3", "eve");
    assert.deepEqual(await f.scripts.commit("n1", answered("c2", "dan", "eve")), { code: "conflict" });
    // While others still put back what they know, it may yet turn out to be free.
    f.restarted();
    await f.hello("n1");
    assert.deepEqual(await f.scripts.commit("n1", answered("c2", "dan", "eve")), { code: "wait" });
    await f.store.settle();
    const ended = await f.scripts.commit("n2", ringing("c3", "fay", "eve", { rev: 2, end: over }));
    assert.equal(ended.code, "ok");
    assert.deepEqual(await f.scripts.commit("n1", answered("c2", "dan", "eve")), { code: "ok" });
  });

  test("of two that adopt a dead home's call one gets it, whole, and its sessions' nodes are told", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3", "n4");
    await f.joins("n2", "bob");
    await f.talks("n1", "c1", "ann", "bob");
    const facts = { ...answered("c1", "ann", "bob").facts, nodes: ["n1", "n2", "n4", "n4"] };
    await f.scripts.commit(
      "n1",
      answered("c1", "ann", "bob", { rev: 3, facts, fields: { head: "h3" }, sent: '{"n2":4}' }),
    );
    assert.deepEqual(await f.scripts.adopt("n2", "c1"), { code: "held", callId: "c1", home: "n1", gen: 1 });
    await f.scripts.bury("n2", "n1", "own");
    const [one, other] = await Promise.all([f.scripts.adopt("n2", "c1"), f.scripts.adopt("n3", "c1")]);
    const [won, lost] = one.code === "adopted" ? [one, other] : [other, one];
    assert.deepEqual(won, {
      ...{ code: "adopted", gen: 2, rev: 3, facts, sent: '{"n2":4}', isCalleeTaken: false },
      fields: { head: "h3", offer: "sdp", answer: "sdp" },
    });
    const home = one.code === "adopted" ? "n2" : "n3";
    assert.deepEqual(lost, { code: "held", callId: "c1", home, gen: 2 });
    assert.deepEqual((await f.mail("n4")).slice(1), [`{"kind":"adopted","callId":"c1","home":"${home}","gen":2}`]);
    assert.deepEqual([await f.scripts.callsOf("n1"), await f.scripts.callsOf(home)], [[], ["c1"]]);
    // Whose answer was lost asks again.
    const again = await f.scripts.adopt(home, "c1");
    assert.deepEqual(again.code === "adopted" && again.gen, 3);
  });

  test("a place that nobody was told of is let go of when its home dies", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.place("n1", "c1", "ann", "bob");
    await f.scripts.bury("n2", "n1", "own");
    assert.deepEqual(await f.scripts.adopt("n2", "c1"), { code: "gone" });
    assert.deepEqual([await f.heldBy("ann"), (await f.joins("n2", "bob")).rings], [undefined, []]);
  });

  test("who adopts a ring learns that its callee has another call", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    await f.rings("n2", "c2", "cleo", "bob");
    await f.scripts.claim("n2", "c2", "bob");
    await f.scripts.bury("n2", "n1", "own");
    const adopted = await f.scripts.adopt("n2", "c1");
    assert.equal(adopted.code === "adopted" && adopted.isCalleeTaken, true);
  });

  test("a call is handed over as it is, to a living node, which is told and takes it", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "bob");
    await f.rings("n1", "c1", "ann", "bob");
    assert.equal(await f.scripts.handOver("n1", { callId: "c1", gen: 1, rev: 0 }, "n2"), false);
    assert.equal(await f.scripts.handOver("n1", { callId: "c1", gen: 1, rev: 1 }, "n9"), false);
    assert.equal(await f.scripts.handOver("n1", { callId: "c1", gen: 1, rev: 1 }, "n2"), true);
    assert.deepEqual(await f.mail("n2"), ['{"kind":"take","callId":"c1"}']);
    assert.deepEqual(await f.scripts.commit("n1", ringing("c1", "ann", "bob", { rev: 2 })), { code: "fenced" });
    const beat = await f.scripts.beat("n1");
    assert.deepEqual(beat.code === "ok" && beat.orphaned, ["handed:n2"]);
    const taken = await f.scripts.adopt("n2", "c1");
    assert.equal(taken.code === "adopted" && taken.gen, 2);
  });
}
