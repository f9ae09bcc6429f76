import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { Webhook } from "standardwebhooks";
import { senderBounds } from "../../src/webhooks/webhook-sender.ts";
import { secret, sequencesOf, settle, webhookWorld } from "./webhook-world.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const url = "https://receiver.example/hook";

function target(id = "a") {
  return { id, url: `${url}/${id}`, secrets: [secret], createdAtMs: 0 };
}

const calls = (n: number, prefix = "call") => Array.from({ length: n }, (_, i) => `${prefix} ${i}`);

describe("the sender of webhooks", () => {
  test("a receiver that is down for ten minutes gets every event, in the order of its call, under one id", async (t) => {
    const { store, world, startSender, pass, announce, posted, taken, clock } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    startSender();
    const backAtMs = clock.now() + 10 * minuteMs;
    world.answer = () => {
      if (clock.now() < backAtMs) throw new Error("connect ECONNREFUSED");
      return { status: 200 };
    };
    for (const type of ["call.started", "call.answered", "call.ended"] as const) {
      await announce(calls(40), type);
      await pass(2 * minuteMs);
    }
    await pass(20 * minuteMs);
    assert.equal(taken.length, 120);
    for (const sequences of sequencesOf(taken).values()) assert.deepEqual(sequences, [1, 2, 3]);
    const ids = new Map(posted.map(({ of, sequence, id }) => [`${of} ${sequence}`, id]));
    assert.ok(posted.every(({ of, sequence, id }) => ids.get(`${of} ${sequence}`) === id));
    assert.equal(new Set(ids.values()).size, 120);
    assert.ok(posted.length < 120 + 40 * 6, `it was asked ${posted.length} times`);
    assert.deepEqual(await store.webhooks.counts(), { waiting: 0, parked: 0 });
  });

  test("an answer of 500 is followed by the same event under the same id, signed anew", async (t) => {
    const { store, world, startSender, pass, announce, posted, taken } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    let asked = 0;
    world.answer = () => ({ status: ++asked === 1 ? 500 : 200 });
    await announce(["one"], "call.started");
    startSender();
    await settle();
    await announce(["one"], "call.ended");
    await pass(4_000);
    assert.equal(posted.length, 1);
    await pass(1_000);
    assert.deepEqual(
      posted.map(({ id }) => id),
      ["evt_one_call.started", "evt_one_call.started", "evt_one_call.ended"],
    );
    assert.equal(posted[0]?.body, posted[1]?.body);
    assert.notEqual(posted[0]?.headers["webhook-timestamp"], posted[1]?.headers["webhook-timestamp"]);
    assert.equal(taken.length, 2);
  });

  test("what is posted is signed by Standard Webhooks, with both secrets of a rotation", async (t) => {
    const { store, startSender, announce, posted } = webhookWorld(t);
    const older = "whsec_dGhlIHNlY3JldCBvZiBiZWZvcmUgdGhpcw==";
    await store.webhooks.put({ ...target(), secrets: [secret, older] }, 9);
    await announce(["one"], "call.started");
    startSender();
    await settle();
    const [post] = posted;
    t.mock.timers.enable({ apis: ["Date"], now: post?.atMs ?? 0 });
    for (const each of [secret, older]) {
      const event = new Webhook(each).verify(post?.body ?? "", { ...post?.headers }) as object;
      assert.deepEqual(Object.keys(event), ["type", "id", "sequence", "time", "data"]);
    }
    assert.equal(post?.headers["webhook-id"], "evt_one_call.started");
  });

  test("a webhook of the settings is signed with their secrets", async (t) => {
    const { store, startSender, announce, posted } = webhookWorld(t);
    await store.webhooks.put({ ...target(), secrets: [] }, 9);
    await announce(["one"], "call.started");
    startSender();
    await settle();
    t.mock.timers.enable({ apis: ["Date"], now: posted[0]?.atMs ?? 0 });
    new Webhook(secret).verify(posted[0]?.body ?? "", { ...posted[0]?.headers });
  });

  test("a receiver that hangs has eight posts at once, and holds up no other one", async (t) => {
    const { store, world, startSender, pass, announce, posted } = webhookWorld(t);
    for (const id of ["a", "b"]) await store.webhooks.put(target(id), 9);
    const hangs: (() => void)[] = [];
    world.answer = (post) =>
      post.url.endsWith("/a") ? new Promise((resolve) => void hangs.push(() => resolve({}))) : {};
    await announce(calls(20), "call.started");
    startSender();
    await pass(2_000);
    const of = (id: string) => posted.filter((post) => post.url.endsWith(id)).length;
    assert.deepEqual([of("/a"), of("/b")], [senderBounds.atOncePerWebhook, 20]);
    while (hangs.length > 0) {
      hangs.shift()?.();
      await settle();
    }
    await pass(2_000);
    assert.deepEqual([of("/a"), of("/b")], [20, 20]);
  });

  test("the pauses grow to four hours, and after a day the event is parked with those behind it", async (t) => {
    const { store, world, startSender, pass, announce, posted, outcomes } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    world.answer = () => ({ status: 503 });
    await announce(["one"], "call.started");
    startSender();
    await settle();
    await announce(["one"], "call.ended");
    await pass(24 * hourMs + minuteMs, 60_000);
    const pauses = posted.slice(1).map(({ atMs }, i) => Math.round((atMs - (posted[i]?.atMs ?? 0)) / minuteMs));
    assert.deepEqual(pauses.slice(2, 8), [2, 10, 30, 60, 120, 240]);
    assert.ok(Math.max(...pauses) <= 241 && posted.length <= 14, `${pauses}`);
    assert.equal(outcomes.at(-1), "parked");
    assert.deepEqual(await store.webhooks.counts(), { waiting: 0, parked: 2 });
    const before = posted.length;
    world.answer = () => ({});
    await pass(hourMs, 60_000);
    assert.equal(posted.length, before);
  });

  test("a receiver that says when it wants to be asked again is not asked before", async (t) => {
    const { store, world, startSender, pass, announce, posted } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    world.answer = () => ({ status: 429, headers: { "retry-after": "90" } });
    await announce(["one"], "call.started");
    startSender();
    await pass(89_000);
    assert.equal(posted.length, 1);
    await pass(2_000);
    assert.equal(posted.length, 2);
  });

  test("a database that is away stops nothing for good", async (t) => {
    const { store, startSender, pass, announce, taken } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    await announce(["one"], "call.started");
    const settled = t.mock.method(store.webhooks, "settle", async () => {
      throw new StoreUnavailable(new Error("away"));
    });
    startSender();
    await pass(senderBounds.restMs - 1_000);
    assert.equal(taken.length, 1, "it is not posted again and again meanwhile");
    settled.mock.restore();
    await pass(3_000);
    assert.deepEqual(await store.webhooks.counts(), { waiting: 0, parked: 0 });
    assert.deepEqual(
      taken.map(({ id }) => id),
      ["evt_one_call.started", "evt_one_call.started"],
    );
  });
});

describe("several nodes", () => {
  test("one of them posts, each event once", async (t) => {
    const { store, startSender, pass, announce, taken } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    for (const node of ["one", "two", "three"]) startSender(node);
    await announce(calls(30), "call.started");
    await pass(5_000);
    await announce(calls(30), "call.ended");
    await pass(60_000);
    assert.equal(taken.length, 60);
  });

  test("what a killed one had begun is posted again by the next, under the same id, within half a minute", async (t) => {
    const { store, world, startSender, pass, announce, posted, taken } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    await announce(["one"], "call.started");
    // The answer never reaches the first one, which is not heard of any more.
    world.answer = () => new Promise(() => {});
    const dead = startSender("dead");
    await settle();
    t.mock.method(store.webhooks, "takeLease", takingAs(store.webhooks.takeLease.bind(store.webhooks), "dead"));
    world.answer = () => ({});
    startSender("next");
    await pass(senderBounds.leaseMs - 1_000);
    assert.equal(posted.length, 1);
    await pass(2_000);
    assert.deepEqual(
      posted.map(({ id }) => id),
      ["evt_one_call.started", "evt_one_call.started"],
    );
    assert.equal(taken.length, 1);
    assert.equal(dead.isUsed, true);
  });

  test("one that stops leaves the work to another at once", async (t) => {
    const { store, startSender, pass, announce, taken } = webhookWorld(t);
    await store.webhooks.put(target(), 9);
    const first = startSender("first");
    await settle();
    startSender("second");
    await settle();
    await first.stop();
    await announce(["one"], "call.started");
    await pass(senderBounds.renewEveryMs + 1_000);
    assert.equal(taken.length, 1);
  });
});

/** The lease of one that was killed is renewed no more. */
function takingAs<T extends (holder: string, nowMs: number, untilMs: number) => Promise<boolean>>(
  take: T,
  dead: string,
) {
  return (holder: string, nowMs: number, untilMs: number) =>
    holder === dead ? Promise.resolve(false) : take(holder, nowMs, untilMs);
}
