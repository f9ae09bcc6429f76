import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Store, StoreUnavailable } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { createPeople } from "../../src/accounts/people.ts";
import { pause } from "../../src/platform.ts";
import { temporaryStore } from "./temporary-store.ts";

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
  const people = createPeople({
    store: change(store),
    clock,
    pause,
    maxPeople: 2,
    maxListed: 5,
    onFailure,
    onCaughtUp,
  });
  return { clock, store, people, failures, caughtUp };
}

test("facts are read once and then at hand", async (t) => {
  const { clock, store, people } = await setUp(t);
  await store.contacts.put(ann, { contact: bob, name: "Bob", createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: "5559", createdAtMs: clock.now() }, 10);
  assert.equal(people.cached(ann), undefined);
  const facts = await people.load(ann);
  assert.ok(facts);
  assert.deepEqual([facts.registered, facts.displayName, facts.presence], [true, `name of ${ann}`, "everyone"]);
  assert.ok(facts.contacts.has(bob));
  assert.ok(facts.blocked.has("5559"));
  assert.equal(people.cached(ann), facts);
});

test("a change is seen after a refresh, and a refresh of nobody asked for reads nothing", async (t) => {
  const { store, people } = await setUp(t);
  await people.load(ann);
  await store.users.update(ann, { doNotDisturb: true });
  assert.equal(people.cached(ann)?.doNotDisturb, false);
  await people.refresh(ann);
  assert.equal(people.cached(ann)?.doNotDisturb, true);
  await people.refresh(bob);
  assert.equal(people.cached(bob), undefined);
});

test("a number that was erased is nobody's contact, and blocked by nobody, at once", async (t) => {
  const { clock, store, people } = await setUp(t);
  await store.contacts.put(ann, { contact: bob, name: "Bob", createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: bob, createdAtMs: clock.now() }, 10);
  await store.blocks.put(ann, { blocked: "5559", createdAtMs: clock.now() }, 10);
  await people.load(ann);
  const late = people.load(bob);
  await store.users.erase(bob, "deleted:1");
  people.erased(bob);
  assert.deepEqual([...(people.cached(ann)?.contacts ?? [])], []);
  assert.deepEqual([...(people.cached(ann)?.blocked.keys() ?? [])], ["5559"]);
  await late;
});

test("whoever was not asked for longest is forgotten first", async (t) => {
  const { people } = await setUp(t);
  await people.load(ann);
  await people.load(bob);
  people.cached(ann);
  await people.load("5553");
  assert.ok(people.cached(ann));
  assert.equal(people.cached(bob), undefined);
});

test("whoever was not asked for longest is forgotten first, too, where their lists are long", async (t) => {
  const { clock, store, people } = await setUp(t);
  const list = async (owner: string, count: number) => {
    for (let i = 0; i < count; i += 1) {
      await store.blocks.put(owner, { blocked: `555${i}`, createdAtMs: clock.now() }, 10);
    }
  };
  await list(ann, 3);
  await list(bob, 3);
  await people.load(ann);
  await people.load(bob);
  assert.deepEqual([people.cached(ann), people.cached(bob)?.blocked.size], [undefined, 3]);
  // One whose lists alone are longer than that is kept all the same, and nobody else.
  await list(ann, 6);
  assert.equal((await people.load(ann))?.blocked.size, 6);
  assert.deepEqual([people.cached(ann)?.blocked.size, people.cached(bob)], [6, undefined]);
  await store.blocks.remove(ann, "5550");
  await people.refresh(ann);
  people.erased("5551");
  await list(bob, 1);
  await people.load(bob);
  assert.deepEqual([people.cached(ann)?.blocked.size, people.cached(bob)?.blocked.size], [undefined, 3]);
});

test("a store that is away gives nobody, and is asked again next time", async (t) => {
  let away = true;
  const { people, failures } = await setUp(t, (store) => ({
    ...store,
    users: {
      ...store.users,
      find: async (id) => {
        if (away) throw new StoreUnavailable(new Error("gone"));
        return store.users.find(id);
      },
    },
  }));
  assert.equal(await people.load(ann), undefined);
  assert.equal(people.cached(ann), undefined);
  assert.equal(failures.length, 1);
  away = false;
  assert.equal((await people.load(ann))?.registered, true);
});

test("a store that hangs is given up after two seconds", async (t) => {
  const { clock, people, failures } = await setUp(t, (store) => ({
    ...store,
    users: { ...store.users, find: () => new Promise(() => {}) },
  }));
  const facts = people.load(ann);
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
  const { store, people } = await setUp(t, (real) => ({
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
  const before = people.load(ann);
  while (gates.length < 1) await new Promise(setImmediate);
  await store.users.update(ann, { doNotDisturb: true });
  const refreshed = people.refresh(ann);
  while (gates.length < 2) await new Promise(setImmediate);
  gates[1]?.();
  await refreshed;
  gates[0]?.();
  await before;
  assert.equal(people.cached(ann)?.doNotDisturb, true);
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
  const { people } = await setUpAway(t);
  for (const _ of ["two", "devices"]) people.hold(ann);
  await people.load(ann);
  for (let other = 0; other < 5; other += 1) await people.load(`555300${other}`);
  people.release(ann);
  await people.load(bob);
  assert.equal(people.cached(ann)?.displayName, `name of ${ann}`);
  people.release(ann);
  for (let other = 0; other < 2; other += 1) await people.load(`555300${other}`);
  assert.equal(people.cached(ann), undefined);
});

test("a change of somebody held that cannot be read leaves their blocks, and is read when the store is back", async (t) => {
  const { clock, store, people, state, caughtUp } = await setUpAway(t);
  await store.blocks.put(ann, { blocked: bob, createdAtMs: clock.now() }, 10);
  people.hold(ann);
  await people.load(ann);
  await store.users.update(ann, { doNotDisturb: true });
  state.isAway = true;
  await people.refresh(ann);
  clock.advance(2_000);
  await new Promise(setImmediate);
  assert.deepEqual([people.cached(ann)?.blocked.has(bob), people.cached(ann)?.doNotDisturb], [true, false]);
  assert.deepEqual(caughtUp, []);
  state.isAway = false;
  clock.advance(2_000);
  await new Promise(setImmediate);
  assert.deepEqual([people.cached(ann)?.blocked.has(bob), people.cached(ann)?.doNotDisturb], [true, true]);
  assert.deepEqual(caughtUp, [ann]);
  assert.equal(clock.pendingTimers, 0);
});

test("who is let go before a change of theirs could be read is read anew when somebody asks", async (t) => {
  const { clock, people, state } = await setUpAway(t);
  people.hold(ann);
  await people.load(ann);
  state.isAway = true;
  await people.refresh(ann);
  people.release(ann);
  assert.equal(people.cached(ann), undefined);
  people.stop();
  assert.equal(clock.pendingTimers, 0);
});
