import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserPresence } from "@echoo/core";
import type { ClusterFixture } from "./cluster-fixture.ts";

/** Who is there, as all nodes see it. */
export function presenceConformance(fixture: () => ClusterFixture): void {
  test("a user is where their sessions are, and in a call from its place until its end", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    const look = async (...users: string[]) => (await f.scripts.presenceOf(users)).map(withoutAt);
    assert.deepEqual(await look("ann", "bob"), [away("ann"), away("bob")]);
    await f.joins("n2", "ann");
    await f.joins("n1", "ann", "-2");
    await f.joins("n1", "ann", "-3");
    await f.joins("n2", "bob");
    const there = { user: "ann", nodes: ["n1", "n2"], inCall: false };
    assert.deepEqual(await look("ann"), [there]);
    await f.rings("n1", "c1", "ann", "bob");
    assert.deepEqual(await look("ann", "bob"), [
      { ...there, inCall: true },
      { user: "bob", nodes: ["n2"], inCall: false },
    ]);
    await f.scripts.leave("n1", "ann", f.session("n1", "ann", "-2").session);
    await f.scripts.leave("n1", "ann", f.session("n1", "ann", "-3").session);
    assert.deepEqual(await look("ann"), [{ ...there, nodes: ["n2"], inCall: true }]);
    assert.deepEqual(await look(), []);
  });

  test("nobody is on a node that was buried", async () => {
    const f = fixture();
    await f.nodes("n1", "n2");
    await f.joins("n2", "ann");
    await f.scripts.bury("n1", "n2", "own");
    assert.deepEqual((await f.scripts.presenceOf(["ann"])).map(withoutAt), [away("ann")]);
  });

  test("of two looks the later one has the higher number, told or asked for", async () => {
    const f = fixture();
    await f.nodes("n1");
    const heard: UserPresence[] = [];
    let wake = () => {};
    await f.store.hearPresence((presence) => {
      heard.push(...presence);
      wake();
    });
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const [before] = await f.scripts.presenceOf(["ann"]);
    await f.joins("n1", "ann");
    await f.scripts.announce(["ann", "bob"]);
    const [after] = await f.scripts.presenceOf(["ann"]);
    await told;
    assert.deepEqual(heard.map(withoutAt), [{ user: "ann", nodes: ["n1"], inCall: false }, away("bob")]);
    const [ann] = heard;
    assert.ok(before && ann && after && before.at < ann.at && ann.at < after.at);
  });
}

function away(user: string) {
  return { user, nodes: [], inCall: false };
}

function withoutAt({ at: _at, ...presence }: UserPresence) {
  return presence;
}
