import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { auditBounds } from "../../src/audit/audit-bounds.ts";
import { type AuditEntry, textCharsMax } from "../../src/audit/audit-entry.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { AuditQuota } from "../../src/audit/audit-quota.ts";

test("so many entries of one kind are written in a minute, and one more is counted, whichever user it is by", () => {
  const quota = new AuditQuota();
  for (let n = 0; n < auditBounds.perEventAMinute; n += 1) assert.ok(quota.takes("logged_in", `user ${n}`, false, 0));
  assert.ok(!quota.takes("logged_in", "one more", false, 0));
  assert.ok(quota.takes("blocked", "one more", false, 0));
  assert.ok(quota.takes("logged_in", "one more", false, auditBounds.sumUpEveryMs));
});

test("so many users and networks are told apart in an hour; entries of one more are counted, those of the others written", () => {
  const quota = new AuditQuota();
  const { sourcesMax, perEventAMinute, sourceWindowMs } = auditBounds;
  const takes = (n: number) => quota.takes(`kind ${Math.floor(n / perEventAMinute)}`, `user ${n}`, false, 0);
  for (let n = 0; n < sourcesMax; n += 1) assert.ok(takes(n));
  assert.ok(!quota.takes("another kind", "one more", false, 0));
  assert.ok(takes(sourcesMax - 1));
  assert.ok(quota.takes("another kind", "one more", false, sourceWindowMs));
});

test("a sum tells so many networks apart, and a text of an entry has so many characters, and not one more", () => {
  const clock = new FakeClock();
  const entries: AuditEntry[] = [];
  const file = { append: (line: string) => void entries.push(JSON.parse(line)) };
  const log = new AuditLog({ clock, secret: "s".repeat(43), file });
  const { refusalsAMinute, countedSourcesMax } = auditBounds;
  for (let n = 0; n <= refusalsAMinute + countedSourcesMax; n += 1) {
    log.note("login_refused", { address: `10.${n >> 8}.${n & 255}.1`, refusal: "wrong_code" });
  }
  clock.advance(auditBounds.sumUpEveryMs);
  const sum = entries.at(-1);
  assert.deepEqual([sum?.count, sum?.sources], [countedSourcesMax + 1, countedSourcesMax]);
  log.note("logged_in", { user: "15551234567", device: "x".repeat(textCharsMax + 1) });
  assert.equal(entries.at(-1)?.device, "x".repeat(textCharsMax));
});

test("what administrators do is written singly however often one does it, up to the bound of a minute", () => {
  const quota = new AuditQuota();
  const takes = () => quota.takes("admin_ended_call", "ada", false, 0, true);
  for (let n = 0; n < auditBounds.perEventAMinute; n += 1) assert.ok(takes());
  assert.ok(!takes());
});
