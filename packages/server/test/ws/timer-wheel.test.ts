import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { TimerWheel } from "../../src/ws/running/timer-wheel.ts";

const slotMs = 10;

function setUp() {
  const clock = new FakeClock();
  const ran: string[] = [];
  const wheel = new TimerWheel(clock, slotMs);
  const after = (delayMs: number, name: string) => wheel.after(delayMs, () => void ran.push(name));
  return { clock, wheel, ran, after };
}

test("a timer runs at its time or up to a slot later, never sooner, whenever it was set", () => {
  const { clock, ran, after } = setUp();
  after(1_000, "keeps the wheel turning");
  for (const offset of [0, 1, 5, 9]) {
    clock.advance(offset);
    const setAtMs = clock.steady();
    after(25, "timer");
    ran.length = 0;
    while (!ran.includes("timer")) clock.advance(1);
    const tookMs = clock.steady() - setAtMs;
    assert.ok(tookMs >= 25 && tookMs < 25 + slotMs, `${tookMs} ms`);
  }
});

test("those of one slot wake the process once", () => {
  const { clock, ran, after } = setUp();
  after(slotMs, "a");
  clock.advance(3);
  after(slotMs - 3, "b");
  assert.equal(clock.pendingTimers, 1);
  clock.advance(7);
  assert.deepEqual([ran, clock.pendingTimers], [["a", "b"], 0]);
});

test("a cancelled one does not run, nor one that another of its slot cancels, and with the last the timer goes", () => {
  const { clock, wheel, ran, after } = setUp();
  let cancel = () => {};
  wheel.after(slotMs, () => cancel());
  cancel = after(slotMs, "cancelled in its slot");
  after(slotMs, "goes on");
  after(5 * slotMs, "cancelled before")();
  clock.advance(slotMs);
  assert.deepEqual([ran, clock.pendingTimers], [["goes on"], 0]);
});

test("one that throws does not stop the wheel", () => {
  const { clock, wheel, ran, after } = setUp();
  wheel.after(slotMs, () => {
    throw new Error("of its own");
  });
  after(2 * slotMs, "later");
  assert.throws(() => clock.advance(slotMs), /of its own/);
  clock.advance(slotMs);
  assert.deepEqual(ran, ["later"]);
});
