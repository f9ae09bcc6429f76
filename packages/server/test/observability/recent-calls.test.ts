import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { RecentCalls, recentBounds } from "../../src/observability/recent-calls.ts";

const minuteMs = 60_000;

test("ends are told by the minute, of an hour and no longer; the oldest minute goes first", () => {
  const clock = new FakeClock();
  const recent = new RecentCalls(clock);
  const startMs = clock.now();
  for (let minute = 0; minute <= recentBounds.minutes; minute += 1) {
    recent.ended("hangup");
    if (minute < recentBounds.minutes) clock.advance(minuteMs);
  }
  recent.ended("busy");
  const minutes = recent.minutes();
  assert.equal(minutes.length, recentBounds.minutes);
  assert.equal(minutes[0]?.startMs, startMs + minuteMs);
  assert.deepEqual(minutes.at(-1)?.ended, { hangup: 1, busy: 1 });
  clock.advance(2 * recentBounds.minutes * minuteMs);
  assert.deepEqual(recent.minutes(), []);
});

test("set-up times are of as many calls a minute as are kept, and all are counted", () => {
  const clock = new FakeClock();
  const recent = new RecentCalls(clock);
  assert.equal(recent.setUpFigures(), undefined);
  for (let n = 1; n <= recentBounds.setUpsPerMinute; n += 1) recent.setUp(n);
  recent.setUp(1_000_000);
  const calls = recentBounds.setUpsPerMinute + 1;
  assert.deepEqual(recent.setUpFigures(), { calls, p50Ms: 500, p95Ms: 950 });
});
