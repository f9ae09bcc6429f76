import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { AuditFile } from "../../src/audit/audit-file.ts";
import { auditFilesIn } from "../../src/audit/read-audit.ts";
import { eventsIn } from "./events-in.ts";

const dayMs = 86_400_000;

function setUp(t: TestContext, bounds = {}) {
  const temporary = temporaryFolder();
  t.after(temporary.remove);
  const folder = temporary.path;
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const usual = { fileBytes: 1_000, fileMs: 30 * dayMs, oldFiles: 3, oldFileMs: 365 * dayMs };
  const options = { folder, clock, onFault: (error: unknown) => void faults.push(error) };
  const file = new AuditFile({ ...options, bounds: { ...usual, ...bounds } });
  const path = join(folder, "audit.log");
  const add = (event: string) => file.append(JSON.stringify({ time: new Date(clock.now()).toISOString(), event }));
  return { folder, clock, faults, file, path, add, options };
}

test("lines are added for the owner's eyes alone", async (t) => {
  const { folder, path, add, faults } = setUp(t);
  for (const event of ["one", "two"]) add(event);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await eventsIn(folder), ["one", "two"]);
  assert.deepEqual(faults, []);
});

test("half a line that a killed process left spoils no other", async (t) => {
  const { folder, path, add } = setUp(t);
  add("one");
  appendFileSync(path, '{"time":"2026-01-01T00:00:00.0');
  add("two");
  appendFileSync(path, '{"time":"2026-01-01T00:00:00.000Z","event":"three"}');
  assert.deepEqual(await eventsIn(folder), ["one", "two", "three"]);
  add("four");
  assert.deepEqual(await eventsIn(folder), ["one", "two", "three", "four"]);
});

test("a full file is put away, and no more than so many are kept", async (t) => {
  const { folder, clock, add } = setUp(t);
  for (let i = 0; i < 100; i += 1) {
    add(`event ${i}`);
    clock.advance(1_000);
  }
  const files = auditFilesIn(folder);
  assert.equal(files.length, 4);
  for (const name of files) assert.ok(statSync(join(folder, name)).size < 1_100);
  const events = await eventsIn(folder);
  assert.equal(events.at(-1), "event 99");
  assert.deepEqual(
    events,
    [...events].sort((a, b) => Number(a.slice(6)) - Number(b.slice(6))),
  );
});

test("files put away in the same moment do not overwrite each other", async (t) => {
  const { folder, add } = setUp(t, { fileBytes: 10 });
  for (const event of ["one", "two", "three"]) add(event);
  assert.deepEqual(await eventsIn(folder), ["one", "two", "three"]);
});

test("a month's file is put away however small, also by the next process, and forgotten after a year", async (t) => {
  const { folder, clock, add, options } = setUp(t, { oldFiles: 100 });
  add("one");
  clock.advance(31 * dayMs);
  const next = new AuditFile({
    ...options,
    bounds: { fileBytes: 1e6, fileMs: 30 * dayMs, oldFiles: 99, oldFileMs: 365 * dayMs },
  });
  next.append(JSON.stringify({ time: new Date(clock.now()).toISOString(), event: "two" }));
  assert.equal(readdirSync(folder).filter((name) => name.startsWith("audit-")).length, 1);
  for (let month = 0; month < 24; month += 1) {
    clock.advance(31 * dayMs);
    add(`month ${month}`);
  }
  const events = await eventsIn(folder);
  assert.ok(!events.includes("one"));
  assert.ok(events.includes("month 23"));
  assert.ok(events.length <= 14, `${events.length} months are kept`);
});

test("after the operator moved or deleted the file the next line begins a new one", async (t) => {
  const { folder, path, add, faults } = setUp(t);
  add("one");
  rmSync(path);
  add("two");
  assert.deepEqual(await eventsIn(folder), ["two"]);
  assert.deepEqual(faults, []);
});

test("while it cannot be written nothing throws, the fault is told once, and afterwards the log says what is missing", async (t) => {
  const { folder, path, file, add, faults } = setUp(t);
  mkdirSync(path);
  for (const event of ["one", "two", "three"]) add(event);
  assert.equal(file.isWell, false);
  assert.equal(faults.length, 1);
  assert.equal((faults[0] as NodeJS.ErrnoException).code, "EISDIR");
  rmSync(path, { recursive: true });
  add("four");
  assert.equal(file.isWell, true);
  assert.deepEqual(faults.slice(1), [undefined]);
  assert.deepEqual(await eventsIn(folder), ["audit_gap 3", "four"]);
});

test("an old file that cannot be deleted is told of, and keeps nothing from being written", async (t) => {
  const { folder, add, faults } = setUp(t, { fileBytes: 100, oldFiles: 1 });
  // Nobody deletes a folder as a file, root included.
  mkdirSync(join(folder, "audit-20200101T000000000Z.log"));
  for (const event of ["one", "two", "three"]) add(event);
  assert.ok(faults.length > 0);
  rmSync(join(folder, "audit-20200101T000000000Z.log"), { recursive: true });
  assert.equal((await eventsIn(folder)).at(-1), "three");
});
