import assert from "node:assert/strict";
import { test } from "node:test";
import { requireService } from "@echoo/testkit";
import { nodes } from "../../src/scenarios/nodes.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of several nodes takes whole calls within a node and across two, and counts what Redis does", {
  skip: requireService("mongod") || requireService("valkey"),
}, async () => {
  const report = await nodes(smoke, { pairs: 2, callsEach: 3 });
  assert.equal(report.rows.length, 3);
  assert.ok(figuresOf(report.data).every(Number.isFinite));
  const { single, across } = report.data as Record<
    string,
    readonly { readonly redis: { readonly commands: number } }[]
  >;
  assert.ok((across?.[0]?.redis.commands ?? 0) > (single?.[0]?.redis.commands ?? 0));
});
