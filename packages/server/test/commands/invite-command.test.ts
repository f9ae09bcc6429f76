import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readServerSecret } from "@echoo/accounts";
import { readInviteToken } from "@echoo/accounts/testing";
import { FolderLock } from "@echoo/storage";
import { invite } from "../../src/commands/invite.ts";
import { runCommand } from "../../src/commands/run-command.ts";
import { randomSecret, systemClock } from "../../src/composition/platform.ts";

function dataFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "echoo-invite-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function run(argv: readonly string[], env: Record<string, string>) {
  const [printed, said]: [string[], string[]] = [[], []];
  const output = { print: (line: string) => void printed.push(line), say: (line: string) => void said.push(line) };
  const code = await runCommand(invite, argv, env, output);
  return { code, printed, said: said.join("\n") };
}

const tokenOf = (link: string | undefined) => new URL(link ?? "").searchParams.get("invite") ?? "";

test("echoo invite prints a link that the server accepts, alone on its output, and a code besides", async (t) => {
  const data = dataFolder(t);
  const secret = readServerSecret(data, undefined, randomSecret);
  const env = { ECHOO_DATA: data, ECHOO_PUBLIC_URL: "https://calls.example.com" };
  const { code, printed, said } = await run(["+1", "555", "0001", "--name", "Ann", "--admin"], env);
  assert.deepEqual([code, printed.length], [0, 1]);
  assert.match(printed[0] ?? "", /^https:\/\/calls\.example\.com\/\?invite=[\w-]+$/);
  const invitation = readInviteToken(tokenOf(printed[0]), secret);
  assert.deepEqual(
    [invitation?.phone, invitation?.displayName, invitation?.admin, invitation?.first],
    ["+15550001", "Ann", true, false],
  );
  assert.match(said, /▀|▄|█/);
  assert.match(said, /It works once, until \d\d:\d\d \S+\./);
});

test("a number is read as it was pasted, and a name without what nobody sees", async () => {
  const secret = "s".repeat(32);
  const { printed } = await run(["\u202a+1\u00a0555\u20110001\u202c", "--name", "\u202eAnn\u200b"], {
    ECHOO_SECRET: secret,
  });
  const invitation = readInviteToken(tokenOf(printed[0]), secret);
  assert.deepEqual([invitation?.phone, invitation?.displayName], ["+15550001", "Ann"]);
});

test("without a public address the link has this machine's, and PORT; a secret that is set needs no data", async (t) => {
  const env = { ECHOO_DATA: join(dataFolder(t), "none"), ECHOO_SECRET: "s".repeat(32) };
  const here = await run([], { ...env, HOST: "192.168.1.5", PORT: "8080" });
  assert.match(here.printed[0] ?? "", /^http:\/\/192\.168\.1\.5:8080\/\?invite=/);
  const anywhere = await run([], env);
  assert.match(anywhere.printed[0] ?? "", /^http:\/\/[\w.:[\]]+:3000\/\?invite=/);
  const invitation = readInviteToken(tokenOf(anywhere.printed[0]), env.ECHOO_SECRET);
  assert.deepEqual([invitation?.phone, invitation?.admin], [undefined, false]);
  await assert.rejects(run([], { ...env, PORT: "0" }), /ECHOO_PUBLIC_URL, or PORT/);
});

test("beside a running server the link has its address, with nothing repeated; a public address that is set wins", async (t) => {
  const data = dataFolder(t);
  readServerSecret(data, undefined, randomSecret);
  const lock = FolderLock.take(data, "a server that runs", systemClock.now());
  lock.listensOn(8443, "https://192.168.1.5:8443");
  const { printed } = await run([], { ECHOO_DATA: data });
  assert.match(printed[0] ?? "", /^https:\/\/192\.168\.1\.5:8443\/\?invite=/);
  const named = await run([], { ECHOO_DATA: data, ECHOO_PUBLIC_URL: "https://calls.example.com" });
  assert.match(named.printed[0] ?? "", /^https:\/\/calls\.example\.com\/\?invite=/);
  lock.release();
  assert.match(
    (await run([], { ECHOO_DATA: data, PORT: "8080" })).printed[0] ?? "",
    /^http:\/\/[\w.:[\]]+:8080\/\?invite=/,
  );
});

test("in a folder without the server's secret it makes none, and says what to do", async (t) => {
  const data = dataFolder(t);
  await assert.rejects(run([], { ECHOO_DATA: data }), (error: Error) => {
    for (const word of [data, "server-secret", "ECHOO_DATA", "ECHOO_SECRET"]) assert.ok(error.message.includes(word));
    return true;
  });
  assert.deepEqual(readdirSync(data), []);
});

test("a number that is none, and a name too long, are refused before anything is made", async () => {
  for (const argv of [["hello"], ["12"], ["--name", "x".repeat(81)], ["--name", " "], ["--name", "\u200b\u202e"]]) {
    await assert.rejects(run(argv, { ECHOO_SECRET: "s".repeat(32) }), { name: "UsageError" });
  }
});
