import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import fc from "fast-check";
import { SettledNow, settledAfterMs } from "../../src/time/settled-now.ts";

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

test("a clock that was set ahead is believed once it has stood for a day, and one that was set back at once", () => {
  const clock = new FakeClock();
  const settled = new SettledNow(clock);
  const startMs = clock.now();
  clock.advance(2 * hourMs);
  clock.jump(yearMs);
  assert.equal(settled.now(), startMs + 2 * hourMs);
  clock.advance(settledAfterMs - 1);
  assert.equal(settled.now(), startMs + 2 * hourMs + settledAfterMs - 1);
  clock.advance(1);
  assert.equal(settled.now(), clock.now());
  clock.jump(-yearMs);
  assert.equal(settled.now(), clock.now());
});

test("a jump ahead for a minute is never believed, nor is one that nobody looked at for days before", () => {
  const clock = new FakeClock();
  const settled = new SettledNow(clock);
  clock.advance(40 * 24 * hourMs);
  clock.jump(yearMs);
  assert.equal(settled.now(), clock.now() - yearMs);
  clock.advance(60_000);
  clock.jump(-yearMs);
  for (let hours = 0; hours < 72; hours += 1) {
    clock.advance(hourMs);
    assert.equal(settled.now(), clock.now());
  }
});

test("on its first day a process takes itself to begin a day after the last one at most", () => {
  const clock = new FakeClock();
  const aliveAtMs = clock.now();
  clock.jump(yearMs);
  const settled = new SettledNow(clock);
  settled.lived(aliveAtMs);
  assert.equal(settled.now(), aliveAtMs + settledAfterMs);
  clock.advance(hourMs);
  settled.now();
  clock.advance(settledAfterMs);
  assert.equal(settled.now(), clock.now());
  const usual = new SettledNow(clock);
  usual.lived(clock.now() - 7 * hourMs);
  assert.equal(usual.now(), clock.now());
});

test("whatever is done to a clock, it is never ahead of it, nor of what it said on any moment of the last day", () => {
  const step = fc.record({ passMs: fc.nat({ max: 9 * hourMs }), jumpMs: fc.integer({ min: -hourMs, max: hourMs }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new FakeClock();
      const settled = new SettledNow(clock);
      const seen = [{ atMs: clock.steady(), aheadMs: clock.now() - clock.steady() }];
      for (const { passMs, jumpMs } of steps) {
        clock.advance(passMs);
        clock.jump(jumpMs);
        seen.push({ atMs: clock.steady(), aheadMs: clock.now() - clock.steady() });
        const believed = settled.now() - clock.steady();
        const since = clock.steady() - settledAfterMs;
        for (const { atMs, aheadMs } of seen) if (atMs > since) assert.ok(believed <= aheadMs);
        assert.ok(settled.waiting <= 26, `${settled.waiting} steps`);
      }
    }),
  );
});
