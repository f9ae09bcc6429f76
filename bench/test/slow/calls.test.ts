import assert from "node:assert/strict";
import { test } from "node:test";
import { calls } from "../../src/scenarios/calls.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of calls takes whole calls through four servers, and times set-up as they arrive", async () => {
  const report = await calls(smoke, { pairs: 2, callsEach: 3, pacedSec: 1, pacedPairs: 4, mongodb: false });
  assert.deepEqual(
    report.rows.map(([server]) => server),
    ["raw relay", "Echoo", "PeerServer", "Socket.IO"],
  );
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});
