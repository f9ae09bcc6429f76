import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SqlValue } from "../../src/sqlite/query.ts";
import { SqliteFile } from "../../src/sqlite/sqlite-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function withFile(run: (file: SqliteFile) => void): void {
  const folder = temporaryFolder();
  const file = new SqliteFile({
    path: join(folder.path, "a.db"),
    migrations: [{ version: 1, sql: "CREATE TABLE t (a INTEGER NOT NULL)" }],
    checkpointPages: 100,
    cacheKiB: 100,
    busyTimeoutMs: 10,
    unavailable: (cause) => new Error("unavailable", { cause }),
  });
  try {
    run(file);
  } finally {
    file.close();
    folder.remove();
  }
}

test("a statement that failed works again with better values", () =>
  withFile((file) => {
    const insert = file.prepare<{ a: number }>("INSERT INTO t (a) VALUES (?) RETURNING a");
    for (const use of ["get", "all", "run"] as const) {
      assert.throws(() => insert[use](null), /NOT NULL/);
      assert.throws(() => file.transaction(() => insert[use](null)), /NOT NULL/);
      file.transaction(() => insert.get(1));
    }
    assert.deepEqual(file.prepare("SELECT count(*) AS n FROM t").all(), [{ n: 3 }]);
  }));

test("a value that SQLite cannot hold is refused before the binding sees it", () =>
  withFile((file) => {
    const insert = file.prepare("INSERT INTO t (a) VALUES (?)");
    for (const value of [true, undefined, {}, [], 1n, Symbol("s"), () => 1]) {
      assert.throws(() => insert.run(value as SqlValue), TypeError);
    }
    assert.equal(insert.run(1), 1);
  }));

test("a transaction that throws leaves nothing, and the next one works", () =>
  withFile((file) => {
    const insert = file.prepare("INSERT INTO t (a) VALUES (?)");
    const fail = () =>
      file.transaction(() => {
        insert.run(1);
        throw new Error("half-way");
      });
    assert.throws(fail, /half-way/);
    assert.throws(() => file.transaction(() => file.transaction(() => {})), /under way already/);
    file.transaction(() => insert.run(2));
    assert.deepEqual(file.prepare("SELECT a FROM t").all(), [{ a: 2 }]);
  }));

test("any number of rows is read whole", () =>
  withFile((file) => {
    const insert = file.prepare("INSERT INTO t (a) VALUES (?)");
    file.transaction(() => Array.from({ length: 301 }, (_, i) => insert.run(i)));
    const select = file.prepare<{ a: number }>("SELECT a FROM t ORDER BY a LIMIT ?");
    for (const length of [0, 1, 99, 100, 101, 200, 300, 301]) {
      assert.deepEqual(
        select.all(length).map(({ a }) => a),
        Array.from({ length }, (_, i) => i),
      );
    }
  }));
