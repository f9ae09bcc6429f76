import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { LogCopier, quietMs, writesWorthCopying } from "../../src/sqlite/log-copier.ts";
import { SqliteFile } from "../../src/sqlite/sqlite-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function scene() {
  const clock = new FakeClock();
  let copies = 0;
  const copier = new LogCopier(clock, () => {
    copies += 1;
  });
  const write = (times: number) => {
    for (let i = 0; i < times; i++) copier.wrote();
  };
  return { clock, copier, write, copies: () => copies };
}

test("a log is copied once it is worth it, when nothing was written for a while", () => {
  const { clock, write, copies } = scene();
  write(writesWorthCopying - 1);
  clock.advance(10 * quietMs);
  assert.deepEqual([copies(), clock.pendingTimers], [0, 0]);
  write(1);
  clock.advance(quietMs - 1);
  assert.equal(copies(), 0);
  clock.advance(1);
  assert.deepEqual([copies(), clock.pendingTimers], [1, 0]);
  write(writesWorthCopying - 1);
  clock.advance(10 * quietMs);
  assert.equal(copies(), 1);
});

test("while something is written all the time, it is not quiet", () => {
  const { clock, write, copies } = scene();
  write(writesWorthCopying);
  for (let i = 0; i < 20; i++) {
    clock.advance(quietMs - 1);
    write(1);
  }
  assert.equal(copies(), 0);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(quietMs);
  assert.equal(copies(), 1);
});

test("once stopped it copies nothing and leaves no timer", () => {
  const { clock, copier, write, copies } = scene();
  write(writesWorthCopying);
  copier.stop();
  assert.equal(clock.pendingTimers, 0);
  clock.advance(quietMs);
  assert.equal(copies(), 0);
});

test("a file that a server writes to has all of it in a quiet moment, and its log begins anew", () => {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const path = join(folder.path, "a.db");
  const file = new SqliteFile({
    path,
    migrations: [{ version: 1, sql: "CREATE TABLE t (a TEXT NOT NULL)" }],
    checkpointPages: 1_000_000,
    cacheKiB: 100,
    busyTimeoutMs: 10,
    unavailable: (cause) => new Error("unavailable", { cause }),
    quietBy: clock,
  });
  try {
    const insert = file.prepare("INSERT INTO t (a) VALUES (?)");
    const fill = () => {
      file.transaction(() => {
        for (let i = 0; i < writesWorthCopying; i++) insert.run("x".repeat(500));
      });
    };
    fill();
    const before = statSync(path).size;
    clock.advance(quietMs);
    assert.ok(statSync(path).size > before + writesWorthCopying * 500);
    const logBytes = statSync(`${path}-wal`).size;
    insert.run("one more");
    assert.equal(statSync(`${path}-wal`).size, logBytes);
  } finally {
    file.close();
    folder.remove();
  }
});
