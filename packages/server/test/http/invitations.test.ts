import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { ask, type RestServer, signUp, startRest } from "./rest-server.ts";

const ann = "5550001";
const bob = "5550002";
const register = "POST /api/auth/register";
const invite = "POST /api/invitations";
const closed = { env: { NODE_ENV: "production" } };

async function redeem(server: RestServer, token: string, phone: string, more: object = {}) {
  const { status, body } = await ask(server, register, { body: { phone, invite: token, ...more } });
  return { status, code: body.code, user: body.user, token: body.token };
}

/** An administrator, as the first start's invitation makes one. */
async function administrator(server: RestServer): Promise<string> {
  const { token } = server.accounts.invitations.make({ admin: true, first: true });
  const made = await redeem(server, token, "5550000");
  assert.deepEqual([made.status, made.user.admin, made.user.proven], [201, true, true]);
  return made.token;
}

test("the first invitation makes an administrator, once, who invites others", async (t) => {
  const server = await startRest(t, closed);
  const second = server.accounts.invitations.make({ admin: true, first: true }).token;
  const token = await administrator(server);
  assert.equal((await redeem(server, second, ann)).code, "invite_used");
  assert.equal(await server.store.users.find(ann), undefined);

  const made = await ask(server, invite, { token, body: { phone: "+1 555 0001", displayName: "Ann" } });
  assert.equal(made.status, 201);
  assert.equal(made.body.link, `https://echoo.example/?invite=${made.body.invite}`);
  assert.equal(made.body.expiresAt, "2026-01-01T00:15:00.000Z");
  const read = await ask(server, "POST /api/invitations/read", { body: { invite: made.body.invite } });
  const { expiresAt } = made.body;
  assert.deepEqual(read.body, { phone: "+15550001", displayName: "Ann", admin: false, expiresAt });
  const joined = await redeem(server, made.body.invite, "+15550001");
  assert.deepEqual([joined.status, joined.user.displayName, joined.user.admin], [201, "Ann", false]);
  assert.equal((await server.store.users.find("+15550001"))?.proof, "invite");
  const again = await ask(server, "POST /api/invitations/read", { body: { invite: made.body.invite } });
  assert.deepEqual([again.status, again.body.code], [403, "invite_used"]);
});

test("of two first invitations that are redeemed at once one makes an administrator", async (t) => {
  const server = await startRest(t, closed);
  const { users } = server.store;
  const { hasAdmin } = users;
  users.hasAdmin = async () => {
    const known = await hasAdmin();
    // Long enough for the other request to come as far.
    for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
    return known;
  };
  const make = () => server.accounts.invitations.make({ admin: true, first: true }).token;
  const replies = await Promise.all([redeem(server, make(), ann), redeem(server, make(), bob)]);
  assert.deepEqual(replies.map(({ status, code }) => code ?? status).sort(), [201, "invite_used"]);
});

test("only an administrator can invite", async (t) => {
  const server = await startRest(t);
  const token = await signUp(server, ann);
  assert.deepEqual([(await ask(server, invite, { token })).status, (await ask(server, invite)).status], [403, 401]);
  const admin = await administrator(server);
  assert.equal((await ask(server, invite, { token: admin })).status, 201);
  for (const body of [{ phone: "hello" }, { phone: "echo" }, { displayName: "x".repeat(81) }, { phone: null }]) {
    assert.equal((await ask(server, invite, { token: admin, body })).status, 400, JSON.stringify(body));
  }
  await server.store.users.update("5550000", { admin: false });
  assert.equal((await ask(server, invite, { token: admin })).status, 403);
});

test("an invitation without a number opens no account that exists, and tells so 20 times an hour at most", async (t) => {
  const server = await startRest(t, closed);
  await server.store.users.ensure(ann, {}, server.clock.now());
  await server.store.users.ensure(bob, { proof: "code" }, server.clock.now());
  const { token } = server.accounts.invitations.make({});
  for (let tries = 0; tries < 20; tries += 1) {
    const refused = await redeem(server, token, tries % 2 === 0 ? ann : bob);
    assert.deepEqual([refused.status, refused.code], [409, "number_taken"]);
  }
  const limited = await ask(server, register, { body: { phone: ann, invite: token } });
  assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "3600"]);
  assert.deepEqual(await server.accounts.tokens.list(ann), []);
  // One that names its number tells nothing, and is not held up.
  const named = server.accounts.invitations.make({ phone: ann }).token;
  assert.equal((await redeem(server, named, ann)).status, 200);
});

test("an invitation tells so 20 times an hour from however many addresses, and an address by however many invitations", async (t) => {
  const server = await startRest(t, { env: { ...closed.env, ECHOO_TRUST_PROXY: "loopback" } });
  await server.store.users.ensure(bob, { proof: "code" }, server.clock.now());
  const shared = server.accounts.invitations.make({}).token;
  const redeemFrom = async (address: string, invite: string) => {
    const headers = { "x-forwarded-for": address };
    return (await ask(server, register, { body: { phone: bob, invite }, headers })).body.code;
  };
  for (let n = 0; n < 20; n += 1) assert.equal(await redeemFrom(`203.0.113.${n}:4711`, shared), "number_taken");
  assert.equal(await redeemFrom("203.0.113.99", shared), "rate_limited");
  const many = Array.from({ length: 20 }, () => server.accounts.invitations.make({}).token);
  for (const each of many) assert.equal(await redeemFrom("198.51.100.1", each), "number_taken");
  assert.equal(await redeemFrom("198.51.100.1", server.accounts.invitations.make({}).token), "rate_limited");
  assert.equal(await redeemFrom("198.51.100.2", server.accounts.invitations.make({}).token), "number_taken");
});

test("an address may show 60 wrong invitations an hour, and another's are looked at all the same", async (t) => {
  const server = await startRest(t, { env: { ...closed.env, ECHOO_TRUST_PROXY: "loopback" } });
  const { token } = server.accounts.invitations.make({});
  const from = (address: string) => ({ "x-forwarded-for": address });
  const show = (address: string, invite: string) =>
    ask(server, register, { body: { phone: ann, invite }, headers: from(address) });
  const read = (address: string, invite: string) =>
    ask(server, "POST /api/invitations/read", { body: { invite }, headers: from(address) });
  for (let n = 0; n < 30; n += 1) {
    assert.equal((await show("203.0.113.5", "made-up")).body.code, "invite_invalid");
    assert.equal((await read("203.0.113.5", "made-up")).body.code, "invite_invalid");
  }
  for (const refused of [await show("203.0.113.5", token), await read("203.0.113.5", token)]) {
    assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
  }
  // What is right counts for nothing.
  for (let n = 0; n < 61; n += 1) assert.equal((await read("203.0.113.6", token)).status, 200);
  assert.equal((await show("203.0.113.6", token)).status, 201);
  server.clock.advance(3_600_000);
  assert.equal((await read("203.0.113.5", "made-up")).body.code, "invite_invalid");
});

test("one that names a number signs in as it, whoever it was proven by; it stays proven as it was", async (t) => {
  const server = await startRest(t, closed);
  await server.store.users.ensure(bob, { proof: "code", displayName: "Bob" }, server.clock.now());
  const before = await server.accounts.tokens.issue(bob, undefined);
  const { token } = server.accounts.invitations.make({ phone: bob, displayName: "Robert", admin: true });
  const back = await redeem(server, token, bob);
  assert.deepEqual([back.status, back.user.displayName, back.user.admin], [200, "Bob", true]);
  assert.equal((await server.store.users.find(bob))?.proof, "code");
  assert.ok(await server.accounts.tokens.verify(before.secret), "other devices of a proven number stay signed in");
});

test("the first proof of a number ends the tokens and sockets from before it", async (t) => {
  const server = await startRest(t);
  const stranger = await signUp(server, ann);
  const { token } = server.accounts.invitations.make({});
  // Open access lets anybody be this number, so it is theirs to prove.
  const proven = await redeem(server, token, ann);
  assert.deepEqual([proven.status, proven.user.proven], [200, true]);
  assert.equal(await server.accounts.tokens.verify(stranger), undefined);
  assert.ok(await server.accounts.tokens.verify(proven.token));
  assert.ok(server.live.told.includes(`proven ${ann}`), "sockets of before stay");
  const open = await ask(server, register, { body: { phone: ann } });
  assert.equal(open.status, 503, "a proven number is no longer open");
});

test("under open access an invitation that is no good is refused all the same", async (t) => {
  const server = await startRest(t);
  assert.equal((await redeem(server, "nonsense", ann)).code, "invite_invalid");
  assert.equal(await server.store.users.find(ann), undefined);
  const { token } = server.accounts.invitations.make({ phone: bob });
  assert.equal((await redeem(server, token, ann)).code, "invite_invalid");
  server.clock.advance(15 * 60_000 + 1000);
  assert.equal((await redeem(server, token, bob)).code, "invite_expired");
});

test("a store that goes away while somebody registers costs them nothing but another try", async (t) => {
  const server = await startRest(t, closed);
  const { tokens, users, invitations } = server.store;
  const away = () => Promise.reject(new StoreUnavailable(new Error("away")));
  for (const [number, part, method] of [
    ["5551001", invitations, "claim"],
    ["5551002", users, "ensure"],
    ["5551003", tokens, "insert"],
    ["5551004", invitations, "complete"],
  ] as const) {
    const { token } = server.accounts.invitations.make({});
    const real: unknown = Reflect.get(part, method);
    Object.assign(part, { [method]: away });
    const failed = await redeem(server, token, number);
    assert.deepEqual([failed.status, failed.code], [503, "unavailable"], method);
    Object.assign(part, { [method]: real });
    server.clock.advance(1);
    const again = await redeem(server, token, number);
    assert.ok([200, 201].includes(again.status), `${method}: ${again.code}`);
    assert.equal((await server.accounts.tokens.list(number)).length, 1, method);
    assert.equal((await redeem(server, token, number)).code, "invite_used");
  }
});

test("of many who ask at once whether numbers are taken, twenty are told", async (t) => {
  const server = await startRest(t, closed);
  await server.store.users.ensure(bob, { proof: "code" }, server.clock.now());
  const { token } = server.accounts.invitations.make({});
  const replies = await Promise.all(Array.from({ length: 40 }, () => redeem(server, token, bob)));
  assert.equal(replies.filter(({ code }) => code === "number_taken").length, 20);
  assert.equal(replies.filter(({ code }) => code === "rate_limited").length, 20);
});

test("what broke off opens to the same number with the same invitation alone", async (t) => {
  const server = await startRest(t, closed);
  const { tokens } = server.store;
  const { insert } = tokens;
  const [first, second] = [server.accounts.invitations.make({}).token, server.accounts.invitations.make({}).token];
  tokens.insert = () => Promise.reject(new StoreUnavailable(new Error("away")));
  assert.equal((await redeem(server, first, ann)).status, 503);
  tokens.insert = insert;
  server.clock.advance(1);
  assert.equal((await redeem(server, second, ann)).code, "number_taken");
  assert.equal((await redeem(server, first, bob)).status, 201);
  assert.equal((await redeem(server, first, ann)).code, "invite_used");
});
