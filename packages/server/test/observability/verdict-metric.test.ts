import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "../../src/observability/metrics.ts";

test("calls are counted by their verdicts, and by nothing that names anybody", async () => {
  const metrics = createMetrics();
  for (const code of ["good", "turn_missing", "good"] as const) metrics.callJudged(code);
  const text = await metrics.render({
    sessions: 0,
    activeCalls: 0,
    storePending: 0,
    setAside: 0,
    webhooks: { waiting: 0, parked: 0 },
  });
  assert.deepEqual(
    text.split("\n").filter((line) => line.startsWith("echoo_calls_verdict_total")),
    ['echoo_calls_verdict_total{code="good"} 2', 'echoo_calls_verdict_total{code="turn_missing"} 1'],
  );
});
