import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, parseRoute } from "../src/state/route.ts";

test("a place comes out of its address as it went in", () => {
  for (const route of [
    { view: "now", filters: {} },
    { view: "calls", filters: { who: "+1 555", order: "worst" } },
    { view: "calls", subject: "a/../b?c#d", filters: {} },
    { view: "people", subject: "+15551234567", filters: {} },
  ] as const) {
    assert.deepEqual(parseRoute(fragmentOf(route)), route);
  }
});

test("an address that is none, or was cut off, leads to a view all the same", () => {
  assert.deepEqual(parseRoute(""), { view: "now", filters: {} });
  assert.deepEqual(parseRoute("#/nowhere"), { view: "now", filters: {} });
  assert.deepEqual(parseRoute("#/calls/%E0%A4%A"), { view: "calls", subject: "%E0%A4%A", filters: {} });
});
