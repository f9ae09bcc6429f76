import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messageRates } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { createRateCounter } from "../../src/web/rate-counter.ts";
import { FloodGuard } from "../../src/ws/limits/flood-guard.ts";
import { Heartbeat } from "../../src/ws/running/heartbeat.ts";

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

for (const jumpMs of [-yearMs, -5 * hourMs, 5 * hourMs, yearMs]) {
  describe(`a clock that is set by ${jumpMs / hourMs} h`, () => {
    test("opens no minute of a rate before its time, and makes none longer", async () => {
      const clock = new FakeClock();
      const counter = createRateCounter(1, clock);
      await counter.count("a");
      clock.advance(20_000);
      clock.jump(jumpMs);
      assert.equal(await counter.count("a"), 40_000);
      clock.advance(40_000);
      assert.equal(await counter.count("a"), 0);
    });

    test("takes no living socket for a dead one, nor lets a dead one live", () => {
      const clock = new FakeClock();
      let isDead = false;
      const link = { lastHeardMs: clock.steady(), isReading: true, ping: () => {} };
      new Heartbeat({ clock, timers: clock, pingMs: 1_000 }, link, () => {
        isDead = true;
      });
      for (let beats = 0; beats < 10; beats += 1) {
        clock.advance(1_000);
        clock.jump(beats % 2 === 0 ? jumpMs : -jumpMs);
        link.lastHeardMs = clock.steady();
      }
      assert.equal(isDead, false);
      clock.advance(500);
      clock.jump(jumpMs);
      clock.advance(2_500);
      assert.equal(isDead, true);
    });

    test("empties no bucket and fills none", () => {
      const clock = new FakeClock();
      const guard = new FloodGuard(clock.steady());
      for (let n = 0; n < messageRates.offer.burst; n += 1) assert.equal(guard.count("offer", clock.steady()), 0);
      clock.jump(jumpMs);
      const waitMs = guard.count("offer", clock.steady());
      assert.ok(typeof waitMs === "number" && waitMs > 0 && waitMs < 60_000, String(waitMs));
    });
  });
}
