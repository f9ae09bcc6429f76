import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "@echoo/core";
import { startMs } from "@echoo/testkit";
import { GroupSettler, rememberedCallsMax } from "../../src/records/group-settler.ts";
import { recordBounds } from "../../src/records/record-bounds.ts";
import { SummarySchedule } from "../../src/records/summary-schedule.ts";

test("so many sides' summaries are followed, and with one more the one that was begun first is merely begun anew", () => {
  const schedule = new SummarySchedule();
  const side = (n: number) => ({ callId: `c${n}`, reporter: "+491" });
  /** A summary is due with the first samples of a side that is not followed, and not with the next ones. */
  const isFollowed = (n: number) => !schedule.samplesStored(side(n), { added: 1, size: 1_000 }, 0);
  const { followedSides } = recordBounds;
  for (let n = 0; n < followedSides; n += 1) assert.equal(isFollowed(n), false);
  assert.equal(isFollowed(0), true);
  assert.equal(isFollowed(followedSides), false);
  assert.deepEqual([1, 0].map(isFollowed), [true, false]);
});

test("so many calls' parties are remembered, and with one more those of the first are looked up again", async () => {
  const looked: string[] = [];
  const find = async (callId: string) => void looked.push(callId);
  const settler = new GroupSettler({ calls: { find } } as unknown as Store);
  const settle = (...numbers: readonly number[]) => {
    const reported = numbers.map((n) => ({ callId: `c${n}`, reporter: "+491", receivedAtMs: startMs, body: "{}" }));
    return settler.settle({ records: [], samples: [], reported, upTo: 0 } as never);
  };
  await settle(...Array(rememberedCallsMax).keys());
  await settle(0);
  assert.equal(looked.length, rememberedCallsMax);
  await settle(rememberedCallsMax, 1, 0);
  assert.deepEqual(looked.slice(rememberedCallsMax), [`c${rememberedCallsMax}`, "c0"]);
});
