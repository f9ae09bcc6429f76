import assert from "node:assert/strict";
import { test } from "node:test";
import { seededIds } from "../src/seeded-ids.ts";

test("the same seed gives the same ids, another seed others", () => {
  const first = (seed: number) => Array.from({ length: 5 }, seededIds(seed).callId);
  assert.deepEqual(first(7), first(7));
  assert.notDeepEqual(first(7), first(8));
});

test("ids are version 4 UUIDs and do not repeat", () => {
  const ids = seededIds(42);
  const made = Array.from({ length: 10_000 }, (_, i) => (i % 2 ? ids.callId() : ids.sessionId()));
  for (const id of made) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(new Set(made).size, made.length);
});
