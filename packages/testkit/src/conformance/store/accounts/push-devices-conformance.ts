import assert from "node:assert/strict";
import type { PushDevice, Store } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";

const ann = "+491";
const bob = "+492";
const lifeMs = 1000;

export function pushDevice(deviceId: string, changes: Partial<PushDevice> = {}): PushDevice {
  return {
    userId: ann,
    deviceId,
    platform: "web",
    address: `{"endpoint":"https://push.example/${deviceId}"}`,
    addressKey: `key of ${deviceId}`,
    tokenId: "token",
    tokenKind: "own",
    createdAtMs: startMs,
    registeredAtMs: startMs,
    dueAtMs: startMs + lifeMs,
    ...changes,
  };
}

async function signIn({ tokens }: Store, id = "token", userId = ann, expiresAtMs = startMs + lifeMs): Promise<void> {
  const times = { createdAtMs: startMs, lastUsedAtMs: startMs, expiresAtMs };
  await tokens.insert({ id, userId, hash: `hash of ${id}`, ...times });
}

async function namesOf({ pushDevices }: Store, user = ann, nowMs = startMs): Promise<readonly string[]> {
  return (await pushDevices.list(user, nowMs)).map(({ deviceId }) => deviceId);
}

export function pushDevicesConformance(check: StoreCase): void {
  registrationConformance(check);
  lifeConformance(check);
  sweepConformance(check);

  check("a key that several make at once is the one that came first, for all of them", async ({ keys }) => {
    const made = ["one", "two", "three"].map((value) => keys.findOrKeep("vapid", value, startMs));
    const kept = new Set(await Promise.all(made));
    assert.equal(kept.size, 1);
    assert.deepEqual(new Set([await keys.findOrKeep("vapid", "four", startMs)]), kept);
    assert.equal(await keys.findOrKeep("another", "five", startMs), "five");
  });
}

function registrationConformance(check: StoreCase): void {
  check("a device to push to is kept whole, and put again keeps the time of its creation", async (store) => {
    await signIn(store);
    const whole = pushDevice("a", { name: "Ann's phone", locale: "de-AT" });
    assert.equal(await store.pushDevices.put(whole, 9), "created");
    assert.deepEqual(await store.pushDevices.list(ann, startMs), [whole]);
    const later = pushDevice("a", { platform: "fcm", address: "{}", addressKey: "new", registeredAtMs: startMs + 5 });
    assert.equal(await store.pushDevices.put({ ...later, createdAtMs: startMs + 5 }, 9), "updated");
    assert.deepEqual(await store.pushDevices.list(ann, startMs), [later]);
  });

  check("of two devices with one address the last to register has it, whosever they are", async (store) => {
    await signIn(store);
    await signIn(store, "bob's", bob);
    await store.pushDevices.put(pushDevice("a", { addressKey: "same" }), 9);
    await store.pushDevices.put(pushDevice("b", { addressKey: "same" }), 9);
    assert.deepEqual(await namesOf(store), ["b"]);
    await store.pushDevices.put(pushDevice("b", { addressKey: "same", userId: bob, tokenId: "bob's" }), 9);
    assert.deepEqual([await namesOf(store), await namesOf(store, bob)], [[], ["b"]]);
  });

  check("of two that register one address at once exactly one has it", async (store) => {
    await signIn(store);
    await Promise.all(["a", "b", "c"].map((id) => store.pushDevices.put(pushDevice(id, { addressKey: "same" }), 9)));
    assert.equal((await namesOf(store)).length, 1);
  });

  check("beyond the bound of a user that device goes which was registered longest ago", async (store) => {
    await signIn(store);
    await signIn(store, "bob's", bob);
    await store.pushDevices.put(pushDevice("bob's", { userId: bob, tokenId: "bob's" }), 2);
    const at = (id: string, ms: number) => pushDevice(id, { registeredAtMs: startMs + ms });
    await store.pushDevices.put(at("a", 1), 2);
    await store.pushDevices.put(at("b", 2), 2);
    await store.pushDevices.put(at("a", 3), 2);
    assert.deepEqual(await namesOf(store), ["a", "b"]);
    await store.pushDevices.put(at("c", 4), 2);
    assert.deepEqual([await namesOf(store), await namesOf(store, bob)], [["a", "c"], ["bob's"]]);
  });

  check("a device is removed once, and by its own user alone", async (store) => {
    await signIn(store);
    await store.pushDevices.put(pushDevice("a"), 9);
    assert.equal(await store.pushDevices.remove(bob, "a"), false);
    assert.equal(await store.pushDevices.hasAny(), true);
    assert.equal(await store.pushDevices.remove(ann, "a"), true);
    assert.equal(await store.pushDevices.remove(ann, "a"), false);
    assert.equal(await store.pushDevices.hasAny(), false);
  });

  check("an address that is gone takes its device along, unless it has another one since", async (store) => {
    await signIn(store);
    const device = pushDevice("a");
    await store.pushDevices.put({ ...device, address: "{}" }, 9);
    assert.equal(await store.pushDevices.addressGone(ann, "a", device.address), false);
    assert.equal(await store.pushDevices.addressGone(ann, "a", "{}"), true);
    assert.deepEqual(await namesOf(store), []);
  });
}

function lifeConformance(check: StoreCase): void {
  check("a device lives as long as its token, and longer when that is used", async (store) => {
    await signIn(store);
    await store.pushDevices.put(pushDevice("a"), 9);
    assert.deepEqual(await namesOf(store, ann, startMs + lifeMs - 1), ["a"]);
    assert.deepEqual(await namesOf(store, ann, startMs + lifeMs), []);
    await store.tokens.touch("token", startMs + 900, startMs + 2 * lifeMs);
    assert.deepEqual(await namesOf(store, ann, startMs + lifeMs), ["a"]);
  });

  check("a revoked token takes its devices along, and no others", async (store) => {
    await signIn(store);
    await signIn(store, "second");
    await store.pushDevices.put(pushDevice("a"), 9);
    await store.pushDevices.put(pushDevice("b", { tokenId: "second" }), 9);
    await store.tokens.revoke(ann, "token");
    assert.deepEqual(await namesOf(store), ["b"]);
    assert.equal(await store.pushDevices.remove(ann, "a"), false);
  });

  check("a device that a token registered which is gone by then is never given out", async (store) => {
    await store.pushDevices.put(pushDevice("a"), 9);
    assert.deepEqual(await namesOf(store), []);
    await signIn(store, "token", bob);
    assert.deepEqual(await namesOf(store), []);
  });

  check("a device of the host product's token lives until its own time, or its logout", async (store) => {
    const ofHost = (id: string, tokenId: string) => pushDevice(id, { tokenKind: "host", tokenId });
    await store.pushDevices.put(ofHost("a", "j1"), 9);
    await store.pushDevices.put(ofHost("b", "j2"), 9);
    assert.deepEqual(await namesOf(store, ann, startMs + lifeMs - 1), ["a", "b"]);
    assert.deepEqual(await namesOf(store, ann, startMs + lifeMs), []);
    await store.pushDevices.removeOfToken(ann, "j1");
    assert.deepEqual(await namesOf(store), ["b"]);
    await signIn(store);
    await store.pushDevices.put(pushDevice("own"), 9);
    await store.pushDevices.removeOfToken(ann);
    assert.deepEqual(await namesOf(store), ["own"]);
  });

  check("an erased account's devices go at once, those of others stay", async (store) => {
    for (const [user, token] of [[ann, "token"] as const, [bob, "bob's"] as const]) {
      await store.users.ensure(user, {}, startMs);
      await signIn(store, token, user);
      await store.pushDevices.put(pushDevice(`of ${user}`, { userId: user, tokenId: token }), 9);
    }
    await store.users.erase(ann, "deleted:1");
    assert.equal(await store.pushDevices.remove(ann, `of ${ann}`), false);
    assert.deepEqual(await namesOf(store, bob), [`of ${bob}`]);
  });
}

function sweepConformance(check: StoreCase): void {
  check(
    "a sweep deletes devices whose token has ended, and leaves the others for their tokens' time",
    async (store) => {
      await signIn(store);
      await signIn(store, "lasting", ann, startMs + 9 * lifeMs);
      await store.pushDevices.put(pushDevice("expired"), 9);
      await store.pushDevices.put(pushDevice("lasting", { tokenId: "lasting" }), 9);
      await store.pushDevices.put(pushDevice("host's", { tokenKind: "host" }), 9);
      await store.pushDevices.put(pushDevice("of nobody's", { tokenId: "gone" }), 9);
      assert.equal(await store.pushDevices.sweep(startMs + lifeMs - 1, 9), 0);
      assert.equal(await store.pushDevices.sweep(startMs + lifeMs, 2), 2);
      assert.equal(await store.pushDevices.sweep(startMs + lifeMs, 9), 2);
      assert.equal(await store.pushDevices.sweep(startMs + lifeMs, 9), 0);
      assert.deepEqual(await namesOf(store, ann, startMs + lifeMs), ["lasting"]);
      for (const id of ["expired", "of nobody's", "host's"]) {
        assert.equal(await store.pushDevices.remove(ann, id), false);
      }
    },
  );
}
