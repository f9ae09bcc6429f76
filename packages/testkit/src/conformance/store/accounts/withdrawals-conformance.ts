import assert from "node:assert/strict";
import type { Withdrawal } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

const bounds = { maxOfOwner: 3, maxInAll: 6 };

function withdrawal(key: string, changes: Partial<Withdrawal> = {}): Withdrawal {
  return { key, owner: "ann", atMs: startMs, expiresAtMs: startMs + 1000, ...changes };
}

export function withdrawalsConformance(check: StoreCase): void {
  check("a withdrawal is found by its key until the moment it expires", async ({ withdrawals }) => {
    assert.equal(await withdrawals.put(withdrawal("a"), bounds, startMs), "kept");
    await withdrawals.put(withdrawal("b", { owner: "bob" }), bounds, startMs);
    assert.deepEqual(await withdrawals.find(["a", "unknown"], startMs + 999), [withdrawal("a")]);
    assert.equal((await withdrawals.find(["a", "b"], startMs)).length, 2);
    assert.deepEqual(await withdrawals.find(["a", "b"], startMs + 1000), []);
    assert.deepEqual(await withdrawals.find([], startMs), []);
  });

  check("of a withdrawal that comes again the later times stand", async ({ withdrawals }) => {
    const [later, longer] = [{ atMs: startMs + 5 }, { expiresAtMs: startMs + 2000 }];
    for (const changes of [{}, later, longer, {}]) await withdrawals.put(withdrawal("a", changes), bounds, startMs);
    assert.deepEqual(await withdrawals.find(["a"], startMs), [withdrawal("a", { ...later, ...longer })]);
  });

  check("an owner has so many withdrawals, and one more is not kept", async ({ withdrawals }) => {
    const put = (key: string, nowMs = startMs) => withdrawals.put(withdrawal(key), bounds, nowMs);
    for (const key of ["a", "b", "c"]) assert.equal(await put(key), "kept");
    assert.equal(await put("d"), "full");
    assert.deepEqual(await withdrawals.find(["d"], startMs), []);
    assert.equal(await put("a"), "kept");
    assert.equal(await withdrawals.put(withdrawal("bobs", { owner: "bob" }), bounds, startMs), "kept");
    // Those that have expired count no more.
    assert.equal(
      await withdrawals.put(withdrawal("d", { expiresAtMs: startMs + 9999 }), bounds, startMs + 1000),
      "kept",
    );
  });

  check("beyond so many withdrawals in all those go that expire first", async ({ withdrawals }) => {
    const keys = [40, 10, 30, 20, 60, 50, 70].map(String);
    for (const key of keys) {
      const given = withdrawal(key, { owner: key, expiresAtMs: startMs + Number(key) });
      assert.equal(await withdrawals.put(given, bounds, startMs), "kept");
    }
    const left = (await withdrawals.find(keys, startMs)).map(({ key }) => key);
    assert.deepEqual(left.sort(), ["20", "30", "40", "50", "60", "70"]);
  });

  check("of withdrawals at once none is lost", async ({ withdrawals }) => {
    const same = Array.from({ length: 10 }, (_, i) => withdrawal("a", { atMs: startMs + i }));
    const others = ["b", "c"].map((key) => withdrawal(key));
    await Promise.all([...same, ...others].map((each) => withdrawals.put(each, bounds, startMs)));
    const found = await withdrawals.find(["a", "b", "c"], startMs);
    assert.equal(found.length, 3);
    assert.equal(found.find(({ key }) => key === "a")?.atMs, startMs + 9);
  });
}
