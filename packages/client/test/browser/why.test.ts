import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { launchChromium, requireService, type ServerProcess, spawnServer } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

const [annNumber, bobNumber] = ["5590011", "5590012"];
const missing = requireService("chromium");

async function personIn(t: TestContext, server: ServerProcess, flags: readonly string[] = []): Promise<Page> {
  const browser = await launchChromium(flags);
  t.after(() => browser.close());
  const page = await browser.newPage();
  await openSdkPage(page, server.url);
  return page;
}

async function joins(page: Page, name: "ann" | "bob", server: ServerProcess, number: string): Promise<void> {
  const who = { name, url: `${server.wsUrl}ws`, number };
  await page.evaluate(({ name, url, number }) => sdk.join(name, url, number), who);
}

const tokens = new Map<string, string>();

/** What this number may know of the call, once it is as wanted. */
async function verdictFor(server: ServerProcess, number: string, callId: string, wanted: string) {
  const headers = { "content-type": "application/json" };
  const key = `${server.url} ${number}`;
  if (!tokens.has(key)) {
    const body = JSON.stringify({ phone: number });
    const registered = await fetch(`${server.url}/api/auth/register`, { method: "POST", headers, body });
    tokens.set(key, ((await registered.json()) as { token: string }).token);
  }
  const authorization = `Bearer ${tokens.get(key)}`;
  const read = async () => {
    const reply = await fetch(`${server.url}/api/stats/${number}/calls/${callId}`, { headers: { authorization } });
    return (await reply.json()) as { verdict?: { code: string; side?: string; confidence: string } };
  };
  return (await server.stored(read, ({ verdict }) => verdict?.code === wanted)).verdict;
}

/** A file of silence for a microphone that is there and gives nothing. */
function silence(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "echoo-silence-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [rate, seconds] = [48_000, 2];
  const data = Buffer.alloc(rate * seconds * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  for (const [value, at] of [
    [16, 16],
    [rate, 24],
    [rate * 2, 28],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  const file = join(folder, "silence.wav");
  writeFileSync(file, Buffer.concat([head, data]));
  return file;
}

describe("why a call failed, by the real fault in a real browser", { skip: missing, timeout: 150_000 }, () => {
  it("permission_denied: the callee's browser may not use the microphone, and the caller hears nothing of that", async (t) => {
    const server = await spawnServer({ env: { ECHOO_OPEN_ACCESS: "all" }, test: t });
    const [ann, bob] = await Promise.all([personIn(t, server), personIn(t, server)]);
    const session = await bob.context().newCDPSession(bob);
    await session.send("Browser.setPermission", { permission: { name: "microphone" }, setting: "denied" });
    await Promise.all([joins(ann, "ann", server, annNumber), joins(bob, "bob", server, bobNumber)]);
    const refused = bob.evaluate(
      () =>
        new Promise<string>((resolve) => {
          sdk.client("bob").on("incoming", (call) => {
            call.answer().catch((error: { code: string }) => resolve(error.code));
          });
        }),
    );
    const callId = await ann.evaluate(
      async (number) => (await sdk.client("ann").call(number, { video: false })).id,
      bobNumber,
    );
    assert.equal(await refused, "media_denied");
    await ann.evaluate(() => sdk.call("ann").hangUp());
    const verdict = await verdictFor(server, bobNumber, callId, "permission_denied");
    assert.equal(verdict?.side, "callee");
    assert.equal((await verdictFor(server, annNumber, callId, "cancelled"))?.code, "cancelled");
  });

  it("silent_microphone: what the other side hears has no sound in it", async (t) => {
    const server = await spawnServer({ env: { ECHOO_OPEN_ACCESS: "all" }, test: t });
    const file = silence(t);
    const [ann, bob] = await Promise.all([
      personIn(t, server, [`--use-file-for-fake-audio-capture=${file}`]),
      personIn(t, server),
    ]);
    await Promise.all([joins(ann, "ann", server, annNumber), joins(bob, "bob", server, bobNumber)]);
    await bob.evaluate(() => void sdk.client("bob").on("incoming", (call) => void call.answer()));
    const callId = await ann.evaluate(talkFor, { number: bobNumber, samples: 18 });
    const verdict = await verdictFor(server, bobNumber, callId, "silent_microphone");
    assert.deepEqual([verdict?.side, verdict?.confidence], ["caller", "likely"]);
  });

  it("signaling_lost: a tab was killed; and good: nothing was wrong", async (t) => {
    const server = await spawnServer({ env: { ECHOO_OPEN_ACCESS: "all", ECHOO_RESUME_MS: "3000" }, test: t });
    const [ann, bob] = await Promise.all([personIn(t, server), personIn(t, server)]);
    await Promise.all([joins(ann, "ann", server, annNumber), joins(bob, "bob", server, bobNumber)]);
    await bob.evaluate(() => void sdk.client("bob").on("incoming", (call) => void call.answer()));
    const good = await ann.evaluate(talkFor, { number: bobNumber, samples: 8 });
    assert.equal((await verdictFor(server, annNumber, good, "good"))?.code, "good");
    const lost = await ann.evaluate(async (number) => {
      const call = await sdk.client("ann").call(number, { video: false });
      await sdk.inState("ann", "connected");
      return call.id;
    }, bobNumber);
    await bob.context().browser()?.close();
    const verdict = await verdictFor(server, annNumber, lost, "signaling_lost");
    assert.equal(verdict?.code, "signaling_lost");
  });
});

/** Runs in the page: a call of so many samples. */
async function talkFor({ number, samples }: { number: string; samples: number }): Promise<string> {
  const call = await sdk.client("ann").call(number, { video: false });
  await sdk.inState("ann", "connected");
  while (call.samples.length < samples) await new Promise((resolve) => call.on("sample", resolve));
  call.hangUp();
  return call.id;
}
