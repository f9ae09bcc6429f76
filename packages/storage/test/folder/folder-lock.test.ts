import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DataFolderInUse, FolderLock } from "../../src/data-folder/folder-lock.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

function folderOf(t: TestContext): string {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  return folder.path;
}

interface Answer {
  readonly held: boolean;
  readonly why?: string;
}

async function holdElsewhere(t: TestContext, folder: string): Promise<Answer & { readonly child: ChildProcess }> {
  const child = fork(fileURLToPath(new URL("hold-folder.ts", import.meta.url)), [folder]);
  t.after(() => child.kill("SIGKILL"));
  const [answer] = (await once(child, "message")) as [Answer];
  return { ...answer, child };
}

function take(folder: string): FolderLock {
  return FolderLock.take(folder, "a server that runs", Date.UTC(2026, 1, 3), 3000);
}

test("of two processes one holds a folder, and the other is told which process it is", async (t) => {
  const folder = folderOf(t);
  const { held, child } = await holdElsewhere(t, folder);
  assert.equal(held, true);
  assert.throws(
    () => take(folder),
    (error: unknown) => {
      assert.ok(error instanceof DataFolderInUse);
      assert.ok(
        error.message.includes(`a test (process ${child.pid} on ${hostname()}, port 1234, since 1970`),
        error.message,
      );
      assert.match(error.message, /ECHOO_DATA/);
      return true;
    },
  );
});

test("a folder is free again once its holder was killed, and what it left says nothing", async (t) => {
  const folder = folderOf(t);
  const { child } = await holdElsewhere(t, folder);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.ok(readdirSync(folder).includes("lock.json"));
  const lock = take(folder);
  const { what, pid, port } = JSON.parse(readFileSync(join(folder, "lock.json"), "utf8"));
  assert.deepEqual([what, pid, port], ["a server that runs", process.pid, 3000]);
  lock.release();
  assert.deepEqual(readdirSync(folder), ["lock.db"]);
});

test("a file that names a process which lives, as after its number was given out again, holds nothing", (t) => {
  const folder = folderOf(t);
  const stale = {
    what: "a server that runs",
    pid: process.ppid,
    host: hostname(),
    startedAt: "2026-01-01T00:00:00.000Z",
  };
  writeFileSync(join(folder, "lock.json"), JSON.stringify(stale));
  writeFileSync(join(folder, "lock.db"), "");
  take(folder).release();
});

test("who holds it is not named after a process that is gone, nor after nonsense", async (t) => {
  const folder = folderOf(t);
  const { child } = await holdElsewhere(t, folder);
  const gone = await holdElsewhere(t, join(folder, "other"));
  gone.child.kill("SIGKILL");
  await once(gone.child, "exit");
  const stale = { what: "a server that runs", pid: gone.child.pid, host: hostname(), startedAt: "long ago" };
  for (const text of [JSON.stringify(stale), "{", "{}", '{"pid":-1}', ""]) {
    writeFileSync(join(folder, "lock.json"), text);
    assert.throws(() => take(folder), /in use by another process: a server that runs, or a command such as/);
  }
  assert.equal(child.exitCode, null);
});

test("one process cannot hold a folder twice, and its second try does not free it for others", async (t) => {
  const folder = folderOf(t);
  const lock = take(folder);
  assert.throws(() => take(folder), DataFolderInUse);
  assert.equal((await holdElsewhere(t, folder)).held, false);
  lock.release();
  assert.equal((await holdElsewhere(t, folder)).held, true);
});

test("of many that begin at once exactly one gets the folder", async (t) => {
  const folder = folderOf(t);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => holdElsewhere(t, folder)));
  assert.deepEqual(answers.map(({ held }) => held).sort(), [false, false, false, false, true]);
});

test("the port is told once it is known", async (t) => {
  const folder = folderOf(t);
  const lock = FolderLock.take(folder, "a server that runs", 0, 0);
  assert.throws(() => take(folder), /process \d+ on [^,]+, since/);
  lock.listensOn(4321);
  assert.throws(() => take(folder), /port 4321/);
  lock.release();
});
