import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import { LogCopier, logPagesMax, quietMs, writesWorthCopying } from "../../src/sqlite/log-copier.ts";
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

/** A file that a server writes to, whose log may have so many pages. */
function withFile(checkpointPages: number, run: (scene: ReturnType<typeof fileScene>) => void): void {
  const folder = temporaryFolder();
  const scene = fileScene(join(folder.path, "a.db"), checkpointPages);
  try {
    run(scene);
  } finally {
    scene.file.close();
    folder.remove();
  }
}

function fileScene(path: string, checkpointPages: number) {
  const clock = new FakeClock();
  const file = new SqliteFile({
    path,
    migrations: [{ version: 1, sql: "CREATE TABLE t (a TEXT NOT NULL)" }],
    checkpointPages,
    cacheKiB: 100,
    busyTimeoutMs: 10,
    unavailable: (cause) => new Error("unavailable", { cause }),
    quietBy: clock,
  });
  const insert = file.prepare("INSERT INTO t (a) VALUES (?)");
  const fill = (rows: number) => {
    file.transaction(() => {
      for (let i = 0; i < rows; i++) insert.run("x".repeat(500));
    });
  };
  return { clock, file, fill, bytes: () => statSync(path).size, logBytes: () => statSync(`${path}-wal`).size };
}

test("a file that a server writes to has all of it in a quiet moment, and its log begins anew", () => {
  withFile(logPagesMax, ({ clock, fill, bytes, logBytes }) => {
    fill(writesWorthCopying);
    const before = bytes();
    clock.advance(quietMs);
    assert.ok(bytes() > before + writesWorthCopying * 500);
    const logBefore = logBytes();
    fill(1);
    assert.equal(logBytes(), logBefore);
  });
});

test("a log that is full is copied though it is never quiet, and one page less of it is not", () => {
  const logPages = (bytes: number) => Math.floor((bytes - 32) / (4096 + 24));
  let [pages, before] = [0, 0];
  withFile(logPagesMax, ({ fill, bytes, logBytes }) => {
    before = bytes();
    fill(100);
    assert.equal(bytes(), before);
    pages = logPages(logBytes());
  });
  for (const [allowed, isCopied] of [
    [pages + 1, false],
    [pages, true],
  ] as const) {
    withFile(allowed, ({ fill, bytes }) => {
      fill(100);
      assert.equal(bytes() > before, isCopied, `${pages} pages, ${allowed} allowed`);
    });
  }
});
