import assert from "node:assert/strict";
import { test } from "node:test";
import type { FiguresPage, FiguresQuery, Store } from "@echoo/core";
import { startMs } from "@echoo/testkit";
import { maxCalls, userStatistics } from "../../src/http/bodies/user-statistics.ts";

/** A user with so many calls, the newest first; the oldest of them took an hour, and each other one a second. */
function storeWith(calls: number): Store {
  const figures = async ({ limit, cursor = "0" }: FiguresQuery): Promise<FiguresPage> => {
    const from = Number(cursor);
    const page = Array.from({ length: Math.min(limit, calls - from) }, (_, at) => ({
      ...{ createdAtMs: startMs - from - at, answered: true, missed: false },
      durationSec: from + at === calls - 1 ? 3_600 : 1,
    }));
    const next = from + page.length;
    return next < calls ? { figures: page, nextCursor: String(next) } : { figures: page };
  };
  return { calls: { figures } } as unknown as Store;
}

async function summedUp(calls: number) {
  const deps = { store: storeWith(calls), pause: async () => {} };
  const told = await userStatistics(deps, { viewer: "+491", days: 7, nowMs: startMs }, () => {});
  return { calls: told.calls, hasOldest: told.minutes > maxCalls / 60 + 30 };
}

test("so many calls are summed up, the newest, and not one more", async () => {
  assert.deepEqual(await summedUp(maxCalls), { calls: maxCalls, hasOldest: true });
  assert.deepEqual(await summedUp(maxCalls + 1), { calls: maxCalls, hasOldest: false });
});
