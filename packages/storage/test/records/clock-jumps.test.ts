import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import { SettledNow, type Store } from "@echoo/core";
import { allSamples, endedCall, FakeClock, pause } from "@echoo/testkit";
import { Retention } from "../../src/records/retention.ts";
import { SummarySchedule } from "../../src/records/summary-schedule.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

for (const jumpMs of [-yearMs, -5 * hourMs, 5 * hourMs, yearMs]) {
  describe(`a clock that is set by ${jumpMs / hourMs} h`, () => {
    test("delays no summary", () => {
      const clock = new FakeClock();
      const schedule = new SummarySchedule();
      const side = { callId: "c1", reporter: "+491" };
      const stored = { added: 5, size: 5 };
      schedule.samplesStored(side, stored, clock.steady());
      clock.jump(jumpMs);
      clock.advance(20_000);
      assert.equal(schedule.samplesStored(side, stored, clock.steady()), true);
    });
  });
}

describe("a clock that jumps ahead by a year for a minute", () => {
  test("costs no history and no samples, and what is old is deleted all the same", async (t) => {
    const clock = new FakeClock();
    const settled = new SettledNow(clock);
    const { store } = storeWith(t);
    const options = { retainCallsDays: 30, retainSamplesDays: 3, onFault: unexpected };
    const retention = new Retention({ store, clock, settled, ...options });
    t.after(() => retention.stop());
    const ago = (days: number) => ({ createdAtMs: clock.now() - days * dayMs });
    await store.calls.record([endedCall("young", ago(1)), endedCall("old", ago(31))]);
    const batch = { callId: "young", reporter: "+491", batch: "1", receivedAtMs: clock.now() - dayMs, samples: [] };
    await store.statistics.addSamples([batch]);
    clock.jump(yearMs);
    assert.deepEqual(await retention.sweep(), { calls: 1, samples: 0 });
    clock.jump(-yearMs);
    assert.ok(await store.calls.find("young"));
    clock.jump(yearMs);
    let hours = 0;
    for (; (await store.calls.find("young")) !== undefined && hours < 48; hours += 1) {
      clock.advance(hourMs);
      await retention.sweep();
    }
    assert.ok(hours >= 24 && hours < 30, `believed after ${hours} hours`);
    assert.deepEqual(await allSamples(store.statistics, "young", "+491"), []);
  });

  test("makes no invitation good again that was used", async (t) => {
    const clock = new FakeClock();
    const { path, store } = storeWith(t, new SettledNow(clock));
    const { invitations } = store;
    const claimAt = (invitationId: string) => {
      const nowMs = clock.now();
      const times = { nowMs, untilMs: nowMs + 10_000, expiresAtMs: Date.UTC(2026, 0, 8) };
      return { invitationId, claimId: invitationId, claimant: "ann", ...times };
    };
    await invitations.claim(claimAt("used"));
    await invitations.complete("used", "used");
    clock.jump(yearMs);
    await invitations.claim(claimAt("another"));
    clock.jump(-yearMs);
    assert.equal(await invitations.isUsed("used"), true);
    assert.ok(readdirSync(path).includes("echoo.db"));
  });
});

function unexpected(error: unknown): void {
  throw error;
}

/** The file is there as long as the test. */
function storeWith(t: TestContext, settled?: SettledNow): { readonly path: string; readonly store: Store } {
  const { path, remove } = temporaryFolder();
  const store = openSqliteStore({ pause, file: `${path}/echoo.db`, ...(settled === undefined ? {} : { settled }) });
  t.after(async () => {
    await store.close();
    remove();
  });
  return { path, store };
}
