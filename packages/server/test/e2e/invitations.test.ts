import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { CurrentPeer, RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ring } from "../ws/talk.ts";
import { ask } from "./ask.ts";
import { runToItsEnd } from "./start-server-process.ts";

const [ann, bob, eve] = ["+15550901", "+15550902", "+15550903"];
const register = "POST /api/auth/register";
const production = { env: { NODE_ENV: "production" } };

/** The token in the link that a program printed alone on a line. */
function tokenIn(text: string): string {
  const token = /^http\S+\/\?invite=([\w-]+)$/m.exec(text)?.[1];
  assert.ok(token, text);
  return token;
}

/** The token of the administrator's invitation, in what the server wrote from there on. */
async function firstInvitation(server: ServerProcess, fromChar = 0): Promise<string> {
  const line = /"link":"http[^"]+\/\?invite=([\w-]+)".*nobody is administrator yet/.source;
  const [, token] = await server.said(new RegExp(`^[\\s\\S]{${fromChar},}${line}`));
  assert.ok(token);
  return token;
}

test("a closed server is opened by the invitation of its first start, and by those that follow from it", async (t) => {
  const server = await spawnServer({ ...production, test: t });
  const first = await firstInvitation(server);

  for (const body of [{ phone: eve }, { phone: eve, otp: "123456" }, { phone: eve, invite: "AWsD3BGtU" }]) {
    assert.equal((await ask(server, register, { body })).status, 403);
  }
  const outside = await RawPeer.connect(server.wsUrl);
  outside.send({ type: "join", userId: eve, protocol: 2 });
  assert.equal((await outside.next("error")).code, "unauthorized");

  const admin = await ask(server, register, { body: { phone: ann, displayName: "Ann", invite: first } });
  assert.deepEqual([admin.status, admin.body.user.admin, admin.body.user.proven], [201, true, true]);
  const again = await ask(server, register, { body: { phone: eve, invite: first } });
  assert.deepEqual([again.status, again.body.code], [403, "invite_used"]);

  const token: string = admin.body.token;
  const made = await ask(server, "POST /api/invitations", { token, body: { phone: bob } });
  assert.equal(made.status, 201);
  const invited = await ask(server, register, { body: { phone: bob, invite: made.body.invite } });
  assert.deepEqual([invited.status, invited.body.user.admin], [201, false]);
  const refused = await ask(server, "POST /api/invitations", { token: invited.body.token, body: {} });
  assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"]);

  const a = await CurrentPeer.connect(server.wsUrl, { userId: ann, token });
  const b = await CurrentPeer.connect(server.wsUrl, { userId: bob, token: invited.body.token });
  await ring({ a, b });
  for (const peer of [a, b]) peer.raw.terminate();

  const logged = server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const holding = (secret: string) => logged.filter((line) => line.includes(secret)).length;
  assert.deepEqual([holding(first), holding(made.body.invite), holding(token)], [1, 0, 0]);
});

test("each start prints another invitation while there is no administrator; then none, and old ones are void", async (t) => {
  const server = await spawnServer({ ...production, test: t });
  const first = await firstInvitation(server);
  const before = server.output().length;
  await server.restart();
  const second = await firstInvitation(server, before);
  assert.notEqual(second, first);
  const admin = await ask(server, register, { body: { phone: ann, invite: second } });
  assert.equal(admin.status, 201);
  const late = await ask(server, register, { body: { phone: eve, invite: first } });
  assert.deepEqual([late.status, late.body.code], [403, "invite_used"]);
  const end = server.output().length;
  await server.restart();
  assert.equal((await ask(server, "GET /api/auth/sessions", { token: admin.body.token })).status, 200);
  assert.ok(!server.output().slice(end).includes("invite="), "there is an administrator");
});

test("echo invite beside the server makes links that it accepts, and none from another folder", async (t) => {
  const server = await spawnServer({ ...production, test: t });
  const env = { ECHOO_DATA: server.data, ECHOO_PUBLIC_URL: "https://calls.example.com" };
  const made = await runToItsEnd(env, "invite", bob, "--name", "Bob", "--admin");
  assert.deepEqual([made.code, made.stdout.split("\n").length], [0, 2]);
  const wrong = await ask(server, register, { body: { phone: eve, invite: tokenIn(made.stdout) } });
  assert.deepEqual([wrong.status, wrong.body.code], [403, "invite_invalid"]);
  const { status, body } = await ask(server, register, { body: { phone: bob, invite: tokenIn(made.stdout) } });
  assert.deepEqual([status, body.user.displayName, body.user.admin], [201, "Bob", true]);

  const elsewhere = await runToItsEnd({ ...env, ECHOO_DATA: join(server.data, "elsewhere") }, "invite");
  assert.deepEqual([elsewhere.code, elsewhere.stdout], [1, ""]);
  assert.match(elsewhere.stderr, /no server-secret.*ECHOO_DATA/);
});

test("of many who open one link at once exactly one gets in", async (t) => {
  const server = await spawnServer({ ...production, test: t });
  const invite = await firstInvitation(server);
  const phones = Array.from({ length: 8 }, (_, i) => `+1555100${i}`);
  const replies = await Promise.all(phones.map((phone) => ask(server, register, { body: { phone, invite } })));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array(7).fill(403)]);
});
