import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { ClusterClock } from "../../src/node/cluster-clock.ts";

describe("the clock that nodes share", () => {
  let base: FakeClock;
  let clock: ClusterClock;
  beforeEach(() => {
    base = new FakeClock();
    clock = new ClusterClock(base);
  });

  test("is the machine's until the store was asked, and the store's from then on", () => {
    assert.equal(clock.now(), base.now());
    const asked = base.steady();
    base.advance(20);
    clock.measured(5_000_000, asked, base.steady());
    // Half of the round trip ago.
    assert.equal(clock.now(), 5_000_010);
    base.jump(3_600_000);
    assert.equal(clock.now(), 5_000_010);
    base.advance(1_000);
    assert.equal(clock.now(), 5_001_010);
  });

  test("goes to another time of the store by a tenth of what passes, never back, and there it stays", () => {
    clock.measured(5_000_000, base.steady(), base.steady());
    clock.measured(4_999_900, base.steady(), base.steady());
    assert.equal(clock.now(), 5_000_000);
    base.advance(500);
    assert.equal(clock.now(), 5_000_450);
    base.advance(500);
    assert.equal(clock.now(), 5_000_900);
    base.advance(500);
    assert.equal(clock.now(), 5_001_400);
  });

  test("does not believe an answer that was long on its way, but for the first", () => {
    clock.measured(5_000_000, base.steady(), base.steady());
    const asked = base.steady();
    base.advance(1_001);
    clock.measured(9_000_000, asked, base.steady());
    base.advance(10_000);
    assert.equal(clock.now(), 5_011_001);
  });
});
