import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { spawnServer } from "@echoo/testkit";
import { settings } from "../../src/config/settings.ts";
import { runToItsEnd } from "./start-server-process.ts";

describe("a start that cannot succeed", { concurrency: 2 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "echoo-start-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("names every fault of the settings at once, keeps secrets to itself, and ends with 1", async () => {
    const env = {
      PORT: "http",
      ECHOO_RING_MS: "5",
      ECHOO_ORIGINS: "example.com",
      ECHOO_OPEN_ACCESS: "yes",
      ECHOO_SECRET: "too-short-a-secret",
      REDIS_URL: "127.0.0.1:6379",
    };
    const { code, stdout, stderr } = await runToItsEnd({ ...env, ECHOO_DATA: folder }, "--prot=3001", "--host");
    assert.equal(code, 1);
    assert.equal(stdout, "");
    for (const name of [...Object.keys(env), "--prot", "--port", "--host"]) assert.ok(stderr.includes(name), name);
    assert.ok(!stderr.includes(env.ECHOO_SECRET));
    assert.doesNotMatch(stderr, /\n\s+at /, "a stack says nothing to whoever sets the server up");
  });

  test("says that the port is taken, and ends instead of hanging about", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const port = String((other.address() as AddressInfo).port);
    const { code, stderr } = await runToItsEnd({ PORT: port, ECHOO_DATA: join(folder, "taken") });
    other.close();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`PORT is taken by another program \\(${port}\\)`));
  });

  test("says that the data folder cannot be used", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    const { code, stdout, stderr } = await runToItsEnd({ PORT: "0", ECHOO_DATA: join(file, "data") });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /a-file/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  test("says that the database is none, and does not touch it", async () => {
    const data = mkdtempSync(join(folder, "broken-"));
    writeFileSync(join(data, "echoo.db"), "this is no database, and somebody may still want it ".repeat(100));
    const { code, stderr } = await runToItsEnd({ PORT: "0", ECHOO_DATA: data });
    assert.equal(code, 1);
    assert.match(stderr, /echoo\.db/);
  });

  test("says that the address is none of this machine's", async () => {
    const { code, stderr } = await runToItsEnd({ PORT: "0", HOST: "203.0.113.7", ECHOO_DATA: join(folder, "host") });
    assert.equal(code, 1);
    assert.match(stderr, /HOST is no address of this machine/);
  });
});

describe("a start", { concurrency: 2 }, () => {
  test("with --help lists every setting, its flag and its default, and starts nothing", async () => {
    const { code, stdout, stderr } = await runToItsEnd({ PORT: "nonsense" }, "--help");
    assert.deepEqual([code, stderr], [0, ""]);
    for (const { name } of Object.values(settings)) assert.match(stdout, new RegExp(`^  ${name}, --[a-z-]+$`, "m"));
    assert.match(stdout, /Default: 60000\./);
    assert.ok(stdout.split("\n").every((line) => line.length <= 100));
  });

  test("explains one command, or those that begin alike, where help is asked for, and starts nothing", async () => {
    for (const argv of [
      ["store", "--help"],
      ["store", "copy", "-h"],
      ["help", "store", "copy"],
    ]) {
      const { code, stdout, stderr } = await runToItsEnd({ PORT: "none", ECHOO_OPEN_ACCESS: "wrong" }, ...argv);
      assert.deepEqual([code, stderr], [0, ""], argv.join(" "));
      assert.match(stdout, /^echoo store copy /);
    }
  });

  test("with --version prints the version alone", async () => {
    const { code, stdout } = await runToItsEnd({}, "--version");
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test("warns of a setting that there is not, and names the one that was probably meant", async (t) => {
    const server = await spawnServer({ env: { ECHOO_RINGMS: "1000" }, test: t });
    const warnings = server.output().match(/"level":"warn".*ECHOO_RINGMS.*ECHOO_RING_MS/);
    assert.ok(warnings, server.output());
  });

  test("on every address says so, and where the machine itself finds it", async (t) => {
    const server = await spawnServer({ env: { HOST: "0.0.0.0" }, test: t });
    const [first = ""] = server.output().split("\n");
    assert.match(
      first,
      new RegExp(`^Echoo [\\d.]+ is listening on http://127\\.0\\.0\\.1:${server.port} \\(and 0\\.0\\.0\\.0\\)$`),
    );
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/livez`)).status, 200);
    assert.ok(await server.said(new RegExp(`WebSocket +ws://127\\.0\\.0\\.1:${server.port}/ws`)));
    assert.ok(await server.said(/Open access: /));
  });
});
