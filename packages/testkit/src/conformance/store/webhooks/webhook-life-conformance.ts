import assert from "node:assert/strict";
import type { Store } from "@echoo/core";
import { startMs } from "../../ended-call.ts";
import { pushDevice } from "../accounts/push-devices-conformance.ts";
import type { StoreCase } from "../store-case.ts";
import { brief, callFact, dayMs, hook, receiveAll, refuse } from "./told.ts";

const ann = "+491";
const gone = "deleted:7f3a";

/** What a store tells of accounts by itself, and how long it keeps what. */
export function webhookLifeConformance(check: StoreCase): void {
  accountsConformance(check);
  erasingConformance(check);
  keepingConformance(check);
}

async function everything({ webhooks }: Store): Promise<string> {
  return JSON.stringify(await webhooks.deliveries("all", {}, 99));
}

function accountsConformance(check: StoreCase): void {
  check("an account that comes to be is told once, with how its number was proven", async (store) => {
    await store.webhooks.put(hook(), 9);
    await store.users.ensure(ann, { proof: "code" }, startMs);
    await store.users.ensure(ann, { proof: "jwt" }, startMs + 5);
    const received = await receiveAll(store);
    assert.deepEqual(brief(received), ["1 user.created"]);
    const createdAt = new Date(startMs).toISOString();
    assert.deepEqual(JSON.parse(received[0]?.data ?? ""), { phone: ann, createdAt, proof: "code" });
    assert.equal(await store.webhooks.finish(9), 0);
  });

  check("a device whose address is gone is told once, and again once it was registered again", async (store) => {
    await store.webhooks.put(hook(), 9);
    const times = { createdAtMs: startMs, lastUsedAtMs: startMs, expiresAtMs: startMs + 1000 };
    await store.tokens.insert({ id: "token", userId: ann, hash: "hash", ...times });
    const device = pushDevice("phone");
    await store.pushDevices.put(device, 9);
    assert.equal(await store.pushDevices.addressGone(ann, "phone", device.address), true);
    assert.equal(await store.pushDevices.addressGone(ann, "phone", device.address), false);
    assert.deepEqual(await store.pushDevices.list(ann, startMs), []);
    await store.pushDevices.put({ ...device, registeredAtMs: startMs + 1 }, 9);
    assert.equal((await store.pushDevices.list(ann, startMs)).length, 1);
    assert.equal(await store.pushDevices.addressGone(ann, "phone", device.address), true);
    const received = await receiveAll(store);
    assert.deepEqual(brief(received), ["1 device.gone", "2 device.gone"]);
    assert.deepEqual(JSON.parse(received[0]?.data ?? ""), { phone: ann, deviceId: "phone", platform: "web" });
    assert.equal(await store.webhooks.finish(9), 0);
  });
}

function erasingConformance(check: StoreCase): void {
  check("an erased number is in no event but the one that tells of it, until that was delivered", async (store) => {
    for (const id of ["a", "b"]) await store.webhooks.put(hook(id), 9);
    await store.users.ensure(ann, {}, startMs);
    await store.webhooks.announce([
      callFact("one", "call.started"),
      callFact("others'", "call.started", { parties: [], data: `{"note":"${ann}"}` }),
    ]);
    await store.users.erase(ann, gone);
    await store.users.erase(ann, gone);
    const received = await receiveAll(store);
    const ofCall = received.find(({ data }) => data.includes("callee"));
    assert.deepEqual(JSON.parse(ofCall?.data ?? ""), {
      callId: "one",
      caller: { phone: gone },
      callee: { phone: "+492" },
    });
    const [created, erased, ...more] = received.filter(({ type }) => type.startsWith("user."));
    assert.deepEqual(more, []);
    assert.deepEqual([created?.type, created?.sequence], ["user.created", 1]);
    assert.equal(JSON.parse(created?.data ?? "").phone, gone);
    assert.deepEqual([erased?.type, erased?.sequence], ["user.erased", 2]);
    assert.deepEqual(JSON.parse(erased?.data ?? ""), { phone: ann, erasedAs: gone });
    assert.equal(
      (await everything(store)).split(`"phone\\":\\"${ann}`).length,
      3,
      "webhook b was not told yet, of one event",
    );
    await receiveAll(store, "b");
    assert.ok(!(await everything(store)).includes(`phone\\":\\"${ann}`), "the number is still there");
  });

  check("the number of an erased account goes when its event is parked as well", async (store) => {
    await store.webhooks.put(hook(), 9);
    await store.users.erase(ann, gone);
    await refuse(store, startMs, startMs + dayMs);
    assert.ok((await everything(store)).includes(ann));
    await refuse(store, startMs + dayMs, startMs + dayMs);
    assert.deepEqual(await store.webhooks.counts(), { waiting: 0, parked: 1 });
    assert.ok(!(await everything(store)).includes(ann));
  });

  check("who takes an erased number begins anew", async (store) => {
    await store.webhooks.put(hook(), 9);
    await store.users.ensure(ann, {}, startMs);
    await store.users.erase(ann, gone);
    await store.users.ensure(ann, {}, startMs + 1);
    const received = await receiveAll(store, "a", startMs + 1);
    assert.deepEqual([...brief(received)].sort(), ["1 user.created", "1 user.created", "2 user.erased"]);
    assert.equal(new Set(received.map(({ id }) => id)).size, 3);
  });
}

function keepingConformance(check: StoreCase): void {
  check("an event can be replayed for seven days, and one that waits stays longer", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    await webhooks.announce([callFact("done", "call.started"), callFact("open", "call.started")]);
    const [subject] = (await webhooks.due("a", startMs, 9)).filter(({ of }) => of === "done");
    await webhooks.settle(subject?.uid ?? "", { webhook: "a", sequence: 1 }, { outcome: "delivered" }, startMs);
    assert.equal(await webhooks.sweep(startMs + 7 * dayMs - 1, 9), 0);
    await webhooks.sweep(startMs + 7 * dayMs + 1, 9);
    const left = await webhooks.deliveries("all", {}, 9);
    assert.deepEqual(
      left.map(({ event, standing }) => [event.id, standing]),
      [["evt_open_call.started", "waiting"]],
    );
  });

  check("a call's numbers go on for a month, an account's for as long as it lives", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    const later = (days: number) => startMs + days * dayMs;
    await store.users.ensure(ann, {}, startMs);
    await webhooks.announce([callFact("one", "call.ended")]);
    await receiveAll(store);
    await webhooks.sweep(later(8), 9);
    await webhooks.announce([callFact("one", "call.verdict", { atMs: later(8) })]);
    assert.deepEqual(brief(await receiveAll(store, "a", later(8))), ["2 call.verdict"]);
    for (const days of [16, 39, 400]) await webhooks.sweep(later(days), 9);
    await webhooks.announce([callFact("one", "call.started", { atMs: later(400) })]);
    const fact = {
      kind: "user",
      of: ann,
      type: "device.gone",
      key: "1",
      id: "new",
      parties: [ann],
      data: "{}",
    } as const;
    await webhooks.announce([{ ...fact, atMs: later(400) }]);
    const received = await receiveAll(store, "a", later(400));
    assert.deepEqual([...brief(received)].sort(), ["1 call.started", "2 device.gone"]);
    assert.equal(await webhooks.sweep(later(400), 9), 0);
  });

  check("beyond the bound go delivered events, then parked ones, then those that wait longest", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    const ids = ["parked", "waiting", "delivered", "newest"];
    for (const [i, id] of ids.entries()) {
      await webhooks.announce([callFact(id, "call.started", { atMs: startMs + i })]);
    }
    await refuse(store, startMs + 3, startMs + 3);
    const due = await webhooks.due("a", startMs + dayMs + 3, 9);
    const settle = (of: string, outcome: Parameters<typeof webhooks.settle>[2], nowMs: number) =>
      webhooks.settle(due.find((one) => one.of === of)?.uid ?? "", { webhook: "a", sequence: 1 }, outcome, nowMs);
    await settle("parked", { outcome: "failed", why: "500", againAtMs: 0 }, startMs + dayMs + 3);
    await settle("delivered", { outcome: "delivered" }, startMs + 3);
    assert.deepEqual(await webhooks.counts(), { waiting: 2, parked: 1 });
    const left = async () =>
      new Set((await webhooks.deliveries("all", {}, 9)).map(({ event }) => event.id.split("_")[1]));
    assert.equal(await webhooks.trim(4), 0);
    assert.equal(await webhooks.trim(3), 1);
    assert.deepEqual(await left(), new Set(["parked", "waiting", "newest"]));
    await webhooks.trim(2);
    assert.deepEqual(await left(), new Set(["waiting", "newest"]));
    await webhooks.trim(1);
    assert.deepEqual(await left(), new Set(["newest"]));
  });
}
