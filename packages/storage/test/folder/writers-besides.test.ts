import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { writersBesides } from "@echoo/storage";
import { spawnServer } from "@echoo/testkit";
import { ask, tokenOf } from "../../../server/test/e2e/ask.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** A folder with such a mode, and files with theirs. */
function folderOf(t: TestContext, mode: number, files: Readonly<Record<string, number>> = {}): string {
  const temporary = temporaryFolder();
  t.after(temporary.remove);
  const path = join(temporary.path, "data");
  mkdirSync(path);
  for (const [name, of] of Object.entries(files)) {
    writeFileSync(join(path, name), "");
    chmodSync(join(path, name), of);
  }
  chmodSync(path, mode);
  return path;
}

test("a folder that its owner alone may write to is nothing to tell of, whoever may read it", (t) => {
  for (const mode of [0o700, 0o750, 0o755, 0o2755]) {
    assert.equal(writersBesides(folderOf(t, mode, { "echoo.db": 0o600, "audit.log": 0o644 })), undefined);
  }
});

test("a folder that others may write to is named, with who they are and what ends it", (t) => {
  for (const [mode, who] of [
    [0o770, "its group (mode 0770)"],
    [0o2775, "its group (mode 02775)"],
    [0o702, "anybody on this machine (mode 0702)"],
    [0o777, "anybody on this machine (mode 0777)"],
    [0o1777, "anybody on this machine (mode 01777)"],
  ] as const) {
    const folder = folderOf(t, mode);
    const sentence = writersBesides(folder) ?? "";
    assert.ok(sentence.includes(`${folder} may be written to by ${who}.`), sentence);
    assert.ok(sentence.endsWith(`chmod go-w ${folder}`), sentence);
  }
});

test("files that others may write to are named, five of them", (t) => {
  const open = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`file-${i}`, i % 2 === 0 ? 0o660 : 0o602]));
  const folder = folderOf(t, 0o755, { ...open, "server-secret": 0o600 });
  symlinkSync("/nowhere", join(folder, "leads-nowhere"));
  const sentence = writersBesides(folder) ?? "";
  assert.equal(sentence.match(/file-\d/g)?.length, 5);
  assert.match(sentence, / and 2 more\. Run: chmod -R go-w /);
  assert.doesNotMatch(sentence, /server-secret|leads-nowhere/);
});

const warning = /"level":"warn".*may be written to by anybody on this machine \(mode 0777\)/g;

test("a server whose folder anybody may write to serves, and says so once at each start until it is mended", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "warn" }, test: t });
  const told = () => server.output().match(warning)?.length ?? 0;
  assert.equal(told(), 0);
  for (const [mode, times] of [
    [0o777, 1],
    [0o777, 2],
    [0o755, 2],
  ] as const) {
    chmodSync(server.data, mode);
    await server.restart();
    assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
    assert.equal(told(), times);
  }
});

test("what a server makes is its owner's alone, whatever the umask", async (t) => {
  const temporary = temporaryFolder();
  t.after(temporary.remove);
  const data = join(temporary.path, "made", "by the server");
  const prefix = ["sh", "-c", 'umask 0 && exec "$0" "$@"'];
  const server = await spawnServer({ env: { ECHOO_DATA: data }, prefix, test: t });
  await tokenOf(server, "555123");
  assert.equal(statSync(data).mode & 0o777, 0o700);
  const files = readdirSync(data);
  for (const name of ["echoo.db", "echoo.db-wal", "journal.db", "server-secret", "audit.log", "lock.json"]) {
    assert.ok(files.includes(name), name);
  }
  for (const name of files) assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name);
  assert.doesNotMatch(server.output(), /may be written to by/);
});
