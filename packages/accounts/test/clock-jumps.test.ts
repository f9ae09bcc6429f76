import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { SettledNow } from "@echoo/core";
import { FakeClock, randomSecret, seededIds } from "@echoo/testkit";
import { temporaryFolder } from "../../storage/test/store/temporary-folder.ts";
import { createVerifiedAddresses } from "../src/addresses/verified-addresses.ts";
import { AuditFile } from "../src/audit/audit-file.ts";
import { AuditQuota } from "../src/audit/audit-quota.ts";
import { createRevokedExternalTokens } from "../src/external-jwt/revoked-external-tokens.ts";
import { createSlidingWindow } from "../src/limits/sliding-window.ts";
import { createStrangerQuota, strangersPerDay } from "../src/limits/stranger-quota.ts";
import { createTokens } from "../src/tokens/tokens.ts";
import { codesSetUp, from as comingFrom, refusal } from "./registration/codes-setup.ts";
import { temporaryStore } from "./temporary-store.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;
const ann = "5550001";
const from = { address: "192.0.2.1", vouches: true };
const hostToken = { id: "jwt:1", userId: ann, expiresAtMs: 9e15, kind: "host" } as const;

for (const jumpMs of [-yearMs, -5 * hourMs, 5 * hourMs, yearMs]) {
  describe(`a clock that is set by ${jumpMs / hourMs} h`, () => {
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

    test("gives nobody a second quota of strangers", async () => {
      const clock = new FakeClock();
      const quota = createStrangerQuota(clock);
      for (let n = 0; n < strangersPerDay; n += 1) await quota.requireRoom(ann, `${n}`);
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
      await addresses.note(hostToken, from, goodAtMs);
      await withdrawn.withdrawAll(ann);
      clock.jump(jumpMs);
      clock.advance(1);
      assert.equal(withdrawn.hasEnded(hostToken, goodAtMs), true);
      assert.equal(withdrawn.hasEnded(hostToken, clock.steady()), false);
      clock.advance(dayMs - 2);
      assert.equal((await addresses.seen(ann, from)).length, 1);
      clock.advance(1);
      assert.equal((await addresses.seen(ann, from)).length, 0);
    });

    test("opens no hour of the audit log", () => {
      const clock = new FakeClock();
      const quota = new AuditQuota();
      const takes = () => quota.takes("sign_in", "a", false, clock.steady());
      while (takes());
      clock.jump(jumpMs);
      assert.equal(takes(), false);
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
  test("logs nobody out", async (t) => {
    const clock = new FakeClock();
    const store = temporaryStore(t, new SettledNow(clock));
    await store.users.ensure(ann, {}, clock.now());
    const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
    const first = await tokens.issue(ann, undefined);
    clock.jump(yearMs);
    assert.equal(await tokens.verify(first.secret), undefined);
    await tokens.issue(ann, undefined);
    clock.jump(-yearMs);
    assert.ok(await tokens.verify(first.secret));
  });

  test("costs no entry of the audit log that was put away", (t) => {
    const { path, remove } = temporaryFolder();
    t.after(remove);
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
