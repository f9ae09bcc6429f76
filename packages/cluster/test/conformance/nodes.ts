import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterFixture, greeting, installation } from "./cluster-fixture.ts";

/** Who is alive, and what they have to read. */
export function nodeConformance(fixture: () => ClusterFixture): void {
  test("a node is buried by the count of beats that was seen last, and by no older one", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    const before = await f.scripts.beat("n1");
    assert.ok(before.code === "ok");
    const seen = before.nodes.n2 ?? 0;
    await f.scripts.beat("n2");
    assert.equal(await f.scripts.bury("n1", "n2", seen), false);
    assert.equal((await f.scripts.beat("n2")).code, "ok");
    const after = await f.scripts.beat("n1");
    assert.ok(after.code === "ok");
    assert.equal(await f.scripts.bury("n1", "n2", after.nodes.n2 ?? 0), true);
    assert.equal(await f.scripts.bury("n1", "n2", after.nodes.n2 ?? 0), false);
    assert.deepEqual(await f.scripts.beat("n2"), { code: "buried" });
    assert.deepEqual(await f.scripts.hello("n2", greeting("run-1")), { code: "buried" });
  });

  test("what a buried node says is refused, whatever it is, and nothing is sent to it", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.scripts.bury("n1", "n2", "own");
    const buried = { code: "buried" };
    const call = { callId: "c1", caller: "ann", callee: "bob" };
    assert.deepEqual(await f.scripts.join("n2", f.session("n2", "ann")), buried);
    assert.deepEqual(await f.place("n2", "c1", "ann", "bob"), buried);
    assert.deepEqual(await f.scripts.claim("n2", "c1", "ann"), buried);
    assert.deepEqual(await f.scripts.finishAtOnce("n2", { ...call, tombstone: "{}" }), buried);
    assert.deepEqual(await f.scripts.adopt("n2", "c1"), buried);
    assert.deepEqual(await f.scripts.tell("n2", { to: "n1", text: "x" }), buried);
    assert.deepEqual(await f.scripts.tellAll("n2", "x"), buried);
    assert.deepEqual(await f.scripts.tell("n1", { to: "n2", text: "x" }), { code: "dead" });
    assert.deepEqual([await f.mail("n1"), await f.mail("n2")], [['{"kind":"buried","node":"n2"}'], []]);
  });

  test("a node that the store has never heard of says hello first", async () => {
    const f = fixture();
    await f.nodes("n1");
    assert.deepEqual(await f.scripts.beat("n2"), { code: "unknown" });
    assert.deepEqual(await f.scripts.tell("n2", { to: "n1", text: "x" }), { code: "unknown" });
    assert.deepEqual(await f.place("n2", "c1", "ann", "bob"), { code: "unknown" });
  });

  test("nodes of another installation, or with other rules, are told so and not let in", async () => {
    const f = fixture();
    await f.nodes("n1");
    const other = { ...greeting("run-1"), ...installation };
    assert.deepEqual(await f.scripts.hello("n2", { ...other, secret: "x" }), { code: "differs", what: "secret" });
    assert.deepEqual(await f.scripts.hello("n2", { ...other, config: "x" }), { code: "differs", what: "config" });
    const beat = await f.scripts.beat("n1");
    assert.deepEqual(beat.code === "ok" && Object.keys(beat.nodes), ["n1"]);
  });

  test("the rules may change once no other node is left, and hold from then on", async () => {
    const f = fixture();
    await f.nodes("n1");
    const changed = { ...greeting("run-1"), config: "other rules" };
    assert.deepEqual(await f.scripts.hello("n2", changed), { code: "differs", what: "config" });
    await f.scripts.bury("n2", "n1", "own");
    assert.equal((await f.scripts.hello("n2", changed)).code, "ok");
    assert.deepEqual(await f.scripts.hello("n3", greeting("run-1")), { code: "differs", what: "config" });
  });

  test("an era lasts as long as the store's process, whoever says hello", async () => {
    const f = fixture();
    const era = async (node: string, run: string) => {
      const reply = await f.scripts.hello(node, greeting(run));
      return reply.code === "ok" ? reply.era : reply.code;
    };
    const first = await era("n1", "run-1");
    assert.equal(await era("n2", "run-1"), first);
    const second = await era("n2", "run-2");
    assert.notEqual(second, first);
    assert.equal(await era("n1", "run-2"), second);
  });

  test("a node reads all that it was sent, once and in order, also what came while it was cut off", async () => {
    const f = fixture();
    await f.nodes("n1", "n2", "n3");
    for (const text of ["a", "b"]) await f.scripts.tell("n1", { to: "n3", text });
    await f.scripts.tellAll("n2", "c");
    const entries = await f.store.read("n3", "0-0");
    assert.deepEqual(
      entries.map(({ text }) => text),
      ["a", "b", "c"],
    );
    const last = entries.at(-1)?.id ?? "";
    assert.deepEqual(await f.store.read("n3", last), []);
    await f.scripts.tell("n2", { to: "n3", text: "d" });
    await f.store.trim("n3", last);
    assert.deepEqual(await f.mail("n3", last), ["d"]);
    assert.deepEqual(await f.mail("n3"), ["d"]);
    assert.deepEqual([await f.mail("n1"), await f.mail("n2")], [["c"], []]);
  });

  test("a beat is read back by the node that gave it, which so knows that it reads", async () => {
    const f = fixture();
    await f.nodes("n1");
    await f.scripts.beat("n1");
    assert.deepEqual(
      (await f.store.read("n1", "0-0")).map(({ text }) => text),
      ['{"kind":"probe"}'],
    );
  });

  test("after a loss of data, or a clock set back, what a node is sent comes after what it has read", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    // What it read last was written by a clock that was an hour ahead.
    const ahead = `${Date.now() + 3_600_000}-5`;
    await f.store.empty();
    f.restarted();
    await f.hello("n1");
    await f.hello("n2", ahead);
    await f.scripts.tell("n1", { to: "n2", text: "x" });
    assert.deepEqual(await f.mail("n2", ahead), ["x"]);
  });
}
