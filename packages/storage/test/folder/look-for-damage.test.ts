import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import Database from "libsql";
import { Damage } from "../../src/data-folder/damage.ts";
import { lookForDamage } from "../../src/data-folder/look-for-damage.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { zeroed } from "./damaging.ts";

interface Line {
  readonly level: "info" | "warn" | "error";
  readonly fields: object;
  readonly message: string;
}

/** A database of so many MiB, and what is said of it. */
function setUp(t: TestContext, mebibytes: number) {
  const folder = temporaryFolder();
  const open: { close(): void }[] = [];
  t.after(() => {
    for (const database of open) database.close();
    folder.remove();
  });
  const made = new Database(join(folder.path, "a.db"));
  made.exec(`CREATE TABLE t (a TEXT);
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${mebibytes * 512})
    INSERT INTO t SELECT hex(randomblob(1000)) FROM n`);
  made.close();
  const lines: Line[] = [];
  let heard = () => {};
  const log = (level: Line["level"]) => (fields: object, message?: string) => {
    lines.push({ level, fields, message: message ?? "" });
    heard();
  };
  const logger = { info: log("info"), warn: log("warn"), error: log("error") };
  const met: string[] = [];
  const clock = new FakeClock();
  const damage = new Damage({ logger, metrics: { damageMet: (file) => void met.push(file) } });
  const look = () => {
    open.push(new Database(join(folder.path, "a.db")));
    return lookForDamage({ folder: folder.path, file: "a.db", clock, logger, damage });
  };
  const said = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  return { folder: folder.path, lines, met, clock, damage, look, said };
}

test("a small file is looked through at once", (t) => {
  const { folder, look, lines, damage } = setUp(t, 1);
  look();
  assert.deepEqual([lines, damage.problems()], [[], []]);
  const other = new Database(join(folder, "a.db"));
  other.exec("UPDATE t SET a = CAST(x'61ff' AS TEXT) WHERE rowid = 3");
  other.close();
  look();
  assert.match(lines[0]?.message ?? "", /a\.db is damaged.*Found: 1 rows of t hold a text that is damaged/);
  assert.deepEqual([damage.has("a.db"), damage.has("b.db")], [true, false]);
  assert.deepEqual(damage.problems(), [{ code: "file_damaged", message: lines[0]?.message }]);
});

test("a large file is looked through in a process of its own, and the result is told either way", async (t) => {
  const { folder, look, lines, met, said } = setUp(t, 17);
  const defer = said();
  look();
  assert.equal(lines.length, 0, "the start does not wait for it");
  await defer;
  assert.deepEqual(lines, [
    { level: "info", fields: { file: "a.db" }, message: "the file was looked through and is sound" },
  ]);
  zeroed("a.db", 0.5, 1)(folder);
  const later = said();
  look();
  await later;
  assert.match(lines[1]?.message ?? "", /a\.db is damaged: a part of it cannot be read.*Found: .*page/s);
  assert.deepEqual(met, ["a.db"]);
});

test("a look that takes too long is ended, and one that is stopped says nothing", async (t) => {
  const { look, lines, clock } = setUp(t, 17);
  look();
  clock.advance(600_000);
  assert.deepEqual(lines, [
    {
      level: "warn",
      fields: { file: "a.db", why: "it took too long" },
      message: "whether the file is damaged was not found out",
    },
  ]);
  look()();
  clock.advance(600_000);
  assert.equal(lines.length, 1);
});

test("damage that is met a thousand times is counted so, and told once", (t) => {
  const { damage, lines, met } = setUp(t, 1);
  for (let times = 0; times < 1000; times += 1) damage.met("a.db", "it is damaged", new Error("x"));
  damage.met("b.db", "that too");
  assert.equal(met.length, 1001);
  assert.deepEqual(
    lines.map(({ level, message }) => [level, message]),
    [
      ["error", "it is damaged"],
      ["error", "that too"],
    ],
  );
});
