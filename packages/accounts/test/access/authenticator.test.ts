import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { FakeClock, pause, randomSecret, seededIds } from "@echoo/testkit";
import { readConfig } from "../../../server/src/config/read-config.ts";
import { createAuthenticator } from "../../src/access/authenticator.ts";
import { createOpenAccess } from "../../src/access/open-access-watch.ts";
import { clientOf } from "../../src/addresses/client-address.ts";
import type { ConnectionFacts } from "../../src/addresses/connection-facts.ts";
import { createLoopbackTrust } from "../../src/addresses/loopback-trust.ts";
import { createVerifiedAddresses } from "../../src/addresses/verified-addresses.ts";
import { createCredentials } from "../../src/tokens/credentials.ts";
import type { GoodToken } from "../../src/tokens/good-token.ts";
import { createTokens } from "../../src/tokens/tokens.ts";
import { createUserFactsCache } from "../../src/user-facts/user-facts-cache.ts";
import { temporaryStore } from "../temporary-store.ts";

const ann = "5550001";
const here: ConnectionFacts = { address: "127.0.0.1", httpVersion: "1.1", headers: { host: "localhost:3000" } };
const away: ConnectionFacts = { ...here, address: "203.0.113.9" };
const legacy = { ECHOO_OPEN_ACCESS: "off", ECHOO_LEGACY_JOIN: "verified-address" };
const machine = { hostname: "nas", networks: [], inContainer: false, hasPublicAddress: false };

function setUp(t: TestContext, env: Record<string, string> = {}) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  const config = readConfig(env, []);
  const tokens = createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret });
  const openAccess = createOpenAccess(
    config,
    machine,
    createLoopbackTrust(() => {}),
  );
  const verified = createVerifiedAddresses(clock);
  const verifiedAddresses = config.legacyJoin === "verified-address" ? verified : undefined;
  const { trustProxy } = config;
  const userFacts = createUserFactsCache({
    store,
    clock,
    pause,
    maxPeople: 10,
    maxListed: 99,
    onFailure: () => assert.fail(),
    onCaughtUp: () => assert.fail(),
  });
  const onlyOfHost = { onRegistered: () => assert.fail(), onProven: () => assert.fail() };
  const credentials = createCredentials({
    store,
    clock,
    tokens,
    host: undefined,
    pushDevices: store.pushDevices,
    userFacts,
    ...onlyOfHost,
  });
  const userIdRule = "phone";
  const parts = {
    store,
    clock,
    credentials,
    userIdRule,
    openAccess,
    userFacts,
    trustProxy,
    verifiedAddresses,
  } as const;
  const authenticator = createAuthenticator(parts);
  /** A token of this user, as it is found good when it is used. */
  async function used(userId: string): Promise<GoodToken> {
    const token = await credentials.check((await tokens.issue(userId, undefined)).secret);
    assert(token !== undefined);
    return token;
  }
  const note = (token: GoodToken, facts: ConnectionFacts) =>
    verified.note(token, clientOf(facts, trustProxy), clock.steady());
  return { clock, store, tokens, credentials, userFacts, authenticator, parts, note, openAccess, used };
}

test("a join that open access covers creates the user, under the number without its decoration", async (t) => {
  const { store, authenticator } = setUp(t);
  const admission = await authenticator.admit({ userId: "555 (00)-01" }, here);
  assert.deepEqual(admission, { ok: true, userId: ann, viaOpenAccess: true });
  assert.equal((await store.users.find(ann))?.proof, undefined);
});

test("a user who was asked about before their first join is known from then on", async (t) => {
  const { userFacts, authenticator } = setUp(t);
  assert.equal((await userFacts.load(ann))?.registered, false);
  await authenticator.admit({ userId: ann }, here);
  assert.equal((await userFacts.load(ann))?.registered, true);
});

test("a join without token, proof or open access is refused, and creates no user", async (t) => {
  const { store, authenticator } = setUp(t);
  const admission = await authenticator.admit({ userId: ann }, away);
  assert.equal(admission.ok, false);
  assert.equal(!admission.ok && admission.code, "unauthorized");
  assert.equal(await store.users.find(ann), undefined);
});

test("a proven number and an administrator's join with their token alone", async (t) => {
  const { clock, store, tokens, authenticator } = setUp(t);
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  await store.users.ensure("5550009", { admin: true }, clock.now());
  assert.equal((await authenticator.admit({ userId: ann }, here)).ok, false);
  assert.equal((await authenticator.admit({ userId: "5550009" }, here)).ok, false);
  const { secret, token } = await tokens.issue(ann, undefined);
  assert.deepEqual(await authenticator.admit({ userId: ann, token: secret }, away), {
    ok: true,
    userId: ann,
    token: { id: token.id, userId: ann, expiresAtMs: token.expiresAtMs, kind: "own" },
    viaOpenAccess: false,
  });
});

test("a token decides who speaks: alone, it names the user; wrong or somebody else's, it is refused even here", async (t) => {
  const { clock, store, tokens, authenticator } = setUp(t);
  await store.users.ensure(ann, {}, clock.now());
  const { secret } = await tokens.issue(ann, undefined);
  const alone = await authenticator.admit({ token: secret }, here);
  assert.equal(alone.ok && alone.userId, ann);
  for (const claim of [
    { userId: ann, token: "wrong" },
    { userId: ann, token: "" },
    { userId: "5550002", token: secret },
    { userId: "nobody", token: secret },
  ]) {
    const admission = await authenticator.admit(claim, here);
    assert.equal(!admission.ok && admission.code, "unauthorized", JSON.stringify(claim));
  }
});

for (const userId of [undefined, "", "12", "1234567890123456", "echo", "+", "abc", "٣٤"]) {
  test(`${JSON.stringify(userId)} is no user's id`, async (t) => {
    const { authenticator } = setUp(t);
    const admission = await authenticator.admit({ userId }, here);
    assert.equal(!admission.ok && admission.code, "invalid");
  });
}

test("a number that is proven at the moment of its first join without a token is not opened", async (t) => {
  const { clock, store, parts } = setUp(t);
  const find = async () => {
    await store.users.ensure(ann, { proof: "code" }, clock.now());
    return undefined;
  };
  const admission = await createAuthenticator({ ...parts, store: { users: { ...store.users, find } } }).admit(
    { userId: ann },
    here,
  );
  assert.equal(!admission.ok && admission.code, "unauthorized");
});

test("a store that is away makes the gate unavailable, not open", async (t) => {
  const { store, parts } = setUp(t);
  const find = async (): Promise<never> => {
    throw new StoreUnavailable(new Error("gone"));
  };
  const broken = { users: { ...store.users, find } };
  const admission = await createAuthenticator({ ...parts, store: broken }).admit({ userId: ann }, here);
  assert.equal(!admission.ok && admission.code, "unavailable");
});

test("with verified-address an app joins from where its token was used, for 24 hours and no administrator", async (t) => {
  const { clock, store, authenticator, note, used } = setUp(t, legacy);
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  await store.users.ensure("5550009", { admin: true }, clock.now());
  assert.equal((await authenticator.admit({ userId: ann }, away)).ok, false);
  const [token, admins] = [await used(ann), await used("5550009")];
  note(token, away);
  note(admins, away);
  const admission = { ok: true, userId: ann, voucher: token, viaOpenAccess: false };
  assert.deepEqual(await authenticator.admit({ userId: ann }, away), admission);
  assert.equal((await authenticator.admit({ userId: "5550009" }, away)).ok, false);
  assert.equal((await authenticator.admit({ userId: ann }, { ...away, address: "203.0.113.10" })).ok, false);
  clock.advance(24 * 3_600_000);
  assert.equal((await authenticator.admit({ userId: ann }, away)).ok, false);
});

test("an address is worth what the tokens are that it used: revoked, erased or expired, nothing", async (t) => {
  const { clock, store, credentials, authenticator, note, used } = setUp(t, legacy);
  const joins = async () => (await authenticator.admit({ userId: ann }, away)).ok;
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  const [phone, browser] = [await used(ann), await used(ann)];
  for (const token of [phone, browser]) note(token, away);
  await credentials.revoke(browser);
  assert.equal(await joins(), true);
  await credentials.revoke(phone);
  assert.equal(await joins(), false);

  note(await used(ann), away);
  assert.equal(await joins(), true);
  await store.users.erase(ann, "deleted:1");
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  assert.equal(await joins(), false);
});

/** From a proxy on this machine, which writes this into X-Forwarded-For, or nothing. */
const through = (forwarded: string | undefined): ConnectionFacts => ({
  ...here,
  headers: { ...here.headers, ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }) },
});

for (const [name, proxy, mine, theirs] of [
  ["unreadable", "loopback", "unknown", "_hidden"],
  ["unreadable, and the same", "loopback", "unknown", "unknown"],
  ["missing", "loopback", undefined, undefined],
  ["missing before the second of two proxies", "2", "203.0.113.7", "203.0.113.7"],
  ["the proxy's own", "loopback,10.0.0.0/8", "10.0.0.7", "10.0.0.7"],
  ["this machine's", "1", "127.0.0.1", "127.0.0.1"],
  ["nobody's", "1", "0.0.0.0", "0.0.0.0"],
] as const) {
  test(`an address that is ${name} vouches for no user`, async (t) => {
    const { clock, store, authenticator, note, used } = setUp(t, { ...legacy, ECHOO_TRUST_PROXY: proxy });
    await store.users.ensure(ann, { proof: "code" }, clock.now());
    note(await used(ann), through(mine));
    assert.equal((await authenticator.admit({ userId: ann }, through(theirs))).ok, false);
  });
}

test("neither this machine nor a proxy that the settings do not name vouches for a user", async (t) => {
  const { clock, store, authenticator, note, used } = setUp(t, legacy);
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  const proxied = { ...away, headers: { "x-forwarded-for": "198.51.100.4" } };
  for (const facts of [here, proxied]) {
    note(await used(ann), facts);
    assert.equal((await authenticator.admit({ userId: ann }, facts)).ok, false);
  }
});

test("behind a proxy that writes ports it is the address that vouches, from any port, and no other", async (t) => {
  const { clock, store, authenticator, note, used } = setUp(t, { ...legacy, ECHOO_TRUST_PROXY: "loopback" });
  await store.users.ensure(ann, { proof: "code" }, clock.now());
  for (const [mine, again, theirs] of [
    ["203.0.113.5:4711", "203.0.113.5:4712", "198.51.100.9:4711"],
    ["[2001:db8::1]:4711", "[2001:db8::1]:99", "[2001:db8:9::9]:4711"],
  ] as const) {
    note(await used(ann), through(mine));
    assert.equal((await authenticator.admit({ userId: ann }, through(again))).ok, true, again);
    assert.equal((await authenticator.admit({ userId: ann }, through(theirs))).ok, false, theirs);
  }
});

test("without that setting an address means nothing", async (t) => {
  const { clock, store, authenticator, note, used } = setUp(t, { ECHOO_OPEN_ACCESS: "off" });
  await store.users.ensure(ann, {}, clock.now());
  note(await used(ann), away);
  assert.equal((await authenticator.admit({ userId: ann }, away)).ok, false);
});

test("the banner says in words what is open and to whom", (t) => {
  const words = (env: Record<string, string>, networks: string[] = []) =>
    createOpenAccess(
      readConfig(env, []),
      { ...machine, networks },
      createLoopbackTrust(() => {}),
    ).describe();
  assert.match(words({}), /^Open access: this machine may use any number/);
  assert.match(words({}, ["192.168.1.20/24"]), /its own network \(192\.168\.1\.20\/24\)/);
  assert.match(words({ NODE_ENV: "production" }), /is off/);
  assert.match(words({ ECHOO_OPEN_ACCESS: "off" }), /is off/);
  assert.match(words({ ECHOO_PUBLIC_URL: "https://calls.example.com" }), /is off/);
  assert.match(words({ ECHOO_OPEN_ACCESS: "all" }), /everybody who reaches this server/);
  t.diagnostic(words({}));
});
