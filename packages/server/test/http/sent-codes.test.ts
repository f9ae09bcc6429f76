import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { gatewayMs } from "../../src/code-gateway/otp-webhook.ts";
import { startCodeReceiver } from "../code-gateway/code-receiver.ts";
import { ask, type RestServer, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const register = "POST /api/auth/register";
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

async function setUp(t: TestContext, env: Record<string, string> = { NODE_ENV: "production" }) {
  const receiver = await startCodeReceiver(t);
  const settings = { ECHOO_PROOF: "webhook", ECHOO_OTP_WEBHOOK_URL: receiver.url, ECHOO_OTP_WEBHOOK_SECRET: secret };
  return { receiver, server: await startRest(t, { env: { ...settings, ...env } }) };
}

const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

async function signIn(server: RestServer, phone: string, otp?: string) {
  const { status, body, headers } = await ask(server, register, {
    body: { phone, ...(otp === undefined ? {} : { otp }) },
  });
  return { status, body, code: body.code, retryAfter: headers.get("retry-after") };
}

test("a number is proven by the code that the gateway was given", async (t) => {
  const { server, receiver } = await setUp(t);
  const sent = await signIn(server, "+1 (555) 00-01");
  const { challenge, ...answer } = sent.body;
  assert.deepEqual([sent.status, answer], [202, { status: "otp_sent", expiresInSec: 300 }]);
  assert.match(challenge, /^[\w-]{43}$/);
  const [got] = receiver.received;
  const code = receiver.lastCode();
  assert.match(code, /^\d{6}$/);
  assert.deepEqual(JSON.parse(got?.body ?? ""), { type: "otp", phone: "+15550001", code, expiresInSec: 300 });
  assert.equal((await signIn(server, "+15550001", wrong(code))).code, "wrong_code");
  const done = await signIn(server, "+15550001", code);
  assert.deepEqual([done.status, done.body.user.proven], [201, true]);
  assert.equal((await server.store.users.find("+15550001"))?.proof, "code");
  assert.equal((await signIn(server, "+15550001", code)).code, "wrong_code");
  assert.ok(!server.lines.join("").includes(code), "a code is in the log");
});

test("known and unknown numbers are answered alike", async (t) => {
  const { server } = await setUp(t);
  await server.store.users.ensure(ann, { proof: "code", admin: true }, server.clock.now());
  const asked: string[] = [];
  const { find } = server.store.users;
  server.store.users.find = (id) => {
    asked.push(id);
    return find(id);
  };
  const [known, unknown] = [await signIn(server, ann), await signIn(server, bob)];
  const shapes = [known, unknown].map(({ status, body }) => [status, { ...body, challenge: body.challenge.length }]);
  assert.deepEqual(shapes[0], shapes[1]);
  assert.deepEqual(asked, [], "nobody is looked up before they have shown the code");
  for (const phone of [ann, bob, "5550003"]) assert.equal((await signIn(server, phone, "000000")).code, "wrong_code");
});

test("a gateway that fails is told clearly, and a new try is possible at once, as often as it takes", async (t) => {
  const { server, receiver } = await setUp(t);
  for (const answer of [500, "redirect", 404, 400, 500, 503] as const) {
    receiver.state.answer = answer;
    const failed = await signIn(server, ann);
    assert.deepEqual([failed.status, failed.code, failed.retryAfter], [503, "proof_failed", "1"]);
    assert.equal((await signIn(server, ann, receiver.lastCode())).code, "wrong_code", "what was not sent counts not");
  }
  receiver.state.answer = "nothing";
  const arrived = receiver.next();
  const hanging = signIn(server, ann);
  await arrived;
  server.clock.advance(gatewayMs);
  assert.equal((await hanging).code, "proof_failed");
  receiver.state.answer = 200;
  assert.equal((await signIn(server, ann)).status, 202);
  assert.equal((await signIn(server, ann, receiver.lastCode())).status, 201);
  const warnings = server.lines.filter((line) => line.includes("did not take a code"));
  assert.equal(warnings.length, 7);
  assert.ok(warnings.every((line) => !line.includes(ann)));
});

test("codes are limited: 30 seconds between them, 5 an hour a number, 20 an hour an address", async (t) => {
  const { server } = await setUp(t);
  assert.equal((await signIn(server, ann)).status, 202);
  const defer = await signIn(server, ann);
  assert.deepEqual([defer.status, defer.code, defer.retryAfter], [429, "rate_limited", "30"]);
  for (let sent = 1; sent < 5; sent += 1) {
    server.clock.advance(30_000);
    assert.equal((await signIn(server, ann)).status, 202);
  }
  server.clock.advance(30_000);
  assert.deepEqual([(await signIn(server, ann)).status, (await signIn(server, ann)).retryAfter], [429, "3450"]);
  for (let sent = 5; sent < 20; sent += 1) assert.equal((await signIn(server, `55510${sent}`)).status, 202);
  assert.equal((await signIn(server, bob)).status, 429);
  server.clock.advance(3_600_000);
  assert.equal((await signIn(server, bob)).status, 202);
});

test("where open access covers a request no code is needed, and one that is given proves the number", async (t) => {
  const { server, receiver } = await setUp(t, {});
  const open = await signIn(server, ann);
  assert.deepEqual([open.status, open.body.user.proven], [201, false]);
  assert.equal((await signIn(server, ann, "123456")).code, "wrong_code");
  assert.equal((await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann } })).status, 200);
  const proven = await signIn(server, ann, receiver.lastCode());
  assert.deepEqual([proven.status, proven.body.user.proven], [200, true]);
  server.clock.advance(30_000);
  assert.equal((await signIn(server, ann)).status, 202, "a proven number needs its code");
});

test("the shipped app signs in with a code that was sent", async (t) => {
  const { server, receiver } = await setUp(t);
  const sent = await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann } });
  assert.deepEqual([sent.status, sent.body], [200, { success: true, message: "The code was sent." }]);
  const code = { phoneNumber: ann, otp: receiver.lastCode(), deviceInfo: "Pixel 7" };
  const refused = await ask(server, "POST /auth/verify-otp", { body: { ...code, otp: wrong(code.otp) } });
  assert.equal(refused.status, 401);
  const done = await ask(server, "POST /auth/verify-otp", { body: code });
  assert.equal(done.status, 200);
  assert.equal((await server.accounts.tokens.verify(done.body.authToken))?.userId, ann);
  assert.equal((await server.store.users.find(ann))?.proof, "code");
  receiver.state.answer = 500;
  const failed = await ask(server, "POST /auth/send-otp", { body: { phoneNumber: bob } });
  assert.deepEqual([failed.status, failed.body.code], [503, "proof_failed"]);
});

test("with invitations the shipped app gets no code, and is told why", async (t) => {
  const server = await startRest(t, { env: { NODE_ENV: "production" } });
  const sent = await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann } });
  assert.deepEqual([sent.status, sent.body.code], [403, "invite_needed"]);
});

const proxied = { NODE_ENV: "production", ECHOO_TRUST_PROXY: "loopback" };
const comingFrom = (address: string) => ({ headers: { "x-forwarded-for": address } });

test("one wrong code a second from elsewhere keeps the owner out neither by what is tried nor by what is asked", async (t) => {
  const { server, receiver } = await setUp(t, proxied);
  const owner = comingFrom("203.0.113.9:4711");
  const attacker = comingFrom("198.51.100.66");
  for (let round = 0; round < 2; round += 1) {
    assert.equal((await ask(server, register, { body: { phone: ann }, ...owner })).status, 202);
    const code = receiver.lastCode();
    for (let second = 0; second < 40; second += 1) {
      await ask(server, register, { body: { phone: ann, otp: wrong(code) }, ...attacker });
      if (second % 20 === 0) await ask(server, register, { body: { phone: ann }, ...attacker });
      server.clock.advance(1_000);
    }
    const done = await ask(server, register, { body: { phone: ann, otp: code }, ...owner });
    assert.equal(done.status, round === 0 ? 201 : 200);
  }
});

test("a phone that moves to another network meanwhile is known by its challenge", async (t) => {
  const { server, receiver } = await setUp(t, proxied);
  const sent = await ask(server, register, { body: { phone: ann }, ...comingFrom("203.0.113.9") });
  const [otp, { challenge }] = [receiver.lastCode(), sent.body];
  for (let tries = 0; tries < 2; tries += 1) {
    await ask(server, register, { body: { phone: ann, otp: wrong(otp) }, ...comingFrom("198.51.100.66") });
  }
  const moved = comingFrom("192.0.2.7");
  assert.equal((await ask(server, register, { body: { phone: ann, otp }, ...moved })).body.code, "wrong_code");
  assert.equal((await ask(server, register, { body: { phone: ann, otp, challenge }, ...moved })).status, 201);
});

test("an address may show 60 wrong codes an hour, whatever the numbers; then not even a right one is looked at", async (t) => {
  const { server, receiver } = await setUp(t, proxied);
  const guesser = comingFrom("198.51.100.66");
  for (let n = 0; n < 60; n += 1) {
    const guess = { phone: `555${1000 + n}`, otp: "000000" };
    assert.equal((await ask(server, register, { body: guess, ...guesser })).body.code, "wrong_code");
  }
  assert.equal((await ask(server, register, { body: { phone: ann }, ...guesser })).status, 202);
  const body = { phone: ann, otp: receiver.lastCode() };
  const refused = await ask(server, register, { body, ...guesser });
  assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  assert.equal((await ask(server, register, { body, ...comingFrom("192.0.2.7") })).status, 201);
});

test("the shipped app, which knows no challenge, signs in from the address that asked, whatever others do", async (t) => {
  const { server, receiver } = await setUp(t, proxied);
  const owner = comingFrom("203.0.113.9:4711");
  assert.equal((await ask(server, "POST /auth/send-otp", { body: { phoneNumber: ann }, ...owner })).status, 200);
  const otp = receiver.lastCode();
  const verify = (code: string, address: string) =>
    ask(server, "POST /auth/verify-otp", { body: { phoneNumber: ann, otp: code }, ...comingFrom(address) });
  for (let n = 0; n < 9; n += 1) assert.equal((await verify(wrong(otp), "198.51.100.66")).status, 401);
  assert.equal((await verify(wrong(otp), "203.0.113.9:5000")).status, 401);
  assert.equal((await verify(otp, "203.0.113.9:5001")).status, 200);
});
