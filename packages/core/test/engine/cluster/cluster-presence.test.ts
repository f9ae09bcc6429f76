import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { FakeClock, pause } from "@echoo/testkit";
import { ClusterPresence, knownPresenceMax } from "../../../src/engine/cluster/presence/cluster-presence.ts";
import type { Cluster } from "../../../src/ports/cluster/cluster.ts";
import type { UserPresence } from "../../../src/ports/cluster/scripts.ts";

describe("who is there on other nodes", () => {
  let clock: FakeClock;
  let presence: ClusterPresence;
  let heard: string[];
  let announced: (readonly string[])[];
  let asked: (readonly string[])[];
  let watched: Set<string>;
  let there: Map<string, readonly string[]>;
  let at: number;
  const online = (user: string, ...nodes: string[]): UserPresence => ({ user, nodes, inCall: false, at: ++at });

  beforeEach(() => {
    clock = new FakeClock();
    [heard, announced, asked, watched, there, at] = [[], [], [], new Set(), new Map(), 0];
    const scripts = {
      announce: async (users: readonly string[]) => void announced.push(users),
      presenceOf: async (users: readonly string[]) => {
        asked.push(users);
        return users.map((user) => online(user, ...(there.get(user) ?? [])));
      },
    };
    presence = new ClusterPresence({
      cluster: { node: "n1", scripts } as unknown as Cluster,
      clock,
      ...{ resumeMs: 45_000, isEveryoneListed: false, listedMax: 200 },
      users: () => ["here"],
      isWatched: (user) => watched.has(user),
      heard: (user) => heard.push(user),
    });
    presence.connected();
    announced = [];
  });

  test("is asked once for each user, together, and then heard of", async () => {
    there.set("ann", ["n2"]);
    await Promise.all([presence.load(["ann", "bob"]), presence.load(["ann"])]);
    await presence.load(["ann", "bob"]);
    assert.deepEqual(asked, [["ann", "bob"]]);
    assert.deepEqual([presence.isOnlineElsewhere("ann"), presence.isOnlineElsewhere("bob")], [true, false]);
    presence.heard([online("bob", "n1", "n3"), online("ann")]);
    assert.deepEqual([presence.isOnlineElsewhere("ann"), presence.isOnlineElsewhere("bob")], [false, true]);
    assert.deepEqual(heard, ["ann", "bob", "ann"]);
  });

  test("is no older than what was seen last, whichever way that came", async () => {
    const old = online("ann");
    there.set("ann", ["n2"]);
    await presence.load(["ann"]);
    presence.heard([old]);
    assert.equal(presence.isOnlineElsewhere("ann"), true);
  });

  test("of one who is only here is nothing", async () => {
    there.set("ann", ["n1"]);
    await presence.load(["ann"]);
    assert.equal(presence.isOnlineElsewhere("ann"), false);
  });

  test("is told of users here once for many changes of a moment, and of all of them after a connection", () => {
    for (const user of ["ann", "bob", "ann"]) presence.changed(user);
    assert.deepEqual(announced, []);
    clock.advance(100);
    assert.deepEqual(announced, [["ann", "bob"]]);
    presence.disconnected();
    presence.connected();
    assert.deepEqual(announced[1], ["here"]);
  });

  test("is read afresh after a connection and every five minutes, as far as it is watched, whatever the store counts", async () => {
    there.set("ann", ["n2"]);
    await presence.load(["ann", "bob"]);
    watched.add("ann");
    there.delete("ann");
    at = 0;
    presence.connected();
    await pause();
    assert.deepEqual(asked[1], ["ann"]);
    assert.equal(presence.isOnlineElsewhere("ann"), false);
    assert.equal(presence.isKnown("bob"), false);
    clock.advance(5 * 60_000);
    assert.deepEqual(asked[2], ["ann"]);
  });

  test("stays for the time to resume where a node died", async () => {
    there.set("ann", ["n2"]);
    await presence.load(["ann"]);
    presence.died("n2");
    clock.advance(44_999);
    assert.equal(presence.isOnlineElsewhere("ann"), true);
    clock.advance(1);
    assert.equal(presence.isOnlineElsewhere("ann"), false);
    assert.equal(heard.at(-1), "ann");
  });

  test("is what was known last while the others cannot be reached, and nobody waits for more", async () => {
    presence.disconnected();
    await presence.load(["ann"]);
    assert.deepEqual(asked, []);
    assert.equal(presence.isOnlineElsewhere("ann"), false);
  });

  test("is of so many users, and of one more that of the one who was heard of longest ago is forgotten", async () => {
    await presence.load(["first", "second"]);
    presence.heard([online("first", "n2")]);
    for (let count = 0; count < knownPresenceMax - 1; count += 1) {
      await presence.load([`u${count}`]);
    }
    assert.deepEqual([presence.isKnown("first"), presence.isKnown("second")], [true, false]);
  });
});
