import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Store, StoreUnavailable } from "@echoo/core";
import { FakeClock, pause } from "@echoo/testkit";
import { createUserFactsCache } from "../../src/user-facts/user-facts-cache.ts";
import { temporaryStore } from "../temporary-store.ts";

const ann = "5550001";
const bob = "5550002";

async function setUp(t: TestContext, change: (store: Store) => Store = (store) => store) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  for (const id of [ann, bob]) await store.users.ensure(id, { displayName: `name of ${id}` }, clock.now());
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const caughtUp: string[] = [];
  const onCaughtUp = (user: string) => void caughtUp.push(user);
  const userFacts = createUserFactsCache({
    store: change(store),
    clock,
    pause,
    maxPeople: 2,
    maxListed: 5,
    onFailure,
    onCaughtUp,
  });
  return { clock, store, userFacts, failures, caughtUp };
}

test("facts are read once and then at hand", async (t) => {
  const { clock, store, userFacts } = await setUp(t);
  await store.contacts.put(ann, { contact: bob, name: "Bob", createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: "5559", createdAtMs: clock.now() }, 10);
  assert.equal(userFacts.cached(ann), undefined);
  const facts = await userFacts.load(ann);
  assert.ok(facts);
  assert.deepEqual([facts.registered, facts.displayName, facts.presence], [true, `name of ${ann}`, "everyone"]);
  assert.ok(facts.contacts.has(bob));
  assert.ok(facts.blocked.has("5559"));
  assert.equal(userFacts.cached(ann), facts);
});

test("a change is seen after a refresh, and a refresh of a user who was never asked for reads nothing", async (t) => {
  const { store, userFacts } = await setUp(t);
  await userFacts.load(ann);
  await store.users.update(ann, { doNotDisturb: true });
  assert.equal(userFacts.cached(ann)?.doNotDisturb, false);
  await userFacts.refresh(ann);
  assert.equal(userFacts.cached(ann)?.doNotDisturb, true);
  await userFacts.refresh(bob);
  assert.equal(userFacts.cached(bob), undefined);
});

test("a number that was erased is in no user's contacts or blocks, at once", async (t) => {
  const { clock, store, userFacts } = await setUp(t);
  await store.contacts.put(ann, { contact: bob, name: "Bob", createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: bob, createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: "5559", createdAtMs: clock.now() }, 10);
  await userFacts.load(ann);
  const late = userFacts.load(bob);
  await store.users.erase(bob, "deleted:1");
  userFacts.erased(bob);
  assert.deepEqual([...(userFacts.cached(ann)?.contacts ?? [])], []);
  assert.deepEqual([...(userFacts.cached(ann)?.blocked.keys() ?? [])], ["5559"]);
  await late;
});

test("the user who was not asked for longest is forgotten first", async (t) => {
  const { userFacts } = await setUp(t);
  await userFacts.load(ann);
  await userFacts.load(bob);
  userFacts.cached(ann);
  await userFacts.load("5553");
  assert.ok(userFacts.cached(ann));
  assert.equal(userFacts.cached(bob), undefined);
});

test("the user who was not asked for longest is forgotten first, too, where their lists are long", async (t) => {
  const { clock, store, userFacts } = await setUp(t);
  const list = async (owner: string, count: number) => {
    for (let i = 0; i < count; i += 1) {
      await store.blocks.put(owner, { blocked: `555${i}`, createdAtMs: clock.now() }, 10);
    }
  };
  await list(ann, 3);
  await list(bob, 3);
  await userFacts.load(ann);
  await userFacts.load(bob);
  assert.deepEqual([userFacts.cached(ann), userFacts.cached(bob)?.blocked.size], [undefined, 3]);
  // One whose lists alone are longer than that is kept all the same, and nobody else.
  await list(ann, 6);
  assert.equal((await userFacts.load(ann))?.blocked.size, 6);
  assert.deepEqual([userFacts.cached(ann)?.blocked.size, userFacts.cached(bob)], [6, undefined]);
  await store.blocks.remove(ann, "5550");
  await userFacts.refresh(ann);
  userFacts.erased("5551");
  await list(bob, 1);
  await userFacts.load(bob);
  assert.deepEqual([userFacts.cached(ann)?.blocked.size, userFacts.cached(bob)?.blocked.size], [undefined, 3]);
});

test("a store that is away gives no user, and is asked again next time", async (t) => {
  let away = true;
  const { userFacts, failures } = await setUp(t, (store) => ({
    ...store,
    users: {
      ...store.users,
      find: async (id) => {
        if (away) throw new StoreUnavailable(new Error("gone"));
        return store.users.find(id);
      },
    },
  }));
  assert.equal(await userFacts.load(ann), undefined);
  assert.equal(userFacts.cached(ann), undefined);
  assert.equal(failures.length, 1);
  away = false;
  assert.equal((await userFacts.load(ann))?.registered, true);
});

test("a store that hangs is given up after two seconds", async (t) => {
  const { clock, userFacts, failures } = await setUp(t, (store) => ({
    ...store,
    users: { ...store.users, find: () => new Promise(() => {}) },
  }));
  const facts = userFacts.load(ann);
  while (clock.pendingTimers === 0) await new Promise(setImmediate);
  clock.advance(1999);
  assert.equal(failures.length, 0);
  clock.advance(1);
  assert.equal(await facts, undefined);
  assert.equal(failures.length, 1);
  assert.equal(clock.pendingTimers, 0);
});

test("a load that began before a change does not outlive it", async (t) => {
  const gates: (() => void)[] = [];
  const { store, userFacts } = await setUp(t, (real) => ({
    ...real,
    users: {
      ...real.users,
      find: async (id) => {
        const user = await real.users.find(id);
        await new Promise<void>((resolve) => gates.push(resolve));
        return user;
      },
    },
  }));
  const before = userFacts.load(ann);
  while (gates.length < 1) await new Promise(setImmediate);
  await store.users.update(ann, { doNotDisturb: true });
  const refreshed = userFacts.refresh(ann);
  while (gates.length < 2) await new Promise(setImmediate);
  gates[1]?.();
  await refreshed;
  gates[0]?.();
  await before;
  assert.equal(userFacts.cached(ann)?.doNotDisturb, true);
});

/** Somebody's facts, from a store that can be sent away. */
async function setUpAway(t: TestContext) {
  const state = { isAway: false };
  const setup = await setUp(t, (real) => ({
    ...real,
    users: {
      ...real.users,
      find: async (id) => {
        if (state.isAway) throw new StoreUnavailable(new Error("gone"));
        return real.users.find(id);
      },
    },
  }));
  return { ...setup, state };
}

test("who is held stays known, however many others are asked about, and until they are released as often", async (t) => {
  const { userFacts } = await setUpAway(t);
  for (const _ of ["two", "devices"]) userFacts.hold(ann);
  await userFacts.load(ann);
  for (let other = 0; other < 5; other += 1) await userFacts.load(`555300${other}`);
  userFacts.release(ann);
  await userFacts.load(bob);
  assert.equal(userFacts.cached(ann)?.displayName, `name of ${ann}`);
  userFacts.release(ann);
  for (let other = 0; other < 2; other += 1) await userFacts.load(`555300${other}`);
  assert.equal(userFacts.cached(ann), undefined);
});

test("a change of somebody held that cannot be read leaves their blocks, and is read when the store is back", async (t) => {
  const { clock, store, userFacts, state, caughtUp } = await setUpAway(t);
  await store.blocks.put(ann, { blocked: bob, createdAtMs: clock.now() }, 10);
  userFacts.hold(ann);
  await userFacts.load(ann);
  await store.users.update(ann, { doNotDisturb: true });
  state.isAway = true;
  await userFacts.refresh(ann);
  clock.advance(2_000);
  await new Promise(setImmediate);
  assert.deepEqual([userFacts.cached(ann)?.blocked.has(bob), userFacts.cached(ann)?.doNotDisturb], [true, false]);
  assert.deepEqual(caughtUp, []);
  state.isAway = false;
  clock.advance(2_000);
  await new Promise(setImmediate);
  assert.deepEqual([userFacts.cached(ann)?.blocked.has(bob), userFacts.cached(ann)?.doNotDisturb], [true, true]);
  assert.deepEqual(caughtUp, [ann]);
  assert.equal(clock.pendingTimers, 0);
});

test("a user who is let go before their change could be read is read anew at the next question", async (t) => {
  const { clock, userFacts, state } = await setUpAway(t);
  userFacts.hold(ann);
  await userFacts.load(ann);
  state.isAway = true;
  await userFacts.refresh(ann);
  userFacts.release(ann);
  assert.equal(userFacts.cached(ann), undefined);
  userFacts.stop();
  assert.equal(clock.pendingTimers, 0);
});
