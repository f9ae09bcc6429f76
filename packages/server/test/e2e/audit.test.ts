import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { audit as auditCommand } from "../../src/commands/audit.ts";
import { runCommand } from "../../src/commands/run-command.ts";
import { ask, tokenOf } from "./ask.ts";
import { runToItsEnd } from "./start-server-process.ts";

const ann = "15550006601";
const bob = "15550006602";

/** What `echoo audit` prints, beside a running server or without one. */
async function audit(server: { readonly data: string }, ...args: string[]) {
  const [printed, said]: [string[], string[]] = [[], []];
  const output = { print: (line: string) => void printed.push(line), say: (line: string) => void said.push(line) };
  const code = await runCommand(auditCommand, args, { ECHOO_DATA: server.data }, output).catch((error: Error) => {
    said.push(error.message);
    return undefined;
  });
  return { code, stdout: printed.join("\n"), stderr: said.join("\n") };
}

async function eventsOf(server: ServerProcess, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await audit(server, "--json", ...args);
  assert.equal(code, 0, stderr);
  return stdout.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line).event));
}

test("a number's entries are found by the command, whatever the log level, and nobody else's", async (t) => {
  const server = await spawnServer({ env: { ECHOO_LOG_LEVEL: "silent" }, test: t });
  const token = await tokenOf(server, ann);
  await tokenOf(server, bob);
  await ask(server, `PUT /api/users/${bob}/blocks/${ann}`, { token: await tokenOf(server, bob) });
  await ask(server, "GET /api/auth/sessions", { token: randomBytes(32).toString("base64url") });
  await ask(server, "POST /api/auth/logout", { token });
  assert.deepEqual(await eventsOf(server, "+1 (555) 000-6601"), []);
  assert.deepEqual(await eventsOf(server, ann), ["registered", "blocked", "logged_out"]);
  assert.deepEqual(await eventsOf(server, "--event", "login_refused"), ["login_refused"]);
  assert.deepEqual(await eventsOf(server, "--since", "1h", "--event", "blocked"), ["blocked"]);
  assert.deepEqual(await eventsOf(server, "--since", "2100-01-01"), []);
  const { stdout } = await runToItsEnd({ ECHOO_DATA: server.data }, "audit", ann);
  assert.match(
    stdout,
    /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}registered +…01 {2}by open access {2}from 127\.0\.0\.0 {2}request /,
  );
  assert.ok(!readFileSync(join(server.data, "audit.log"), "utf8").includes(ann));
});

test("the start says what is open, the end is noted, and a start without an end before it follows a crash", async (t) => {
  const server = await spawnServer({ test: t });
  await server.restart("SIGKILL");
  await server.restart("SIGTERM");
  const entries = readFileSync(join(server.data, "audit.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const expected = ["server_started", "server_started", "server_stopped", "server_started"];
  assert.deepEqual(
    entries.map(({ event }) => event),
    expected,
  );
  assert.match(entries[0].note, /development, proof by dev\. Open access: this machine/);
});

test("a server that is killed in the midst of writing leaves a log that reads on", async (t) => {
  const server = await spawnServer({ env: { ECHOO_RATE_LIMITS: "off" }, test: t });
  let acknowledged = 0;
  const flood = Array.from({ length: 20 }, async (_, i) => {
    for (let n = 0; ; n += 1) {
      await tokenOf(server, `1555${String(i * 1_000 + n).padStart(7, "0")}`);
      acknowledged += 1;
    }
  });
  const stopped = Promise.allSettled(flood);
  while (acknowledged < 100) await ask(server, "GET /livez");
  const before = acknowledged;
  await server.kill("SIGKILL");
  await stopped;
  // The worst that a crash can leave: half a line.
  appendFileSync(join(server.data, "audit.log"), '{"time":"2026-01-01T00:00:00.000Z","ev');
  await server.start();
  const events = await eventsOf(server);
  const registered = events.filter((event) => event === "registered").length;
  assert.ok(registered >= before, `${registered} of ${before} acknowledged registrations are in the log`);
  assert.equal(events.at(-1), "server_started");
});

test("a full disk under the audit log stops nothing, shows in health and log, and is noted when it is over", async (t) => {
  const server = await spawnServer({ test: t });
  const file = join(server.data, "audit.log");
  rmSync(file);
  symlinkSync("/dev/full", file);
  const token = await tokenOf(server, ann);
  const peer = await RawPeer.connect(server.wsUrl, { test: t });
  await peer.join(ann, { token });
  assert.equal((await ask(server, "GET /api/health")).body.status, "degraded");
  assert.ok(await server.said(/"level":"error".*ENOSPC.*the audit log \(audit\.log in ECHOO_DATA\) cannot be written/));
  rmSync(file);
  await tokenOf(server, bob);
  assert.equal((await ask(server, "GET /api/health")).body.status, "ok");
  assert.deepEqual(await eventsOf(server), ["audit_gap", "registered"]);
  assert.ok(await server.said(/the audit log can be written again/));
});

test("a log that cannot be searched says why", async (t) => {
  const server = await spawnServer({ test: t });
  const nowhere = await audit({ data: join(server.data, "none") });
  assert.deepEqual([nowhere.code, nowhere.stdout], [1, ""]);
  assert.match(nowhere.stderr, /There is no audit log in .*; is ECHOO_DATA the folder of the server\?/);
  rmSync(join(server.data, "server-secret"));
  assert.match((await audit(server, ann)).stderr, /has no server-secret.*ECHOO_SECRET/);
  assert.match((await audit(server, "--event", "logins")).stderr, /there is no event 'logins'/);
  assert.match((await audit(server, "--since", "tuesday")).stderr, /--since must be like 30m/);
  assert.match((await audit(server, "abc")).stderr, /'abc' is no number of 3 to 15 digits/);
});
