import assert from "node:assert/strict";
import { test } from "node:test";
import { relay } from "../../src/scenarios/relay.ts";
import { figuresOf, smoke } from "./smoke.ts";

test("the bench of relays measures candidates before and after connected, on four servers", async () => {
  const report = await relay(smoke, { pairs: 2, bursts: 2, freshCalls: 4, turns: 10 });
  assert.deepEqual(
    report.rows.map(([, server]) => server),
    Array.from({ length: 3 }, () => ["raw relay", "Echoo", "PeerServer", "Socket.IO"]).flat(),
  );
  assert.equal(report.verdicts.length, 4);
  assert.ok(figuresOf(report.data).every(Number.isFinite));
});
