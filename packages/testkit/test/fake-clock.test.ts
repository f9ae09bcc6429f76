import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../src/fake-clock.ts";

test("timers run in order of time, and those of the same moment in the order they were made", () => {
  const clock = new FakeClock(1_000);
  const rows: string[] = [];
  const note = (name: string) => () => rows.push(`${clock.now()} ${name}`);
  clock.after(30, note("third"));
  clock.after(10, note("first"));
  clock.after(10, note("second"));
  clock.advance(30);
  assert.deepEqual(rows, ["1010 first", "1010 second", "1030 third"]);
  assert.equal(clock.pendingTimers, 0);
});

test("a timer made while the clock moves runs within the same move, at its own time", () => {
  const clock = new FakeClock(0);
  const times: number[] = [];
  const tick = () => {
    times.push(clock.now());
    clock.after(15, tick);
  };
  clock.after(15, tick);
  clock.advance(50);
  assert.deepEqual(times, [15, 30, 45]);
  assert.equal(clock.now(), 50);
  assert.equal(clock.pendingTimers, 1);
});

test("a cancelled timer never runs, also when another of the same moment cancels it", () => {
  const clock = new FakeClock(0);
  const rows: string[] = [];
  clock.after(5, () => {
    rows.push("kept");
    cancel();
  });
  const cancel = clock.after(5, () => rows.push("cancelled"));
  clock.advance(10);
  cancel();
  assert.deepEqual(rows, ["kept"]);
});

test("a timer without delay waits for the next move of the clock", () => {
  const clock = new FakeClock(0);
  let ran = false;
  clock.after(0, () => {
    ran = true;
  });
  assert.equal(ran, false);
  clock.advance(0);
  assert.equal(ran, true);
});

test("a clock refuses to go back", () => {
  assert.throws(() => new FakeClock(0).advance(-1), RangeError);
});

test("a timer that renews itself for ever fails the test instead of hanging it", () => {
  const clock = new FakeClock(0);
  const again = () => void clock.after(0, again);
  again();
  assert.throws(() => clock.advance(1), /more than/);
});
