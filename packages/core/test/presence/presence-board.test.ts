import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UserFacts } from "../../src/ports/user-facts.ts";
import { PresenceBoard, type Watcher } from "../../src/presence/presence-board.ts";

function stage() {
  const online = new Map<string, boolean>();
  const facts = new Map<string, UserFacts>();
  const plain: UserFacts = {
    registered: true,
    presence: "everyone",
    doNotDisturb: false,
    blocked: new Map(),
    contacts: new Set(),
    lastSeenAtMs: 7,
  };
  const board = new PresenceBoard<Watcher>({
    presenceOf: (user) => ({ online: online.has(user), inCall: online.get(user) ?? false }),
    factsOf: (user) => facts.get(user) ?? plain,
  });
  const watcher = (user: string): Watcher => ({ user, watched: new Map() });
  return { board, online, facts, plain, watcher };
}

describe("the presence board", () => {
  test("tells a watcher how things stand, then only what changed, once", () => {
    const { board, online, watcher } = stage();
    const ann = watcher("ann");
    assert.deepEqual(board.watch(ann, ["bob"], 10), [{ userId: "bob", online: false, lastSeenAt: 7 }]);
    online.set("bob", false);
    board.changed("bob");
    board.changed("bob");
    board.changed("nobody watches");
    assert.deepEqual([...board.takeNews()], [[ann, [{ userId: "bob", online: true, inCall: false }]]]);
    assert.equal(board.takeNews().size, 0);
    online.delete("bob");
    online.set("bob", false);
    board.changed("bob");
    assert.equal(board.takeNews().size, 0, "who came and went within a turn is no news");
  });

  test("watches at most as many as it may, and those it has stay", () => {
    const { board, watcher } = stage();
    const ann = watcher("ann");
    assert.equal(board.watch(ann, ["a", "b", "c"], 2).length, 2);
    assert.equal(board.watch(ann, ["b"], 2).length, 1);
    board.unwatch(ann, ["a", "never"]);
    assert.equal(board.watch(ann, ["c"], 2).length, 1);
    assert.deepEqual([...ann.watched.keys()], ["b", "c"]);
  });

  test("shows somebody offline, without a time, to those who may not see them", () => {
    const { board, online, facts, plain, watcher } = stage();
    online.set("bob", true);
    facts.set("bob", { ...plain, presence: "contacts", contacts: new Set(["ann"]), blocked: new Map([["eve", 0]]) });
    assert.deepEqual(board.entry("ann", "bob"), { userId: "bob", online: true, inCall: true });
    assert.deepEqual(board.entry("cleo", "bob"), { userId: "bob", online: false });
    assert.deepEqual(board.entry("eve", "bob"), { userId: "bob", online: false });
    assert.deepEqual(board.entry("bob", "bob"), { userId: "bob", online: true, inCall: true });
    const ann = watcher("ann");
    board.watch(ann, ["bob"], 10);
    facts.set("bob", { ...plain, presence: "nobody" });
    board.changed("bob");
    assert.deepEqual([...board.takeNews().values()], [[{ userId: "bob", online: false }]]);
  });
});
