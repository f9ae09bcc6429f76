import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { SharedMemory } from "@echoo/core";
import { type SharedBounds, sharedBounds } from "../../src/shared/shared-bounds.ts";

/** A shared memory whose time the suite may move. */
export interface SharedUnderTest {
  readonly memory: Omit<SharedMemory, "onBack">;
  /** As if so much time had gone by. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Some of the bounds made small, so that a test gets past them. */
const most = { ...sharedBounds, limitedKeysMax: 3, askersMax: 3, withdrawnMax: 3 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rule = { name: "codes:asker", max: 3, windowMs: hourMs };

/** What every shared memory holds to. `open` gives an empty one. */
export function sharedConformance(name: string, open: (most: SharedBounds) => Promise<SharedUnderTest>): void {
  describe(`what all nodes remember in ${name}`, () => {
    let opened: SharedUnderTest | undefined;
    beforeEach(async () => {
      opened = await open(most);
    });
    afterEach(async () => {
      await opened?.close();
    });
    const current = () => {
      if (!opened) throw new Error("there is no shared memory");
      return opened;
    };
    limitConformance(current);
    strangerConformance(current);
    addressConformance(current);
    withdrawalConformance(current);
    boundConformance(current);
  });
}

function limitConformance(current: () => SharedUnderTest): void {
  test("of many at once no more are counted than a limit allows", async () => {
    const { limits } = current().memory;
    const waits = await Promise.all(Array.from({ length: 20 }, () => limits.take(rule, "ann")));
    assert.equal(waits.filter((waitMs) => waitMs === 0).length, 3);
    assert.equal((await limits.look(rule, "ann")).count, 3);
    assert.deepEqual(await limits.look(rule, "bob"), { count: 0, waitMs: 0 });
    assert.equal((await limits.look({ ...rule, name: "codes:day" }, "ann")).count, 0);
  });

  test("a window slides: each count leaves it when its own time is over", async () => {
    const { memory, pass } = current();
    await memory.limits.take(rule, "ann");
    await pass(hourMs / 2);
    await memory.limits.take(rule, "ann");
    await memory.limits.take(rule, "ann");
    const waitMs = await memory.limits.take(rule, "ann");
    assert.ok(waitMs > hourMs / 2 - 60_000 && waitMs <= hourMs / 2, String(waitMs));
    await pass(hourMs / 2);
    assert.equal(await memory.limits.take(rule, "ann"), 0);
    assert.ok((await memory.limits.take(rule, "ann")) > 0);
  });

  test("what is given back was never counted, and nothing is given back twice", async () => {
    const { limits } = current().memory;
    for (let times = 0; times < 5; times += 1) {
      assert.equal(await limits.take(rule, "ann"), 0);
      await limits.giveBack(rule, "ann");
    }
    await limits.giveBack(rule, "ann");
    assert.deepEqual(await limits.look(rule, "ann"), { count: 0, waitMs: 0 });
    for (let times = 0; times < 3; times += 1) assert.equal(await limits.take(rule, "ann"), 0);
    assert.ok((await limits.take(rule, "ann")) > 0);
  });
}

function boundConformance(current: () => SharedUnderTest): void {
  test("so many keys of a limit are counted, and with one more the one that was quiet longest is forgotten", async () => {
    const { memory, pass } = current();
    for (const key of ["a", "b", "c", "a", "d"]) {
      await memory.limits.take(rule, key);
      await pass(1_000);
    }
    const counts = await Promise.all(["a", "b", "c", "d"].map((key) => memory.limits.look(rule, key)));
    assert.deepEqual(
      counts.map(({ count }) => count),
      [2, 0, 1, 1],
    );
  });

  test("so many users ask about strangers on a day, and one more is refused, for to forget one would give a second quota", async () => {
    const { strangers } = current().memory;
    const allowed: boolean[] = [];
    for (const asker of ["a", "b", "c", "d", "a"])
      allowed.push((await strangers.ask(asker, `of ${asker} ${allowed.length}`, 5)).isAllowed);
    assert.deepEqual(allowed, [true, true, true, false, true]);
  });

  test("so many withdrawn tokens are remembered, and with one more the one that was withdrawn first is forgotten", async () => {
    const { memory, pass } = current();
    for (const name of ["a", "b", "c", "d"]) {
      await memory.withdrawals.withdraw(name, hourMs);
      await pass(1_000);
    }
    const ago = await memory.withdrawals.withdrawnAgoMs(["a", "b", "c", "d"]);
    assert.deepEqual(
      ago.map((agoMs) => agoMs !== undefined),
      [false, true, true, true],
    );
  });
}

function strangerConformance(current: () => SharedUnderTest): void {
  test("a user asks about so many strangers on a day, the same one again for nothing", async () => {
    const { strangers } = current().memory;
    const asked = await Promise.all(["a", "b", "c", "d"].map((about) => strangers.ask("ann", about, 3)));
    assert.deepEqual(asked.map(({ isAllowed }) => isAllowed).toSorted(), [false, true, true, true]);
    const known = ["a", "b", "c", "d"].filter((_, at) => asked[at]?.isAllowed);
    for (const about of known) assert.equal((await strangers.ask("ann", about, 3)).isAllowed, true);
    assert.deepEqual((await strangers.ask("ann", "e", 3)).count, 3);
    assert.equal((await strangers.ask("bob", "e", 3)).isAllowed, true);
    const { dayLeftMs, day } = await strangers.ask("ann", "e", 3);
    assert.ok(dayLeftMs > 0 && dayLeftMs <= dayMs && Number.isInteger(day));
  });
}

function addressConformance(current: () => SharedUnderTest): void {
  const use = (id: string, agoMs = 0) => ({ id, token: `{"id":"${id}"}`, agoMs });
  const idsOf = (uses: readonly { token: string }[]) => uses.map(({ token }) => JSON.parse(token).id);

  test("the tokens that came from an address are told, the last one first, and of one more the oldest is forgotten", async () => {
    const { addresses } = current().memory;
    for (const [at, id] of ["t1", "t2", "t3"].entries())
      await addresses.noteUse("ann", "203.0.113.5", use(id, 9_000 - at * 1_000), 2);
    assert.deepEqual(idsOf(await addresses.uses("ann", "203.0.113.5")), ["t3", "t2"]);
    assert.deepEqual(await addresses.uses("ann", "203.0.113.6"), []);
    assert.deepEqual(await addresses.uses("bob", "203.0.113.5"), []);
    await addresses.noteUse("ann", "203.0.113.5", use("t2"), 2);
    const [newest] = await addresses.uses("ann", "203.0.113.5");
    assert.equal(JSON.parse(newest?.token ?? "{}").id, "t2");
    assert.ok(newest && newest.agoMs < 60_000);
  });

  test("a use is remembered for a day", async () => {
    const { memory, pass } = current();
    await memory.addresses.noteUse("ann", "203.0.113.5", use("t1", hourMs), 4);
    await pass(dayMs - 2 * hourMs);
    assert.equal((await memory.addresses.uses("ann", "203.0.113.5")).length, 1);
    await pass(hourMs);
    assert.deepEqual(await memory.addresses.uses("ann", "203.0.113.5"), []);
  });

  test("so many addresses of a user are remembered, and with one more the one that was used least lately is forgotten", async () => {
    const { addresses } = current().memory;
    for (let at = 0; at < 33; at += 1) {
      if (at === 32) await addresses.noteUse("ann", "10.0.0.0", use("t1"), 4);
      await addresses.noteUse("ann", `10.0.0.${at}`, use("t1"), 4);
    }
    const kept = await Promise.all([0, 1, 2, 32].map((at) => addresses.uses("ann", `10.0.0.${at}`)));
    assert.deepEqual(
      kept.map(({ length }) => length),
      [1, 0, 1, 1],
    );
  });
}

function withdrawalConformance(current: () => SharedUnderTest): void {
  test("what was withdrawn is known for its time, and by how long ago", async () => {
    const { memory, pass } = current();
    await memory.withdrawals.withdraw("one", hourMs);
    await memory.withdrawals.withdraw("two", 2 * hourMs);
    await pass(hourMs + 1);
    const [one, two, three] = await memory.withdrawals.withdrawnAgoMs(["one", "two", "three"]);
    assert.equal(one, undefined);
    assert.ok(two !== undefined && two > hourMs && two < hourMs + 60_000, String(two));
    assert.equal(three, undefined);
  });

  test("a proxy that one node saw is known for a day", async () => {
    const { memory, pass } = current();
    assert.equal(await memory.trust.wasProxySeen(), false);
    await memory.trust.sawProxy();
    assert.equal(await memory.trust.wasProxySeen(), true);
    await pass(dayMs);
    assert.equal(await memory.trust.wasProxySeen(), false);
  });
}
