import assert from "node:assert/strict";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

export function usersConformance(check: StoreCase): void {
  check("a user is created with what is given and the defaults for the rest", async ({ users }) => {
    const { user, created } = await users.ensure("+491", { displayName: "Ann", proof: "code" }, startMs);
    assert.equal(created, true);
    assert.deepEqual(user, {
      id: "+491",
      displayName: "Ann",
      proof: "code",
      presence: "everyone",
      doNotDisturb: false,
      admin: false,
      createdAtMs: startMs,
    });
    assert.deepEqual(await users.find("+491"), user);
    assert.equal(await users.find("+492"), undefined);
  });

  check("a user that exists is not changed by being ensured again", async ({ users }) => {
    await users.ensure("+491", { displayName: "Ann", admin: true }, startMs);
    const again = await users.ensure("+491", { displayName: "Eve", presence: "nobody" }, startMs + 1);
    assert.equal(again.created, false);
    assert.equal(again.user.displayName, "Ann");
    assert.equal(again.user.createdAtMs, startMs);
    assert.deepEqual(await users.find("+491"), again.user);
  });

  check("of many who create the same user at once exactly one is told so", async ({ users }) => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => users.ensure("+491", { displayName: `name ${i}` }, startMs + i)),
    );
    assert.equal(results.filter((result) => result.created).length, 1);
    assert.equal(new Set(results.map((result) => result.user.displayName)).size, 1);
  });

  check("an update changes what it names and nothing else", async ({ users }) => {
    await users.ensure("+491", { displayName: "Ann", doNotDisturb: true }, startMs);
    const updated = await users.update("+491", { presence: "contacts", lastSeenAtMs: startMs + 5, admin: true });
    assert.deepEqual(updated, {
      id: "+491",
      displayName: "Ann",
      presence: "contacts",
      doNotDisturb: true,
      admin: true,
      createdAtMs: startMs,
      lastSeenAtMs: startMs + 5,
    });
    const off = await users.update("+491", { doNotDisturb: false, admin: false, displayName: "" });
    assert.equal(off?.doNotDisturb, false);
    assert.equal(off?.admin, false);
    assert.equal(off?.displayName, "");
    assert.deepEqual(await users.find("+491"), off);
  });

  check("an update of an unknown user creates none", async ({ users }) => {
    assert.equal(await users.update("+491", { displayName: "Ann" }), undefined);
    assert.equal(await users.find("+491"), undefined);
  });

  check("it is known whether there is an administrator, however they came or went", async ({ users }) => {
    await users.ensure("+491", {}, startMs);
    assert.equal(await users.hasAdmin(), false);
    await users.update("+491", { admin: true });
    await users.ensure("+492", { admin: true }, startMs);
    assert.equal(await users.hasAdmin(), true);
    await users.update("+491", { admin: false });
    assert.equal(await users.hasAdmin(), true);
    await users.erase("+492", "deleted:1");
    assert.equal(await users.hasAdmin(), false);
  });

  check("many users are found at once, unknown and repeated ones apart", async ({ users }) => {
    for (const id of ["+491", "+492", "+493"]) await users.ensure(id, {}, startMs);
    const found = await users.findMany(["+493", "+491", "+499", "+491"]);
    assert.deepEqual(found.map((user) => user.id).sort(), ["+491", "+493"]);
    assert.deepEqual(await users.findMany([]), []);
  });
}
