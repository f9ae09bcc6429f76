import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type LimitFamily, messageRates } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { FloodGuard } from "../../src/ws/limits/flood-guard.ts";

const patienceMs = 5_000;

describe("the rate of a socket", () => {
  for (const [family, { burst, perSec, counts }] of Object.entries(messageRates)) {
    const sent = family as LimitFamily;

    test(`for ${counts} lets so many come at once, and one more waits for its share of a second`, () => {
      const clock = new FakeClock();
      const guard = new FloodGuard(clock.steady());
      for (let n = 0; n < burst; n += 1) assert.equal(guard.count(sent, clock.steady()), 0);
      assert.equal(guard.count(sent, clock.steady()), 1_000 / perSec);
      // Nothing else waits for it.
      const others = (Object.keys(messageRates) as LimitFamily[]).filter((other) => other !== sent);
      for (const other of others) assert.equal(guard.count(other, clock.steady()), 0, other);
    });
  }

  test("is exceeded for five seconds on end, and not a moment longer", () => {
    const clock = new FakeClock();
    const guard = new FloodGuard(clock.steady());
    const waits = () => guard.count("other", clock.steady());
    while (waits() === 0);
    for (let passedMs = 0; passedMs < patienceMs; passedMs += 100) {
      assert.notEqual(waits(), "flooding", `after ${passedMs} ms`);
      waits();
      waits();
      clock.advance(100);
    }
    assert.equal(waits(), "flooding");
  });

  test("is exceeded anew where a socket kept within it for a second in between", () => {
    const clock = new FakeClock();
    const guard = new FloodGuard(clock.steady());
    for (let round = 0; round < 20; round += 1) {
      let waitMs: number | "flooding" = 0;
      while (waitMs === 0) waitMs = guard.count("talk", clock.steady());
      assert.notEqual(waitMs, "flooding");
      clock.advance(2_000);
    }
  });
});
