import assert from "node:assert/strict";
import type { Calls, CallsLook, Users, UsersQuery } from "@echoo/core";
import { endedCall, missedCall, startMs } from "../ended-call.ts";
import type { StoreCase } from "./store-case.ts";

const [ann, bob, cat] = ["+491", "+492", "+493"];
const whole = { sinceMs: 0, untilMs: startMs + 1_000_000, limit: 100 };

async function lookedAt(calls: Calls, look: Partial<CallsLook>): Promise<string[]> {
  return (await calls.look({ ...whole, ...look })).map(({ callId }) => callId);
}

/** Page after page of so many, until one is not full. */
async function lookedInPages(calls: Calls, look: Partial<CallsLook>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let page = await calls.look({ ...whole, ...look, limit }); ; ) {
    ids.push(...page.map(({ callId }) => callId));
    const after = page.at(-1);
    if (after === undefined || page.length < limit) return ids;
    page = await calls.look({ ...whole, ...look, limit, after });
  }
}

async function listed(users: Users, query: Partial<UsersQuery>): Promise<string[]> {
  return (await users.list({ limit: 100, ...query })).map(({ id }) => id);
}

/** What administrators ask of a store. */
export function administrationConformance(check: StoreCase): void {
  looks(check);
  accounts(check);
}

function looks(check: StoreCase): void {
  check("all calls of a time are looked at newest first, whatever their parties see of them", async ({ calls }) => {
    await calls.record([
      endedCall("first", { createdAtMs: startMs + 1 }),
      missedCall("shadow", { createdAtMs: startMs + 2, callerOnly: true }),
      endedCall("hidden", { createdAtMs: startMs + 3, caller: cat }),
      endedCall("last", { createdAtMs: startMs + 4 }),
    ]);
    await calls.report(endedCall("told", { createdAtMs: startMs + 5 }), ann, false);
    for (const viewer of [cat, bob]) assert.equal(await calls.hide(viewer, "hidden"), true);
    assert.deepEqual(await lookedAt(calls, {}), ["told", "last", "hidden", "shadow", "first"]);
    assert.deepEqual(await lookedAt(calls, { sinceMs: startMs + 2, untilMs: startMs + 4 }), ["hidden", "shadow"]);
    const [shadow] = await calls.look({ ...whole, sinceMs: startMs + 2, untilMs: startMs + 3 });
    assert.deepEqual(shadow, missedCall("shadow", { createdAtMs: startMs + 2, callerOnly: true }));
  });

  check("a party's calls are all of them, those that it hid or may not see included, each once", async ({ calls }) => {
    await calls.record([
      endedCall("own", { createdAtMs: startMs + 1 }),
      missedCall("shadow", { createdAtMs: startMs + 2, callerOnly: true }),
      endedCall("hidden", { createdAtMs: startMs + 3 }),
      endedCall("other", { createdAtMs: startMs + 4, caller: cat, callee: "+494" }),
    ]);
    await calls.hide(bob, "hidden");
    await calls.report(endedCall("told by ann", { createdAtMs: startMs + 5 }), ann, false);
    await calls.report(endedCall("told to both", { createdAtMs: startMs + 6 }), ann, true);
    await calls.report(endedCall("told by bob", { createdAtMs: startMs + 7, caller: bob, callee: ann }), bob, false);
    const both = ["told by bob", "told to both", "told by ann", "hidden", "shadow", "own"];
    for (const party of [ann, bob]) {
      assert.deepEqual(await lookedAt(calls, { party }), both, party);
      assert.deepEqual(await lookedInPages(calls, { party }, 2), both, party);
      assert.deepEqual(await lookedAt(calls, { party, sinceMs: startMs + 2, untilMs: startMs + 6 }), both.slice(2, 5));
    }
    assert.deepEqual(await lookedAt(calls, { party: cat }), ["other"]);
    assert.deepEqual(await lookedAt(calls, { party: "+499" }), []);
  });

  check("pages of a look repeat and skip nothing, though many calls have one moment", async ({ calls }) => {
    const ids = Array.from({ length: 25 }, (_, i) => `call ${String(i).padStart(2, "0")}`);
    await calls.record(ids.map((callId, i) => endedCall(callId, { createdAtMs: startMs + Math.floor(i / 10) })));
    for (const party of [undefined, ann]) {
      const look = party === undefined ? {} : { party };
      assert.deepEqual(await lookedInPages(calls, look, 4), [...ids].reverse());
    }
    const after = { createdAtMs: startMs + 2, callId: "call 20" };
    assert.deepEqual(await lookedAt(calls, { after, untilMs: startMs + 1, limit: 1 }), ["call 09"]);
  });
}

function accounts(check: StoreCase): void {
  check("accounts are listed by number, from one on, by its beginning", async ({ users }) => {
    for (const id of ["+4930", "+4912", "+1555", "0800", "+4911"]) await users.ensure(id, {}, startMs);
    assert.deepEqual(await listed(users, {}), ["+1555", "+4911", "+4912", "+4930", "0800"]);
    assert.deepEqual(await listed(users, { prefix: "+49" }), ["+4911", "+4912", "+4930"]);
    assert.deepEqual(await listed(users, { prefix: "+49", limit: 2 }), ["+4911", "+4912"]);
    assert.deepEqual(await listed(users, { prefix: "+49", after: "+4912" }), ["+4930"]);
    assert.deepEqual(await listed(users, { prefix: "+4911" }), ["+4911"]);
    assert.deepEqual(await listed(users, { prefix: "+49115" }), []);
  });

  check("administrators and suspended accounts are listed alone", async ({ users }) => {
    for (const id of [ann, bob, cat]) await users.ensure(id, { admin: id === bob }, startMs);
    await users.update(cat, { suspended: true });
    await users.update(ann, { admin: true });
    assert.deepEqual(await listed(users, { only: "admin" }), [ann, bob]);
    assert.deepEqual(await listed(users, { only: "admin", after: ann }), [bob]);
    assert.deepEqual(await listed(users, { only: "suspended" }), [cat]);
    assert.deepEqual(await listed(users, { only: "suspended", prefix: ann }), []);
  });

  check("a suspension comes and goes, and leaves an account as it was", async ({ users }) => {
    const { user } = await users.ensure(ann, { displayName: "Ann" }, startMs);
    assert.deepEqual(await users.update(ann, { suspended: true }), { ...user, suspended: true });
    assert.deepEqual(await users.update(ann, { displayName: "Ann" }), { ...user, suspended: true });
    assert.deepEqual(await users.find(ann), { ...user, suspended: true });
    assert.deepEqual(await users.update(ann, { suspended: false }), user);
    assert.deepEqual(await users.find(ann), user);
  });

  check("the last administrator stays one, also where two remove each other at once", async ({ users }) => {
    for (const id of [ann, bob]) await users.ensure(id, { admin: true }, startMs);
    await users.ensure(cat, {}, startMs);
    assert.equal(await users.removeAdmin(cat), "none");
    assert.equal(await users.removeAdmin("+499"), "none");
    const outcomes = await Promise.all([users.removeAdmin(ann), users.removeAdmin(bob)]);
    assert.ok(outcomes.includes("last"), outcomes.join());
    const left = await listed(users, { only: "admin" });
    assert.equal(left.length, 2 - outcomes.filter((outcome) => outcome === "removed").length);
    for (const id of left.slice(1)) assert.equal(await users.removeAdmin(id), "removed");
    assert.equal(await users.removeAdmin(left[0] ?? ""), "last");
    assert.equal(await users.hasAdmin(), true);
  });
}
