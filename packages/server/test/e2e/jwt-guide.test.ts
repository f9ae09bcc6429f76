import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { FakeNetwork } from "@echoo/client/fake";
import { CurrentPeer, FakeClock, spawnServer } from "@echoo/testkit";
import { audience, goodClaims, issuer, KeyServer } from "../../../accounts/test/external-jwt/key-server.ts";
import { ask } from "./ask.ts";
import { SdkPerson } from "./sdk-person.ts";

const guide = readFileSync(new URL("../../../../docs/guide/jwt.md", import.meta.url), "utf8");

/** The guide's blocks of one language, in their order. */
function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);
}

function settings(block: string | undefined): Record<string, string> {
  const lines = (block ?? "").trim().split("\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

type CallToken = (user: { id: string; name: string }) => Promise<string>;

/** Runs the guide's own lines, in a file beside this one so that they find their library. */
async function guidesCallToken(t: TestContext, secret: string | undefined): Promise<CallToken> {
  const file = new URL(`./guide-${process.pid}.ts`, import.meta.url);
  writeFileSync(file, blocks("ts")[0] ?? "");
  t.after(() => rmSync(file));
  process.env.ECHOO_JWT_SECRET = secret;
  t.after(() => delete process.env.ECHOO_JWT_SECRET);
  const module = (await import(file.href)) as { callToken: CallToken };
  return module.callToken;
}

test("what the guide signs lets its user in, by the settings that the guide names and through the SDK", async (t) => {
  const env = settings(blocks("sh")[0]);
  const server = await spawnServer({ env, test: t });
  const callToken = await guidesCallToken(t, env.ECHOO_JWT_SECRET);
  const clock = new FakeClock();
  const shared = { url: server.wsUrl, clock, network: new FakeNetwork(clock), test: t };
  const token = () => callToken({ id: "auth0|42", name: "Ann" });
  const ann = await new SdkPerson("auth0|42", shared, { token }).online();
  const bob = await new SdkPerson("bob", shared, { token: () => callToken({ id: "bob", name: "Bob" }) }).online();
  const ringing = bob.incoming();
  const call = await ann.client.call("bob", { video: false });
  assert.equal((await ringing).peerName, "Ann");
  const ended = new Promise((resolve) => call.on("ended", resolve));
  call.hangUp();
  await ended;
  const own = await ask(server, "GET /api/users/auth0%7C42", { token: await token() });
  assert.deepEqual([own.status, own.body.user.displayName], [200, "Ann"]);
});

test("the guide's settings for published keys let a user in, with the address that they really have", async (t) => {
  const product = await KeyServer.start(t);
  await product.addKey("one", "EdDSA");
  const env = settings(blocks("sh")[1]);
  assert.deepEqual(Object.keys(env), ["ECHOO_JWKS_URL", "ECHOO_JWT_ISSUER", "ECHOO_JWT_AUDIENCE"]);
  const server = await spawnServer({ env: { ...env, ECHOO_JWKS_URL: product.url }, test: t });
  const claims = goodClaims(Date.now(), { iss: env.ECHOO_JWT_ISSUER, aud: env.ECHOO_JWT_AUDIENCE, sub: "ann" });
  const ann = await CurrentPeer.connect(server.wsUrl, { userId: "ann", token: await product.sign(claims) });
  assert.equal(ann.joined.userId, "ann");
  ann.terminate();
  const foreign = await product.sign({ ...claims, iss: issuer, aud: audience });
  await assert.rejects(CurrentPeer.connect(server.wsUrl, { userId: "ann", token: foreign }), /unauthorized/);
});
