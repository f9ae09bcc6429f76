import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Database from "libsql";
import { SqliteFile } from "../../src/sqlite/sqlite-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const schema = "CREATE TABLE t (a TEXT, n INTEGER, r REAL, b TEXT)";

function setUp(t: TestContext) {
  const folder = temporaryFolder();
  const path = join(folder.path, "a.db");
  const damage: unknown[] = [];
  const file = new SqliteFile({
    path,
    migrations: [{ version: 1, sql: schema }],
    checkpointPages: 100,
    cacheKiB: 100,
    busyTimeoutMs: 10,
    unavailable: (cause) => new Error("unavailable", { cause }),
    onDamage: (error) => damage.push(error),
  });
  /** Writes past the checks of the file, as damage does. */
  const write = (values: string) => {
    const raw = new Database(path);
    raw.exec(`INSERT INTO t (a, n, r, b) VALUES (${values})`);
    raw.close();
  };
  t.after(() => {
    file.close();
    folder.remove();
  });
  return { file, damage, write };
}

test("texts, numbers and nothing at all come back as they were written", (t) => {
  const { file } = setUp(t);
  const insert = file.prepare("INSERT INTO t (a, n, r, b) VALUES (?, ?, ?, ?)");
  const rows = [
    ["", 0, 0.5, null],
    [null, null, null, null],
    ["3,,5,;", -1, 5e-324, "3;"],
    ["\u{1f642} ä", 2 ** 53 - 1, 1e300, 'a "quoted" \\ \n text'],
    ["x".repeat(100_000), 7, 1 / 3, "0"],
  ] as const;
  for (const row of rows) insert.run(...row);
  const expected = rows.map(([a, n, r, b]) => ({ a, n, r, b }));
  assert.deepEqual(file.prepare("SELECT * FROM t ORDER BY rowid").all(), expected);
  assert.deepEqual(file.prepare("SELECT * FROM t WHERE n = ?").get(7), expected[4]);
  assert.equal(file.prepare("SELECT * FROM t WHERE n = ?").get(8), undefined);
  const derived = file.prepare("SELECT count(*) AS n, max(b) AS b, a || ';' AS c, NULL AS none FROM t WHERE n = ?");
  assert.deepEqual(derived.get(-1), { n: 1, b: "3;", c: "3,,5,;;", none: null });
});

test("a damaged text is an error of its row, told each time, and leaves the process and the other rows alone", (t) => {
  const { file, damage, write } = setUp(t);
  write("'sound', 1, 1, 'x'");
  write("CAST(x'61ff62' AS TEXT), 2, 1, 'x'");
  write("'y', 3, 1, CAST(x'c3' AS TEXT)");
  const find = file.prepare<{ a: string }>("SELECT * FROM t WHERE n = ?");
  assert.equal(find.get(1)?.a, "sound");
  for (const n of [2, 3]) assert.throws(() => find.get(n), /unavailable/);
  assert.throws(() => file.prepare("SELECT a FROM t").all(), /unavailable/);
  assert.throws(() => file.prepare("SELECT a || b AS c FROM t WHERE n = 2").all(), /unavailable/);
  assert.equal(damage.length, 4);
  assert.equal(find.get(1)?.a, "sound");
});

test("a number that damage has turned into a text is damage as well, and not read as a number", (t) => {
  const { file, write } = setUp(t);
  write("'a', CAST(x'ff' AS TEXT), 1, 'x'");
  write("'b', 'text', 1, 'x'");
  const find = file.prepare("SELECT n FROM t WHERE a = ?");
  for (const a of ["a", "b"]) assert.throws(() => find.get(a), /unavailable/);
});

test("the guarded statement keeps the order and the limit of the one it guards", (t) => {
  const { file } = setUp(t);
  const insert = file.prepare("INSERT INTO t (a, n) VALUES (?, ?)");
  file.transaction(() => {
    for (let n = 0; n < 500; n += 1) insert.run(`text ${(n * 7919) % 500}`, n % 10);
  });
  const read = file.prepare<{ a: string }>("SELECT a FROM t WHERE n < ? ORDER BY n DESC, a LIMIT ?");
  const rows = read.all(9, 120).map(({ a }) => a);
  assert.equal(rows.length, 120);
  for (const part of [rows.slice(0, 50), rows.slice(50, 100)]) assert.deepEqual(part, part.toSorted());
});
