import assert from "node:assert/strict";
import type { PendingCode } from "@echoo/core";
import { startMs } from "../ended-call.ts";
import type { StoreCase } from "./store-case.ts";

const code: PendingCode = {
  userId: "+491",
  hash: "first",
  sentAtMs: startMs,
  expiresAtMs: startMs + 300_000,
  triesLeft: 3,
};

export function codesConformance(check: StoreCase): void {
  check("a code is found until the moment it expires", async ({ codes }) => {
    await codes.put(code);
    assert.deepEqual(await codes.find("+491", code.expiresAtMs - 1), code);
    assert.equal(await codes.find("+491", code.expiresAtMs), undefined);
    assert.equal(await codes.takeTry("+491", code.expiresAtMs), undefined);
    assert.equal(await codes.find("+492", startMs), undefined);
  });

  check("a new code takes the place of the earlier one", async ({ codes }) => {
    await codes.put(code);
    await codes.takeTry("+491", startMs);
    const second = { ...code, hash: "second", sentAtMs: startMs + 30_000 };
    await codes.put(second);
    assert.deepEqual(await codes.find("+491", startMs), second);
    assert.equal(await codes.consume("+491", "first"), false);
  });

  check("tries at once are given out singly, and never more than there are", async ({ codes }) => {
    await codes.put(code);
    const taken = await Promise.all(Array.from({ length: 10 }, () => codes.takeTry("+491", startMs)));
    const left = taken.flatMap((try_) => try_?.triesLeft ?? []).sort();
    assert.deepEqual(left, [0, 1, 2]);
    assert.equal((await codes.find("+491", startMs))?.triesLeft, 0);
  });

  check("a code is consumed once", async ({ codes }) => {
    await codes.put(code);
    const consumed = await Promise.all(Array.from({ length: 10 }, () => codes.consume("+491", "first")));
    assert.equal(consumed.filter(Boolean).length, 1);
    assert.equal(await codes.find("+491", startMs), undefined);
    assert.equal(await codes.takeTry("+491", startMs), undefined);
  });

  check("a wrong hash consumes nothing", async ({ codes }) => {
    await codes.put(code);
    assert.equal(await codes.consume("+491", "wrong"), false);
    assert.equal(await codes.consume("+492", "first"), false);
    assert.deepEqual(await codes.find("+491", startMs), code);
  });
}
