import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RawPeer, type ServerProcess, spawnServer } from "@echoo/testkit";
import { ask } from "../e2e/ask.ts";
import { runToItsEnd } from "../e2e/start-server-process.ts";
import { somebody } from "../ws/talk.ts";
import { AppPhone } from "./app-phone.ts";
import { gson } from "./gson.ts";

/** This machine's own address vouches for no user, so everybody comes by a proxy. */
const [home, elsewhere] = [{ "x-forwarded-for": "203.0.113.5" }, { "x-forwarded-for": "198.51.100.9" }];

const production = {
  NODE_ENV: "production",
  ECHOO_LEGACY_JOIN: "verified-address",
  ECHOO_TRUST_PROXY: "loopback",
};

/** `echoo invite`, beside the server: the code and the link that it prints. */
async function invite(server: ServerProcess, ...words: string[]) {
  const { code, stdout, stderr } = await runToItsEnd({ ...production, ECHOO_DATA: server.data }, "invite", ...words);
  assert.equal(code, 0, stderr);
  const otp = /\b(\d{6}), instead of the link/.exec(stderr)?.[1];
  return { otp, link: new URL(stdout.trim()).searchParams.get("invite") ?? "" };
}

/** As the app asks, from an address. */
async function app(server: ServerProcess, path: string, body: object, from: Record<string, string> = home) {
  const headers = { ...from, "content-type": "application/json" };
  const reply = await fetch(`${server.url}${path}`, { method: "POST", headers, body: gson(body) });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

const started = (t: TestContext) => spawnServer({ env: production, test: t });

test("the app gets into a closed server by the code of an invitation, and joins with no request between", async (t) => {
  const server = await started(t);
  const [phoneNumber, stranger] = [somebody(), somebody()];
  assert.equal((await app(server, "/auth/send-otp", { phoneNumber })).body.code, "invite_needed");
  const { otp, link } = await invite(server, phoneNumber);
  assert.ok(otp);
  assert.deepEqual([(await app(server, "/auth/send-otp", { phoneNumber })).body.success], [true]);
  const other = await app(server, "/auth/verify-otp", { phoneNumber: stranger, otp, deviceInfo: "phone" });
  assert.deepEqual([other.status, other.body.code], [403, "invite_needed"]);
  const done = await app(server, "/auth/verify-otp", { phoneNumber, otp, deviceInfo: "phone" });
  assert.deepEqual([done.status, typeof done.body.authToken], [200, "string"], JSON.stringify(done.body));

  await AppPhone.open(server, phoneNumber, { headers: home, test: t });
  const away = await RawPeer.connect(server.wsUrl, { headers: elsewhere, test: t });
  away.send(gson({ type: "join", userId: phoneNumber }));
  assert.equal((await away.next("error")).code, "unauthorized");

  const again = await app(server, "/auth/verify-otp", { phoneNumber, otp, deviceInfo: "phone" });
  assert.equal(again.status, 403);
  const byLink = await ask(server, "POST /api/auth/register", { body: { phone: phoneNumber, invite: link } });
  assert.deepEqual([byLink.status, byLink.body.code], [403, "invite_used"]);
  assert.deepEqual(readdirSync(join(server.data, "invited-codes")), []);
  assert.ok(!server.output().includes(otp), "the code is in the log");
});

test("a code of an invitation is tried five times, whoever tries, and is over with its link", async (t) => {
  const server = await started(t);
  const [phoneNumber, other] = [somebody(), somebody()];
  const [guessed, used] = [await invite(server, phoneNumber), await invite(server, other)];
  const wrong = guessed.otp === "000000" ? "000001" : "000000";
  for (let n = 0; n < 5; n += 1) {
    const from = { "x-forwarded-for": `203.0.113.${n + 10}` };
    const refused = await app(server, "/auth/verify-otp", { phoneNumber, otp: wrong, deviceInfo: "" }, from);
    assert.deepEqual([refused.status, refused.body.code], [401, "wrong_code"]);
  }
  const late = await app(server, "/auth/verify-otp", { phoneNumber, otp: guessed.otp, deviceInfo: "" });
  assert.equal(late.body.code, "wrong_code");
  const byLink = await ask(server, "POST /api/auth/register", { body: { phone: phoneNumber, invite: guessed.link } });
  assert.equal(byLink.status, 201);

  assert.equal(
    (await ask(server, "POST /api/auth/register", { body: { phone: other, invite: used.link } })).status,
    201,
  );
  const second = await app(server, "/auth/verify-otp", { phoneNumber: other, otp: used.otp, deviceInfo: "" });
  assert.deepEqual([second.status, second.body.code], [403, "invite_used"]);
});

test("a newer invitation's code takes the place of the older, and an administrator's has none", async (t) => {
  const server = await started(t);
  const phone = somebody();
  const [first, second] = [await invite(server, phone), await invite(server, phone)];
  const admin = await invite(server, somebody(), "--admin");
  assert.equal(admin.otp, undefined);
  assert.equal((await invite(server)).otp, undefined);
  const register = (otp: string | undefined) => ask(server, "POST /api/auth/register", { body: { phone, otp } });
  if (first.otp !== second.otp) assert.equal((await register(first.otp)).body.code, "wrong_code");
  assert.equal((await register(second.otp)).status, 201);
});

test("an administrator's request makes the code as well, and the audit log tells how the number was proven", async (t) => {
  const server = await started(t);
  const [boss, phoneNumber] = [somebody(), somebody()];
  const { link } = await invite(server, boss, "--admin");
  const { token } = (await ask(server, "POST /api/auth/register", { body: { phone: boss, invite: link } })).body;
  const made = await ask(server, "POST /api/invitations", { token, body: { phone: phoneNumber } });
  assert.match(made.body.code, /^\d{6}$/);
  const open = await ask(server, "POST /api/invitations", { token, body: {} });
  assert.equal(open.body.code, undefined);
  const done = await app(server, "/auth/verify-otp", { phoneNumber, otp: made.body.code, deviceInfo: "phone" });
  assert.equal(done.status, 200);
  const said = await runToItsEnd({ ECHOO_DATA: server.data }, "audit");
  const last = phoneNumber.slice(-2);
  assert.match(said.stdout, new RegExp(`invitation_redeemed[^\\n]*${last}[^\\n]*\\n[^\\n]*registered[^\\n]*${last}`));
});
