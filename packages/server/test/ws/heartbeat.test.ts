import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { Heartbeat } from "../../src/ws/running/heartbeat.ts";

const pingMs = 1_000;

function setUp() {
  const clock = new FakeClock();
  const ping = () => {
    link.pings += 1;
  };
  const link = { lastHeardMs: clock.steady(), isReading: true, pings: 0, ping };
  let isDead = false;
  const heartbeat = new Heartbeat({ clock, timers: clock, pingMs }, link, () => {
    isDead = true;
  });
  const hear = () => {
    link.lastHeardMs = clock.steady();
  };
  return { clock, link, hear, heartbeat, isDead: () => isDead };
}

test("a silent link is dead after two unanswered pings and a quarter of a period, not before", () => {
  const { clock, link, isDead } = setUp();
  clock.advance(2.25 * pingMs - 1);
  assert.deepEqual([isDead(), link.pings], [false, 2]);
  clock.advance(1);
  assert.equal(isDead(), true);
});

test("a link that answers every other ping lives for ever", () => {
  const { clock, link, hear, isDead } = setUp();
  for (let answered = 0; answered < 20; answered += 1) {
    const before = link.pings;
    while (link.pings < before + 2) clock.advance(pingMs / 8);
    hear();
  }
  assert.equal(isDead(), false);
});

test("while a link is not read its pongs cannot be heard: it lives, and is asked anew afterwards", () => {
  const { clock, link, isDead } = setUp();
  clock.advance(2 * pingMs);
  link.isReading = false;
  clock.advance(10 * pingMs);
  assert.equal(isDead(), false);
  link.isReading = true;
  clock.advance(1.25 * pingMs - 1);
  assert.equal(isDead(), false);
  clock.advance(pingMs + 1);
  assert.equal(isDead(), true);
});

test("once stopped it asks nothing and leaves no timer", () => {
  const { clock, link, heartbeat } = setUp();
  heartbeat.stop();
  clock.advance(10 * pingMs);
  assert.deepEqual([link.pings, clock.pendingTimers], [0, 0]);
});
