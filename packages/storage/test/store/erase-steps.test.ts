import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { pause } from "@echoo/testkit";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { erased, halfErase, replacement } from "./half-erased.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("an erasure that dies at any of its steps can be gone on with, and nobody gets the number until it is whole", async (t) => {
  let steps = 0;
  for (let broke = true; broke; steps += 1) {
    const folder = temporaryFolder();
    t.after(() => folder.remove());
    const file = join(folder.path, "echoo.db");
    broke = await halfErase(file, steps);
    const store = openSqliteStore({ pause, file });
    t.after(() => store.close());
    const { users, calls, contacts } = store;
    if (broke) {
      assert.equal(await users.find(erased), undefined);
      assert.equal(await users.isErasing(erased), true);
      assert.deepEqual(await users.unfinishedErasures(9), [{ userId: erased, replacement }]);
      await assert.rejects(users.ensure(erased, {}, 1), StoreUnavailable);
      // With another name for the number the calls of one person would be two persons'.
      await users.erase(erased, "deleted:another");
    }
    assert.equal(await users.isErasing(erased), false);
    assert.deepEqual(await contacts.list(erased), []);
    assert.deepEqual((await calls.page({ viewer: erased, limit: 9 })).calls, []);
    for (let i = 0; i < 60; i += 1) assert.equal((await calls.find(`call ${i}`))?.caller, replacement);
    assert.equal((await users.ensure(erased, {}, 1)).created, true);
  }
  assert.ok(steps > 4, `it took ${steps} steps alone`);
});
