import assert from "node:assert/strict";
import { test } from "node:test";
import { spawnServer } from "@echoo/testkit";
import { systemClock } from "../../src/composition/platform.ts";
import { somebody } from "../ws/talk.ts";
import { ask, historyOnce } from "./ask.ts";

const dayMs = 86_400_000;

test("calls older than ECHOO_RETAIN_CALLS_DAYS are gone after the next start, younger ones stay", async (t) => {
  const server = await spawnServer({ env: { ECHOO_RETAIN_CALLS_DAYS: "2" }, test: t });
  const [caller, callee] = [somebody(), somebody()];
  for (const days of [1, 3, 400]) {
    const startTime = systemClock.now() - days * dayMs;
    const call = { callId: `${days} days ago`, caller, callee, startTime, duration: 5, status: "completed" };
    assert.equal((await ask(server, "POST /api/calls", { body: call })).status, 201);
  }
  assert.equal((await historyOnce(server, caller, () => true)).length, 3);
  await server.restart();
  const left = await historyOnce(server, caller, (calls) => calls.length < 3);
  assert.deepEqual(
    left.map(({ callId }) => callId),
    ["1 days ago"],
  );
});
