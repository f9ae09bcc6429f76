import assert from "node:assert/strict";
import { cpSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { spawnServer } from "@echoo/testkit";
import Database from "libsql";
import { contentOf } from "../../../storage/test/folder/content-of.ts";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { ask, historyOnce } from "../e2e/ask.ts";
import { runToItsEnd } from "../e2e/start-server-process.ts";
import { runEchoo } from "../slow/run-echoo.ts";
import { answered, talk, twoPeople } from "../ws/talk.ts";

test("a second server on the folder of one that runs names it, changes nothing and ends with 1", async (t) => {
  const server = await spawnServer({ test: t });
  const { a, b, callId } = await talk(server);
  await Promise.all([a.confirm(), b.confirm()]);
  const before = contentOf(server.data);
  const { code, stdout, stderr } = await runToItsEnd({ PORT: "0", ECHOO_DATA: server.data, ECHOO_LOG_LEVEL: "info" });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, new RegExp(`is in use by another process: a server that runs \\(process ${server.pid} on `));
  assert.match(stderr, new RegExp(`port ${server.port}, since \\d{4}-.*ECHOO_DATA`));
  // The journal's pulse may have come in between, and nothing else.
  const after = contentOf(server.data);
  assert.deepEqual({ ...after, "journal.db-wal": "" }, { ...before, "journal.db-wal": "" });
  a.send({ type: "hangup", callId });
  assert.equal((await b.next("hangup")).reason, "hangup");
  const [call] = await historyOnce(server, a.joined.userId, (calls) => calls.length > 0);
  assert.deepEqual([call.callId, call.endReason], [callId, "hangup"]);
});

test("a server that was killed leaves nothing in the way of the next", async (t) => {
  const server = await spawnServer({ test: t });
  for (let times = 0; times < 2; times += 1) await server.restart("SIGKILL");
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
  await server.kill("SIGTERM");
  assert.ok(!readdirSync(server.data).includes("lock.json"), "a server that ended says no longer who it was");
});

test("commands say that a server runs, and work once it does not", async (t) => {
  const server = await spawnServer({ test: t });
  const other = temporaryFolder();
  t.after(() => other.remove());
  const commands = [
    ["store", "check", "--store", `sqlite:${server.data}`],
    ["store", "migrate", "--store", `sqlite:${server.data}`],
    ["store", "copy", "--from", `sqlite:${server.data}`, "--to", `sqlite:${join(other.path, "a")}`],
    ["store", "copy", "--from", `sqlite:${join(other.path, "b.db")}`, "--to", `sqlite:${server.data}`],
  ];
  for (const command of commands) {
    const { code, stderr } = await runEchoo(command);
    assert.equal(code, 1, command.join(" "));
    assert.match(stderr, /echoo\.db is in use by another process: a server that runs \(process \d+.*Stop it first/);
  }
  await fetch(`${server.url}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ phone: "5550001" }),
  });
  await server.kill("SIGTERM");
  for (const command of commands.slice(0, 3)) {
    const { code, stderr } = await runEchoo(command);
    assert.equal(code, 0, `${command.join(" ")}\n${stderr}`);
  }
});

test("a server of before the lock, or one whose lock was deleted, is found by its open journal", async (t) => {
  const server = await spawnServer({ test: t });
  rmSync(join(server.data, "lock.db"));
  const deleted = await runToItsEnd({ PORT: "0", ECHOO_DATA: server.data });
  assert.equal(deleted.code, 1);
  assert.match(deleted.stderr, /journal\.db is in use by another process: a server that runs/);
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
});

test("a folder that was copied or moved with the lock in it is free", async (t) => {
  const server = await spawnServer({ test: t });
  const { a, b } = await answered(await twoPeople(server));
  await Promise.all([a.confirm(), b.confirm()]);
  await server.kill("SIGKILL");
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const copy = join(folder.path, "copy");
  cpSync(server.data, copy, { recursive: true });
  rmSync(server.data, { recursive: true });
  renameSync(copy, server.data);
  await server.start();
  assert.equal((await ask(server, "GET /api/health")).body.activeCalls, 1);
});

test("a backup that reads the database does not keep the server from starting", async (t) => {
  const server = await spawnServer({ test: t });
  await server.kill("SIGTERM");
  const reader = new Database(join(server.data, "echoo.db"));
  t.after(() => reader.close());
  reader.exec("BEGIN; SELECT count(*) FROM users");
  await server.start();
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
});
