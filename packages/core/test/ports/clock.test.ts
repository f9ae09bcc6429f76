import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock, Instant, Steady } from "@echoo/core";

/** Compiled, never run: each line that follows an expectation must not compile, or the compiler complains. */
export function mixed(clock: Clock): unknown[] {
  // @ts-expect-error A wait begins at no moment of the wall clock.
  const since: Steady = clock.now();
  // @ts-expect-error What is stored or told is no moment of the steady clock.
  const created: Instant = clock.steady();
  const wait = (fromMs: Steady) => clock.steady() - fromMs;
  // @ts-expect-error Neither is what a function takes that measures.
  const waited = wait(clock.now());
  // @ts-expect-error They are not compared either, as far as the compiler compares.
  const isSame = clock.now() === clock.steady();
  const told: { readonly atMs: Instant } = { atMs: clock.now() };
  // @ts-expect-error A moment keeps its kind within an object.
  const measured: { readonly atMs: Steady } = told;
  return [since, created, waited, isSame, measured];
}

test("a plain number becomes either kind of moment", () => {
  const instant: Instant = 1_767_225_600_000;
  const steady: Steady = 1_000;
  assert.equal(instant - 1_767_225_600_000, steady - 1_000);
});
