import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type PushOrder, type PushOutcome, StoreUnavailable } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { PushQueue, pushBounds } from "../../src/push/push-queue.ts";
import type { SendResult } from "../../src/push/push-sender.ts";

type Attempt = {
  readonly order: PushOrder;
  readonly answer: (result: SendResult | { outcome: "seen" | "early" }) => void;
};

/** Lets everything go on that only waits for promises. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function queueOf() {
  const clock = new FakeClock();
  const attempts: Attempt[] = [];
  const counted: string[] = [];
  const faults: unknown[] = [];
  const done: string[] = [];
  const wanted = new Set<string>();
  let isAway = false;
  const queue = new PushQueue({
    clock,
    deliver: (order) =>
      isAway
        ? Promise.reject(new StoreUnavailable("away"))
        : new Promise((answer) => void attempts.push({ order, answer })),
    onOutcome: ({ kind, outcome }) => void counted.push(`${kind} ${outcome}`),
    onFault: (error) => void faults.push(error),
  });
  function send(callId: string, kind: "ring" | "stop" = "ring") {
    wanted.add(callId);
    const facts = { callId, caller: "ann", callee: "bob", device: "phone", isVideo: false };
    const end = { reason: "cancelled", missed: true, rang: true, endedAtMs: clock.now() } as const;
    const order: PushOrder =
      kind === "ring" ? { ...facts, kind, endsAtMs: clock.now() + 60_000 } : { ...facts, ...end, kind };
    const told = (outcome: PushOutcome) => void done.push(`${kind} ${callId} ${outcome}`);
    queue.send(order, () => wanted.has(callId), told);
  }
  const database = (away: boolean) => {
    isAway = away;
  };
  return { clock, queue, attempts, counted, faults, done, wanted, send, database };
}

describe("the queue of pushes", () => {
  test("tells what came of each", async () => {
    const { send, attempts, done, counted } = queueOf();
    for (const id of ["a", "b", "c", "d"]) send(id);
    attempts[0]?.answer({ outcome: "accepted" });
    attempts[1]?.answer({ outcome: "gone" });
    attempts[2]?.answer({ outcome: "refused", why: "403" });
    attempts[3]?.answer({ outcome: "seen" });
    await settled();
    assert.deepEqual(done, ["ring a sent", "ring b gone", "ring c none", "ring d none"]);
    assert.deepEqual(counted, ["ring accepted", "ring gone", "ring refused", "ring unneeded"]);
  });

  test("tries twice more within the ring, when the service says so, and then gives up", async () => {
    const { clock, send, attempts, done } = queueOf();
    send("a");
    attempts[0]?.answer({ outcome: "later", unsure: false, retryInMs: 7_000 });
    await settled();
    clock.advance(6_999);
    assert.equal(attempts.length, 1);
    clock.advance(1);
    attempts[1]?.answer({ outcome: "later", unsure: false });
    await settled();
    clock.advance(3_000);
    assert.equal(attempts.length, 3);
    attempts[2]?.answer({ outcome: "later", unsure: false });
    await settled();
    assert.deepEqual(done, ["ring a none"]);
  });

  test("does not wait beyond the ring's end", async () => {
    const { send, attempts, done } = queueOf();
    send("a");
    attempts[0]?.answer({ outcome: "later", unsure: false, retryInMs: 60_000 });
    await settled();
    assert.deepEqual(done, ["ring a none"]);
  });

  test("does not know whether a service that broke off has it, whatever it says later", async () => {
    const { clock, send, attempts, done } = queueOf();
    send("a");
    attempts[0]?.answer({ outcome: "later", unsure: true });
    await settled();
    clock.advance(1_000);
    attempts[1]?.answer({ outcome: "refused", why: "403" });
    await settled();
    assert.deepEqual(done, ["ring a unsure"]);
  });

  test("makes no attempt for a ring that is over, nor another one", async () => {
    const { clock, send, attempts, done, wanted } = queueOf();
    send("a");
    attempts[0]?.answer({ outcome: "later", unsure: false });
    await settled();
    wanted.delete("a");
    clock.advance(1_000);
    await settled();
    assert.equal(attempts.length, 1);
    assert.deepEqual(done, ["ring a none"]);
  });

  test("waits for the database, and for a record that is not stored yet", async () => {
    const { clock, send, attempts, database, done } = queueOf();
    database(true);
    send("a");
    await settled();
    database(false);
    clock.advance(1_000);
    attempts[0]?.answer({ outcome: "accepted" });
    send("b", "stop");
    attempts[1]?.answer({ outcome: "early" });
    await settled();
    clock.advance(1_000);
    attempts[2]?.answer({ outcome: "accepted" });
    await settled();
    assert.deepEqual(done, ["ring a sent", "stop b sent"]);
  });

  test("that hang hold 64 places, and rings go before what else waits", async () => {
    const { send, attempts } = queueOf();
    for (let i = 0; i < pushBounds.underWay; i += 1) send(`hangs ${i}`);
    send("stop", "stop");
    send("ring");
    assert.equal(attempts.length, pushBounds.underWay);
    attempts[0]?.answer({ outcome: "accepted" });
    await settled();
    assert.deepEqual(attempts.at(-1)?.order.callId, "ring");
  });

  test("of which 1,000 wait: a ring takes the place of the newest stop, and what finds none is counted", async () => {
    const { clock, queue, send, counted, done } = queueOf();
    for (let i = 0; i < pushBounds.underWay; i += 1) send(`hangs ${i}`);
    for (let i = 0; i < pushBounds.waiting; i += 1) send(`s${i}`, "stop");
    assert.equal(queue.waiting, pushBounds.waiting);
    send("one more", "stop");
    send("ring");
    assert.equal(queue.waiting, pushBounds.waiting);
    clock.advance(0);
    assert.deepEqual(done, ["stop one more none", "stop s999 none"]);
    for (let i = 0; i < pushBounds.waiting; i += 1) send(`r${i}`);
    assert.deepEqual(counted.filter((line) => line === "ring counted").length, 1);
  });

  test("ends nothing when it is stopped: the next process has all that waited", async () => {
    const { clock, queue, send, attempts, done } = queueOf();
    send("a");
    queue.stop();
    attempts[0]?.answer({ outcome: "accepted" });
    await settled();
    clock.advance(100_000);
    assert.deepEqual(done, []);
  });
});
