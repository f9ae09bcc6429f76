import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SampleBatch } from "@echoo/core";
import { limits } from "@echoo/protocol";
import { SampleIntake } from "../../src/quality/sample-intake.ts";

const dayMs = 24 * 3_600_000;

function batch(count: number, more: Partial<SampleBatch> = {}): SampleBatch {
  const samples = Array.from({ length: count }, (_, i) => ({ t: i }));
  return { callId: "c", reporter: "ann", batch: "b", receivedAtMs: 1, samples, ...more };
}

/** Takes so many in batches of 1,000; what the last one came to. */
function takeMany(intake: SampleIntake, count: number, reporter: string, nowMs: number): boolean {
  let taken: readonly SampleBatch[] | number = [];
  for (let left = count; left > 0; left -= 1_000)
    taken = intake.take(batch(Math.min(left, 1_000), { reporter }), nowMs);
  return typeof taken !== "number";
}

describe("samples that come in", () => {
  test("are bounded by user and day: one more than the bound is refused, with how long the day still lasts", () => {
    const intake = new SampleIntake();
    assert.ok(takeMany(intake, limits.samplesPerUserDay, "ann", 1_000));
    assert.equal(intake.take(batch(1), 1_000 + dayMs / 4), (dayMs * 3) / 4);
    // Whatever the call, and whoever else has sent what.
    assert.equal(intake.take(batch(1, { callId: "d" }), 1_000), dayMs);
    assert.ok(takeMany(intake, limits.samplesPerUserDay, "bob", 1_000));
    assert.notEqual(typeof intake.take(batch(1), 1_000 + dayMs), "number");
  });

  test("are taken together or not at all", () => {
    const intake = new SampleIntake();
    takeMany(intake, limits.samplesPerUserDay - 10, "ann", 0);
    assert.equal(intake.take(batch(11), 0), dayMs);
    assert.notEqual(typeof intake.take(batch(10), 0), "number");
  });

  test("are enough for a user who measures all day long", () => {
    assert.ok(limits.samplesPerUserDay >= 2 * (dayMs / 2_000));
  });

  test("come in pieces whose names follow from the whole's, so that the whole again is the same again", () => {
    const intake = new SampleIntake();
    const whole = batch(130);
    const pieces = intake.take(whole, 0);
    assert.ok(typeof pieces !== "number");
    assert.deepEqual(
      pieces.map((piece) => [piece.batch, piece.samples.length]),
      [
        ["b.0", 60],
        ["b.1", 60],
        ["b.2", 10],
      ],
    );
    assert.deepEqual(
      pieces.flatMap((piece) => piece.samples),
      whole.samples,
    );
    assert.deepEqual(intake.take(whole, 5), pieces);
    const small = batch(60);
    assert.deepEqual(intake.take(small, 0), [small]);
  });

  test("keep of a codec's name what a codec's name may have", () => {
    const codec = "audio/".padEnd(200, "x");
    const taken = new SampleIntake().take(batch(1, { samples: [{ t: 1, codec, rttMs: 4 }] }), 0);
    assert.ok(typeof taken !== "number");
    assert.deepEqual(taken[0]?.samples, [{ t: 1, codec: codec.slice(0, limits.codecChars), rttMs: 4 }]);
  });

  test("are counted for so many users, and those beyond share one count until a day is over", () => {
    const intake = new SampleIntake(2);
    const half = limits.samplesPerUserDay / 2;
    for (const user of ["ann", "bob", "cid", "dan"]) assert.ok(takeMany(intake, half, user, 0), user);
    assert.equal(intake.take(batch(1, { reporter: "eve" }), 0), dayMs);
    assert.notEqual(typeof intake.take(batch(1), 0), "number");
    assert.notEqual(typeof intake.take(batch(1, { reporter: "eve" }), dayMs), "number");
    assert.ok(takeMany(intake, half, "eve", dayMs));
  });
});
