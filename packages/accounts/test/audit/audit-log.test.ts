import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { auditBounds } from "../../src/audit/audit-bounds.ts";
import { type AuditEntry, pseudonymOf } from "../../src/audit/audit-entry.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";

const number = "15551234567";
const address = "203.0.113.77";
const secret = "s".repeat(43);

function setUp() {
  const clock = new FakeClock();
  const entries: AuditEntry[] = [];
  const log = new AuditLog({ clock, secret, file: { append: (line) => void entries.push(JSON.parse(line)) } });
  return { clock, entries, log };
}

test("an entry names a number by its last digits and by a key that only the server's secret gives", () => {
  const { entries, log } = setUp();
  const requestId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  log.note("logged_in", { user: number, address, device: "Ann's phone 15551234567", requestId, how: "code" });
  const [entry] = entries;
  assert.deepEqual(entry, {
    time: "2026-01-01T00:00:00.000Z",
    event: "logged_in",
    outcome: "ok",
    user: "…67",
    userKey: pseudonymOf(number, secret),
    address: "203.0.113.0",
    device: "Ann's phone …67",
    requestId,
    how: "code",
  });
  assert.match(entry?.userKey ?? "", /^[\w-]{16}$/);
  assert.notEqual(pseudonymOf(number, secret), pseudonymOf(number, "t".repeat(43)));
  assert.notEqual(pseudonymOf(number, secret), pseudonymOf("15551234568", secret));
});

test("both sides of a block can be found by their keys", () => {
  const { entries, log } = setUp();
  log.note("blocked", { user: number, other: "5550002" });
  assert.equal(entries[0]?.otherKey, pseudonymOf("5550002", secret));
  assert.equal(entries[0]?.other, "…02");
});

test("a refusal is one, and says by which code", () => {
  const { entries, log } = setUp();
  log.note("login_refused", { user: number, address: "2001:db8:1:2::77", how: "code", refusal: "wrong_code" });
  const [entry] = entries;
  assert.deepEqual([entry?.outcome, entry?.code, entry?.address], ["refused", "wrong_code", "2001:db8:1::"]);
});

test("a flood of refusals from one network is counted and summed up once a minute, and hides no entries of others", () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 10_000; i += 1) log.note("login_refused", { user: `555${i}`, address, refusal: "wrong_code" });
  assert.equal(entries.length, auditBounds.perSourceAnHour);
  log.note("login_refused", { user: number, address: "198.51.100.9", refusal: "wrong_code" });
  assert.equal(entries.at(-1)?.address, "198.51.100.0");
  log.note("login_refused", { user: number, address, refusal: "unauthorized" });
  assert.equal(entries.at(-1)?.code, "unauthorized");
  const before = entries.length;
  clock.advance(auditBounds.sumUpEveryMs);
  assert.equal(entries.length, before + 1);
  const { time: _time, ...sum } = entries.at(-1) as AuditEntry;
  const count = 10_000 - auditBounds.perSourceAnHour;
  assert.deepEqual(sum, { event: "login_refused", outcome: "refused", code: "wrong_code", count, sources: 1 });
});

test("a flood from everywhere is bounded a minute, and the sum tells from how many networks it came", () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 200; i += 1) log.note("login_refused", { address: `10.1.${i}.1`, refusal: "wrong_code" });
  assert.equal(entries.length, auditBounds.refusalsAMinute);
  clock.advance(auditBounds.sumUpEveryMs);
  const sum = entries.at(-1);
  assert.deepEqual([sum?.count, sum?.sources], [200 - auditBounds.refusalsAMinute, 200 - auditBounds.refusalsAMinute]);
  log.note("login_refused", { address: "10.2.0.1", refusal: "wrong_code" });
  assert.equal(entries.at(-1)?.address, "10.2.0.0");
});

test("one user's restless hands fill nothing, and other users' entries stay single", () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 5_000; i += 1) log.note("blocked", { user: number, other: "5550002" });
  log.note("blocked", { user: "5550003", other: "5550002" });
  assert.equal(entries.length, auditBounds.perSourceAnHour + 1);
  clock.advance(auditBounds.sourceWindowMs);
  log.note("blocked", { user: number, other: "5550002" });
  assert.equal(entries.filter((entry) => entry.userKey === pseudonymOf(number, secret)).length, 31);
});

test("what was counted is written at the end, and nothing is left running", () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 100; i += 1) log.note("unblocked", { user: number });
  log.writeSums();
  assert.equal(entries.at(-1)?.count, 70);
  const before = entries.length;
  clock.advance(10 * auditBounds.sumUpEveryMs);
  assert.equal(entries.length, before);
});
