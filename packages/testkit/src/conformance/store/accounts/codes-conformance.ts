import assert from "node:assert/strict";
import type { PendingCode } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

const code: PendingCode = {
  userId: "+491",
  asker: "home",
  challenge: "c1",
  hash: "first",
  sentAtMs: startMs,
  expiresAtMs: startMs + 300_000,
  triesLeft: 3,
  othersTriesLeft: 2,
};
const max = 3;

export function codesConformance(check: StoreCase): void {
  check("a code is found until the moment it expires", async ({ codes }) => {
    await codes.put(code, max);
    assert.deepEqual(await codes.list("+491", code.expiresAtMs - 1), [code]);
    assert.deepEqual(await codes.list("+491", code.expiresAtMs), []);
    assert.equal(await codes.takeTry("+491", "home", "asker", code.expiresAtMs), undefined);
    assert.equal(await codes.takeTry("+491", "home", "others", code.expiresAtMs), undefined);
    assert.deepEqual(await codes.list("+492", startMs), []);
  });

  check("a new code takes the place of its asker's earlier one, and of no other client's", async ({ codes }) => {
    const others = { ...code, asker: "elsewhere", challenge: "c2" };
    await codes.put(code, max);
    await codes.put(others, max);
    await codes.takeTry("+491", "home", "asker", startMs);
    const second = { ...code, hash: "second", challenge: "c3", sentAtMs: startMs + 30_000 };
    await codes.put(second, max);
    assert.deepEqual(await codes.list("+491", startMs), [second, others]);
    assert.equal(await codes.consume("+491", "home", "first"), false);
    assert.equal(await codes.consume("+491", "elsewhere", "first"), true);
  });

  check("of a number's codes so many are kept, and the oldest goes first", async ({ codes }) => {
    const askers = ["a", "b", "c", "d"];
    for (const [n, asker] of askers.entries()) await codes.put({ ...code, asker, sentAtMs: startMs + n }, max);
    await codes.put({ ...code, userId: "+492" }, max);
    const kept = async (userId: string) => (await codes.list(userId, startMs)).map(({ asker }) => asker);
    assert.deepEqual(await kept("+491"), ["d", "c", "b"]);
    assert.deepEqual(await kept("+492"), ["home"]);
    await codes.put({ ...code, asker: "b", sentAtMs: startMs + 9 }, max);
    assert.deepEqual(await kept("+491"), ["b", "d", "c"]);
  });

  check("tries at once are given out singly, and never more than there are", async ({ codes }) => {
    await codes.put(code, max);
    const take = (by: "asker" | "others") => codes.takeTry("+491", "home", by, startMs);
    const taken = await Promise.all(Array.from({ length: 10 }, () => take("asker")));
    assert.deepEqual(taken.flatMap((try_) => try_?.triesLeft ?? []).sort(), [0, 1, 2]);
    const byOthers = await Promise.all(Array.from({ length: 10 }, () => take("others")));
    assert.deepEqual(byOthers.flatMap((try_) => try_?.othersTriesLeft ?? []).sort(), [0, 1]);
    assert.deepEqual(await codes.list("+491", startMs), [{ ...code, triesLeft: 0, othersTriesLeft: 0 }]);
  });

  check("what others try takes nothing from the client that asked", async ({ codes }) => {
    await codes.put(code, max);
    await codes.put({ ...code, asker: "elsewhere" }, max);
    for (let n = 0; n < 5; n += 1) await codes.takeTry("+491", "home", "others", startMs);
    assert.equal(await codes.takeTry("+491", "nobody", "others", startMs), undefined);
    const left = await codes.takeTry("+491", "home", "asker", startMs);
    assert.deepEqual(left, { ...code, triesLeft: 2, othersTriesLeft: 0 });
    assert.equal((await codes.takeTry("+491", "elsewhere", "others", startMs))?.othersTriesLeft, 1);
  });

  check("a code is consumed once", async ({ codes }) => {
    await codes.put(code, max);
    const consumed = await Promise.all(Array.from({ length: 10 }, () => codes.consume("+491", "home", "first")));
    assert.equal(consumed.filter(Boolean).length, 1);
    assert.deepEqual(await codes.list("+491", startMs), []);
    assert.equal(await codes.takeTry("+491", "home", "asker", startMs), undefined);
  });

  check("a wrong hash, or another asker's, consumes nothing", async ({ codes }) => {
    await codes.put(code, max);
    assert.equal(await codes.consume("+491", "home", "wrong"), false);
    assert.equal(await codes.consume("+491", "elsewhere", "first"), false);
    assert.equal(await codes.consume("+492", "home", "first"), false);
    assert.deepEqual(await codes.list("+491", startMs), [code]);
  });
}
