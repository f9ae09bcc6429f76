import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { spawnServer } from "../src/server-process.ts";

const entry = new URL("./fixtures/tiny-server.ts", import.meta.url);
const read = async (url: string) => (await fetch(url, { headers: { connection: "close" } })).text();

test("a server starts on a free port, and again on the same port with the same data", async (t) => {
  const server = await spawnServer({ entry, test: t });
  assert.equal(await read(server.url), "first");
  const { pid, url } = server;
  await server.restart();
  assert.notEqual(server.pid, pid);
  assert.equal(server.url, url);
  assert.equal(await read(url), "again");
  assert.deepEqual(server.faults(), []);
});

test("a server that is killed tells by what", async (t) => {
  const server = await spawnServer({ entry, test: t });
  assert.deepEqual(await server.kill(), { code: null, signal: "SIGKILL" });
  assert.throws(() => server.pid, /not running/);
});

test("a stopped server leaves no process and no data", async () => {
  const server = await spawnServer({ entry });
  const { pid, data } = server;
  await server.stop();
  assert.equal(existsSync(data), false);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("a server that dies before it listens fails the start with its last words", async () => {
  await assert.rejects(
    spawnServer({ entry, env: { TINY_MODE: "dies" } }),
    /ended before it listened \(1\)[\s\S]*no way/,
  );
});

test("an unhandled rejection shows as a fault, and ends the process", async (t) => {
  const server = await spawnServer({ entry, env: { TINY_MODE: "faulty", NODE_OPTIONS: "" }, test: t });
  await read(server.url).catch(() => "cut");
  assert.equal((await server.kill("SIGTERM")).code, 1);
  assert.match(server.output(), /nobody catches this/);
});
