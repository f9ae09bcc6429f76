import assert from "node:assert/strict";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { endedCall, pause } from "@echoo/testkit";
import Database from "libsql";
import { DataFolderError } from "../../src/sqlite/data-folder-error.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Runs with a folder that is removed afterwards. */
async function inFolder(run: (path: string) => Promise<void> | void): Promise<void> {
  const folder = temporaryFolder();
  try {
    await run(folder.path);
  } finally {
    folder.remove();
  }
}

function refuses(file: string, pattern: RegExp): void {
  assert.throws(
    () => openSqliteStore({ pause, file }),
    (error: unknown) => {
      assert.ok(error instanceof DataFolderError, String(error));
      assert.match(error.message, pattern);
      assert.match(error.message, /ECHOO_DATA/);
      return true;
    },
  );
}

test("a missing folder is made, and it and the file are for their owner alone", () =>
  inFolder(async (path) => {
    const file = join(path, "a", "b", "echoo.db");
    const store = openSqliteStore({ pause, file });
    await store.close();
    assert.equal(statSync(join(path, "a", "b")).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }));

test("what was stored is there when the file is opened again", () =>
  inFolder(async (path) => {
    const file = join(path, "echoo.db");
    const first = openSqliteStore({ pause, file });
    await first.calls.record([endedCall("a")]);
    await first.close();
    const second = openSqliteStore({ pause, file });
    assert.deepEqual(await second.calls.find("a"), endedCall("a"));
    await second.close();
  }));

test("a folder that cannot be made is an error that names the setting", () =>
  inFolder((path) => {
    writeFileSync(join(path, "file"), "");
    refuses(join(path, "file", "echoo.db"), /cannot be opened for writing/);
    refuses(join(path, "file", "deeper", "echoo.db"), /cannot be opened for writing/);
  }));

test("a folder in the file's place is an error that names the setting", () =>
  inFolder((path) => {
    mkdirSync(join(path, "echoo.db"));
    refuses(join(path, "echoo.db"), /cannot be opened for writing/);
  }));

test("a file that is no database is an error that names the setting, and is left alone", () =>
  inFolder((path) => {
    const file = join(path, "echoo.db");
    writeFileSync(file, "my diary\n".repeat(1000));
    refuses(file, /damaged or not a database/);
    assert.equal(statSync(file).size, 9000);
  }));

test("a database of a newer program is refused, with both numbers", () =>
  inFolder(async (path) => {
    const file = join(path, "echoo.db");
    await openSqliteStore({ pause, file }).close();
    const raw = new Database(file);
    raw.exec("PRAGMA user_version = 999");
    raw.close();
    refuses(file, /newer version of Echoo \(its schema is 999, this program knows \d+\)/);
  }));

test("a database that another process holds is unavailable, and works once it is let go", () =>
  inFolder(async (path) => {
    const file = join(path, "echoo.db");
    const store = openSqliteStore({ pause, file });
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    await assert.rejects(store.users.ensure("+491", {}, 0), { name: "StoreUnavailable" });
    other.exec("ROLLBACK");
    assert.equal((await store.users.ensure("+491", {}, 0)).created, true);
    await store.calls.record([endedCall("a")]);
    assert.ok(await store.calls.find("a"));
    other.close();
    await store.close();
  }));
