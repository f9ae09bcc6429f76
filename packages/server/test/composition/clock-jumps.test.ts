import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import {
  AuditFile,
  AuditQuota,
  createRevokedExternalTokens,
  createSlidingWindow,
  createStrangerQuota,
  createTokens,
  createVerifiedAddresses,
  strangersPerDay,
} from "@echoo/accounts";
import { SettledNow } from "@echoo/core";
import { messageRates } from "@echoo/protocol";
import { openSqliteStore, Retention, SummarySchedule } from "@echoo/storage";
import { allSamples, endedCall, FakeClock, pause, seededIds } from "@echoo/testkit";
import { codesSetUp, from as comingFrom, refusal } from "../../../accounts/test/accounts/codes-setup.ts";
import { temporaryStore } from "../../../accounts/test/accounts/temporary-store.ts";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { randomSecret } from "../../src/composition/platform.ts";
import { createRateCounter } from "../../src/web/rate-counter.ts";
import { Heartbeat } from "../../src/ws/heartbeat.ts";
import { FloodGuard } from "../../src/ws/limits/flood-guard.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;
const ann = "5550001";
const from = { address: "192.0.2.1", vouches: true };
const hostToken = { id: "jwt:1", userId: ann, expiresAtMs: 9e15, kind: "host" } as const;

for (const jumpMs of [-yearMs, -5 * hourMs, 5 * hourMs, yearMs]) {
  describe(`a clock that is set by ${jumpMs / hourMs} h`, () => {
    test("opens no minute of a rate before its time, and makes none longer", async () => {
      const clock = new FakeClock();
      const counter = createRateCounter(1, clock);
      await counter.count("a");
      clock.advance(20_000);
      clock.jump(jumpMs);
      assert.equal(await counter.count("a"), 40_000);
      clock.advance(40_000);
      assert.equal(await counter.count("a"), 0);
    });

    test("neither empties the windows that limit codes nor shuts them", async () => {
      const clock = new FakeClock();
      const limit = createSlidingWindow(clock, { name: "n", max: 1, windowMs: hourMs }, 10);
      await limit.take("a");
      clock.advance(60_000);
      clock.jump(jumpMs);
      assert.equal(await limit.take("a"), hourMs - 60_000);
      clock.advance(hourMs - 60_000);
      assert.equal(await limit.take("a"), 0);
    });

    test("gives nobody a second quota of strangers", () => {
      const clock = new FakeClock();
      const quota = createStrangerQuota(clock);
      for (let n = 0; n < strangersPerDay; n += 1) quota.requireRoom(ann, `${n}`);
      clock.jump(jumpMs);
      assert.equal(quota.allows(ann, "one more"), false);
      clock.advance(dayMs);
      assert.equal(quota.allows(ann, "one more"), true);
    });

    test("leaves an address verified for its 24 hours, and withdrawn tokens withdrawn", async (t) => {
      const clock = new FakeClock();
      const addresses = createVerifiedAddresses(clock);
      const withdrawn = createRevokedExternalTokens({ store: temporaryStore(t), clock, secret: "s" });
      const goodAtMs = clock.steady();
      addresses.note(hostToken, from, goodAtMs);
      await withdrawn.withdrawAll(ann);
      clock.jump(jumpMs);
      clock.advance(1);
      assert.equal(withdrawn.hasEnded(hostToken, goodAtMs), true);
      assert.equal(withdrawn.hasEnded(hostToken, clock.steady()), false);
      clock.advance(dayMs - 2);
      assert.equal(addresses.seen(ann, from).length, 1);
      clock.advance(1);
      assert.equal(addresses.seen(ann, from).length, 0);
    });

    test("takes no living socket for a dead one, nor lets a dead one live", () => {
      const clock = new FakeClock();
      let isDead = false;
      const link = { lastHeardMs: clock.steady(), isReading: true, ping: () => {} };
      new Heartbeat(clock, link, 1_000, () => {
        isDead = true;
      });
      for (let beats = 0; beats < 10; beats += 1) {
        clock.advance(1_000);
        clock.jump(beats % 2 === 0 ? jumpMs : -jumpMs);
        link.lastHeardMs = clock.steady();
      }
      assert.equal(isDead, false);
      clock.advance(500);
      clock.jump(jumpMs);
      clock.advance(2_500);
      assert.equal(isDead, true);
    });

    test("empties no bucket and fills none", () => {
      const clock = new FakeClock();
      const guard = new FloodGuard(clock.steady());
      for (let n = 0; n < messageRates.offer.burst; n += 1) assert.equal(guard.count("offer", clock.steady()), 0);
      clock.jump(jumpMs);
      const waitMs = guard.count("offer", clock.steady());
      assert.ok(typeof waitMs === "number" && waitMs > 0 && waitMs < 60_000, String(waitMs));
    });

    test("opens no hour of the audit log, and delays no summary", () => {
      const clock = new FakeClock();
      const quota = new AuditQuota();
      const takes = () => quota.takes("sign_in", "a", false, clock.steady());
      while (takes());
      const schedule = new SummarySchedule();
      const side = { callId: "c1", reporter: ann };
      const stored = { added: 5, size: 5 };
      schedule.samplesStored(side, stored, clock.steady());
      clock.jump(jumpMs);
      assert.equal(takes(), false);
      clock.advance(20_000);
      assert.equal(schedule.samplesStored(side, stored, clock.steady()), true);
    });

    test("keeps nobody waiting for a new code by more than half a minute", async (t) => {
      const { clock, codes } = codesSetUp(t);
      const home = comingFrom("203.0.113.9");
      await codes.make(ann, home);
      clock.jump(jumpMs);
      const { code } = await codes.make(ann, home);
      assert.equal((await refusal(codes.make(ann, home))).retryInMs, 30_000);
      await codes.redeem(ann, code, { client: home });
    });

    test("logs nobody out who uses a token meanwhile", async (t) => {
      const clock = new FakeClock();
      const store = temporaryStore(t);
      await store.users.ensure(ann, {}, clock.now());
      const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
      const { secret } = await tokens.issue(ann, undefined);
      clock.jump(jumpMs);
      assert.equal((await tokens.verify(secret)) !== undefined, jumpMs < 30 * dayMs);
      clock.jump(-jumpMs);
      clock.advance(29 * dayMs);
      assert.ok(await tokens.verify(secret));
    });
  });
}

describe("a clock that jumps ahead by a year for a minute", () => {
  test("costs no history and no samples, and what is old is deleted all the same", async (t) => {
    const clock = new FakeClock();
    const store = temporaryStore(t);
    const settled = new SettledNow(clock);
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

  test("logs nobody out, and makes no invitation good again that was used", async (t) => {
    const clock = new FakeClock();
    const { path, store } = settledStore(t, clock);
    await store.users.ensure(ann, {}, clock.now());
    const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
    const first = await tokens.issue(ann, undefined);
    const claimAt = (invitationId: string) => {
      const nowMs = clock.now();
      const times = { nowMs, untilMs: nowMs + 10_000, expiresAtMs: Date.UTC(2026, 0, 8) };
      return { invitationId, claimId: invitationId, claimant: "ann", ...times };
    };
    await store.invitations.claim(claimAt("used"));
    await store.invitations.complete("used", "used");
    clock.jump(yearMs);
    assert.equal(await tokens.verify(first.secret), undefined);
    await tokens.issue(ann, undefined);
    await store.invitations.claim(claimAt("another"));
    clock.jump(-yearMs);
    assert.ok(await tokens.verify(first.secret));
    assert.equal(await store.invitations.isUsed("used"), true);
    assert.ok(readdirSync(path).includes("echoo.db"));
  });

  test("costs no entry of the audit log that was put away", (t) => {
    const { path } = folderOf(t);
    const clock = new FakeClock();
    const bounds = { fileBytes: 10, fileMs: 30 * dayMs, oldFiles: 100, oldFileMs: 365 * dayMs };
    const settled = new SettledNow(clock);
    const file = new AuditFile({ folder: path, clock, settled, onFault: unexpected, bounds });
    const putAway = () => readdirSync(path).filter((name) => name.startsWith("audit-")).length;
    const add = () => file.append(JSON.stringify({ time: new Date(clock.now()).toISOString(), event: "sign_in" }));
    add();
    clock.jump(2 * yearMs);
    add();
    assert.equal(putAway(), 2);
    clock.advance(hourMs);
    add();
    clock.advance(dayMs);
    add();
    assert.equal(putAway(), 3);
  });
});

function unexpected(error: unknown): void {
  throw error;
}

function folderOf(t: TestContext) {
  const folder = temporaryFolder();
  t.after(folder.remove);
  return folder;
}

function settledStore(t: TestContext, clock: FakeClock) {
  const { path } = folderOf(t);
  const store = openSqliteStore({ pause, file: `${path}/echoo.db`, settled: new SettledNow(clock) });
  t.after(() => store.close());
  return { path, store };
}
