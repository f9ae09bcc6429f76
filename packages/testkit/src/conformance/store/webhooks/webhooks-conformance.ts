import assert from "node:assert/strict";
import { startMs } from "../../ended-call.ts";
import type { StoreCase } from "../store-case.ts";
import { brief, callFact, dayMs, hook, receiveAll, refuse } from "./told.ts";

export function webhooksConformance(check: StoreCase): void {
  targetsConformance(check);
  tellingConformance(check);
  deliveryConformance(check);
  parkingConformance(check);
  leaseConformance(check);
}

function targetsConformance(check: StoreCase): void {
  check("a webhook is kept whole, changed in its place, and removed once", async ({ webhooks }) => {
    assert.equal(await webhooks.put(hook("b"), 2), "created");
    assert.equal(await webhooks.put(hook("a"), 2), "created");
    assert.equal(await webhooks.put(hook("c"), 2), "full");
    const changed = { ...hook("b"), url: "https://new.example/", secrets: ["one", "two"] };
    assert.equal(await webhooks.put({ ...changed, createdAtMs: startMs + 5 }, 2), "updated");
    assert.deepEqual(await webhooks.list(), [hook("a"), changed]);
    assert.equal(await webhooks.remove("b"), true);
    assert.equal(await webhooks.remove("b"), false);
    assert.deepEqual(await webhooks.list(), [hook("a")]);
  });

  check("a webhook that is removed gets nothing more, and nothing waits for it", async (store) => {
    const { webhooks } = store;
    for (const id of ["a", "b"]) await webhooks.put(hook(id), 9);
    await webhooks.announce([callFact("one", "call.started")]);
    await webhooks.remove("b");
    assert.deepEqual(await webhooks.due("b", startMs, 9), []);
    assert.deepEqual(await webhooks.counts(), { waiting: 1, parked: 0 });
    await receiveAll(store);
    assert.deepEqual(await webhooks.counts(), { waiting: 0, parked: 0 });
  });
}

function tellingConformance(check: StoreCase): void {
  check("where there is no webhook nothing is kept", async (store) => {
    await store.webhooks.announce([callFact("one", "call.started")]);
    await store.users.ensure("+491", {}, startMs);
    await store.webhooks.put(hook(), 9);
    assert.deepEqual(await receiveAll(store), []);
    assert.deepEqual(await store.webhooks.deliveries("all", {}, 9), []);
  });

  check("the events of a call are numbered without gaps, each by itself and in their order", async (store) => {
    await store.webhooks.put(hook(), 9);
    await store.webhooks.announce([callFact("one", "call.started"), callFact("two", "call.started")]);
    await store.webhooks.announce([callFact("one", "call.answered"), callFact("one", "call.ended")]);
    const received = await receiveAll(store);
    const of = (callId: string) => received.filter(({ data }) => JSON.parse(data).callId === callId);
    assert.deepEqual(brief(of("one")), ["1 call.started", "2 call.answered", "3 call.ended"]);
    assert.deepEqual(brief(of("two")), ["1 call.started"]);
  });

  check("what is told again is the same event, with its first id and its first words", async (store) => {
    await store.webhooks.put(hook(), 9);
    const first = callFact("one", "call.started", { id: "first" });
    await store.webhooks.announce([first]);
    await store.webhooks.announce([{ ...first, id: "second", data: "{}" }, callFact("one", "call.ended")]);
    await store.webhooks.announce([{ ...first, id: "third" }]);
    const received = await receiveAll(store);
    assert.deepEqual(
      received.map(({ id, sequence }) => [id, sequence]),
      [
        ["first", 1],
        ["evt_one_call.ended", 2],
      ],
    );
    assert.equal(received[0]?.data, first.data);
  });

  check("what several tell of one call at once has one number each", async (store) => {
    await store.webhooks.put(hook(), 9);
    const types = ["call.started", "call.answered", "call.ended", "call.missed"] as const;
    await Promise.all(
      [...types, ...types].map((type, i) => store.webhooks.announce([callFact("one", type, { id: `${i}` })])),
    );
    const received = await receiveAll(store);
    assert.deepEqual(
      received.map(({ sequence }) => sequence),
      [1, 2, 3, 4],
    );
    assert.deepEqual(new Set(received.map(({ type }) => type)), new Set(types));
  });

  check("a subject keeps 64 events, and the oldest one goes for the next", async (store) => {
    await store.webhooks.put(hook(), 9);
    for (let i = 1; i <= 65; i++) {
      await store.webhooks.announce([callFact("one", "device.gone", { key: `${i}`, id: `${i}` })]);
    }
    const received = await receiveAll(store);
    assert.deepEqual([received[0]?.sequence, received.length], [2, 64]);
  });
}

function deliveryConformance(check: StoreCase): void {
  check("an event is due until it was delivered, and the one behind it only then", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    await webhooks.announce([callFact("one", "call.started"), callFact("one", "call.ended")]);
    const [subject] = await webhooks.due("a", startMs, 9);
    const { uid = "" } = subject ?? {};
    const second = { webhook: "a", sequence: 2 };
    assert.equal(await webhooks.settle(uid, second, { outcome: "delivered" }, startMs), undefined);
    const after = await webhooks.settle(uid, { webhook: "a", sequence: 1 }, { outcome: "delivered" }, startMs);
    assert.equal(after?.cursors[0]?.next, 2);
    assert.equal(await webhooks.settle("nothing", second, { outcome: "delivered" }, startMs), undefined);
    assert.deepEqual(brief(await receiveAll(store)), ["2 call.ended"]);
    assert.deepEqual(await webhooks.due("a", startMs, 9), []);
  });

  check("those that wait longest are due first", async ({ webhooks }) => {
    await webhooks.put(hook(), 9);
    for (const [id, at] of [
      ["late", 5],
      ["early", 1],
      ["between", 3],
    ] as const) {
      await webhooks.announce([callFact(id, "call.started", { atMs: startMs + at })]);
    }
    const names = async (nowMs: number, limit: number) => (await webhooks.due("a", nowMs, limit)).map(({ of }) => of);
    assert.deepEqual(await names(startMs + 5, 2), ["early", "between"]);
    assert.deepEqual(await names(startMs, 9), []);
  });

  check("a webhook that refuses holds up no other one", async (store) => {
    for (const id of ["a", "b"]) await store.webhooks.put(hook(id), 9);
    await store.webhooks.announce([callFact("one", "call.started")]);
    await refuse(store, startMs, startMs + 1000);
    await store.webhooks.announce([callFact("one", "call.ended")]);
    assert.deepEqual(brief(await receiveAll(store, "b")), ["1 call.started", "2 call.ended"]);
    assert.deepEqual(await receiveAll(store, "a", startMs + 999), []);
    assert.deepEqual(brief(await receiveAll(store, "a", startMs + 1000)), ["1 call.started", "2 call.ended"]);
  });

  check("what happened since a time is posted once more, with what came after it", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    await webhooks.announce([
      callFact("one", "call.started"),
      callFact("one", "call.answered", { atMs: startMs + 10 }),
      callFact("one", "call.ended", { atMs: startMs + 20 }),
      callFact("old", "call.started"),
    ]);
    const first = await receiveAll(store, "a", startMs + 20);
    assert.equal(await webhooks.replay({}, startMs + 10, startMs + 30), 1);
    const again = await receiveAll(store, "a", startMs + 30);
    assert.deepEqual(brief(again), ["2 call.answered", "3 call.ended"]);
    assert.deepEqual(
      again,
      first.filter(({ atMs }) => atMs >= startMs + 10),
    );
    assert.equal(await webhooks.replay({ webhook: "b" }, startMs, startMs + 30), 0);
  });
}

function parkingConformance(check: StoreCase): void {
  check("what is refused for a day is parked with those behind it, until somebody asks", async (store) => {
    const { webhooks } = store;
    await webhooks.put(hook(), 9);
    await webhooks.announce([callFact("one", "call.started"), callFact("one", "call.answered")]);
    await refuse(store, startMs, startMs + dayMs - 1);
    await refuse(store, startMs + dayMs - 1, startMs + 3 * dayMs);
    assert.deepEqual(await webhooks.counts(), { waiting: 2, parked: 0 }, "the last try is at the end of the day");
    await refuse(store, startMs + dayMs, startMs + 3 * dayMs);
    assert.deepEqual(await webhooks.counts(), { waiting: 0, parked: 2 });
    await webhooks.announce([callFact("one", "call.ended")]);
    assert.deepEqual(await receiveAll(store, "a", startMs + 9 * dayMs), []);
    const parked = await webhooks.deliveries("parked", {}, 9);
    assert.deepEqual(
      parked.map(({ event, attempts, lastError }) => [event.type, attempts, lastError]),
      [
        ["call.started", 3, "500"],
        ["call.answered", 0, undefined],
        ["call.ended", 0, undefined],
      ],
    );
    assert.equal(await webhooks.retry({ event: "another" }, startMs + 2 * dayMs), 0);
    assert.equal(await webhooks.retry({ event: "evt_one_call.ended" }, startMs + 2 * dayMs), 1);
    const received = await receiveAll(store, "a", startMs + 2 * dayMs);
    assert.deepEqual(brief(received), ["1 call.started", "2 call.answered", "3 call.ended"]);
  });
}

function leaseConformance(check: StoreCase): void {
  check(
    "of several nodes that ask at once one has the lease, until it leaves it or does not come back",
    async ({ webhooks }) => {
      const nodes = ["one", "two", "three"];
      const asked = await Promise.all(nodes.map((node) => webhooks.takeLease(node, startMs, startMs + 10)));
      assert.equal(asked.filter(Boolean).length, 1);
      const holder = nodes[asked.indexOf(true)] ?? "";
      assert.equal(await webhooks.takeLease(holder, startMs + 5, startMs + 20), true);
      assert.equal(await webhooks.takeLease("four", startMs + 19, startMs + 30), false);
      assert.equal(await webhooks.takeLease("four", startMs + 20, startMs + 30), true);
      await webhooks.leaveLease(holder);
      assert.equal(await webhooks.takeLease(holder, startMs + 21, startMs + 40), false);
      await webhooks.leaveLease("four");
      assert.equal(await webhooks.takeLease(holder, startMs + 21, startMs + 40), true);
    },
  );
}
