import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { SignJWT } from "jose";
import { entered, externalJwtSetup } from "./external-jwt-setup.ts";
import { audience, goodClaims, issuer, rawToken } from "./key-server.ts";

const secret = "a secret that both sides know, 32 characters or more";
const ann = "ann@example.com";
const env = { ECHOO_JWT_SECRET: secret, ECHOO_JWT_ISSUER: issuer, ECHOO_JWT_AUDIENCE: audience };
const nowMs = Date.UTC(2026, 0, 1);

function sign(changes: Record<string, unknown> = {}, alg = "HS256", key = secret): Promise<string> {
  const claims = goodClaims(nowMs, changes);
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(new TextEncoder().encode(key));
}

/** Seconds from now, as tokens tell time. */
const inSec = (seconds: number) => nowMs / 1000 + seconds;

const good: readonly [string, Record<string, unknown>, string?][] = [
  ["all claims", {}],
  ["several audiences, of which we are one", { aud: ["mail", audience] }],
  ["an end within the clocks' difference", { exp: inSec(-59) }],
  ["a beginning within it", { nbf: inSec(59) }],
  ["no time of issue", { iat: undefined }],
  ["an id with every sign there is", { sub: "a_Z9.@:|+-" }, "a_Z9.@:|+-"],
  ["a number with a plus, as it stands", { sub: "+4915112345678" }, "+4915112345678"],
  ["a number with dashes, as it stands", { sub: "555-0001" }, "555-0001"],
  ["the longest id", { sub: "x".repeat(64) }, "x".repeat(64)],
  ["the name of an object's prototype", { sub: "__proto__" }, "__proto__"],
  ["the name of a method of objects", { sub: "constructor" }, "constructor"],
  ["an end past all times", { exp: 1e300 }],
];
for (const [what, changes, user = ann] of good) {
  test(`a token with ${what} counts, and its user exists from then on, as proven`, async (t) => {
    const setup = externalJwtSetup(t, env);
    assert.equal(await entered(setup, await sign(changes)), user);
    assert.equal((await setup.store.users.find(user))?.proof, "jwt");
  });
}

const refused: readonly [string, Record<string, unknown>][] = [
  ["another issuer", { iss: "https://evil.example.com" }],
  ["no issuer", { iss: undefined }],
  ["a list for an issuer", { iss: [issuer] }],
  ["another audience", { aud: "mail" }],
  ["no audience", { aud: undefined }],
  ["an empty list of audiences", { aud: [] }],
  ["no end", { exp: undefined }],
  ["an end in words", { exp: "tomorrow" }],
  ["an end longer ago than clocks differ", { exp: inSec(-61) }],
  ["a beginning later than clocks differ", { nbf: inSec(61) }],
  ["no user", { sub: undefined }],
  ["an empty user", { sub: "" }],
  ["a list for a user", { sub: [ann] }],
  ["an object for a user", { sub: { $ne: null } }],
  ["a number for a user", { sub: 42 }],
  ["null for a user", { sub: null }],
  ["an id of 65 characters", { sub: "x".repeat(65) }],
  ["the id that nobody can have", { sub: "echo" }],
  ["the id of somebody erased", { sub: "deleted:abc" }],
  ["an id that is a folder", { sub: ".." }],
  ["an id with a space", { sub: "+49 151 12345678" }],
  ["an id with a slash", { sub: "a/b" }],
  ["an id in other letters", { sub: "ännä" }],
  ["an id with a line's end", { sub: "ann\n" }],
];
for (const [what, changes] of refused) {
  test(`a token with ${what} is refused, and creates no user`, async (t) => {
    const setup = externalJwtSetup(t, env);
    assert.equal(await entered(setup, await sign(changes)), undefined);
    const ids = [ann, "42", "echo", "..", "deleted:abc", "+4915112345678", ...[changes.sub].flat().map(String)];
    assert.deepEqual(await setup.store.users.findMany(ids), []);
  });
}

const hmac = (text: string, key = secret, hash = "sha256") => createHmac(hash, key).update(text).digest("base64url");
const forgeries: readonly [string, () => string | Promise<string>][] = [
  ["another secret", () => sign({}, "HS256", "another secret, of 32 characters or more")],
  ["a longer hash", () => sign({}, "HS512")],
  ["no algorithm", () => rawToken({ alg: "none" }, goodClaims(nowMs))],
  ["no algorithm, spelt otherwise, and a signature", () => rawToken({ alg: "nOnE" }, goodClaims(nowMs), hmac("x"))],
  ["no header to speak of", () => rawToken([], goodClaims(nowMs), hmac("x"))],
  ["a header that is null", () => `bnVsbA.${rawToken({}, goodClaims(nowMs)).split(".")[1]}.x`],
  ["claims that are a list", async () => resigned(rawToken({ alg: "HS256" }, []), hmac)],
  [
    "an extension that nobody knows",
    () => resigned(rawToken({ alg: "HS256", crit: ["x"], x: 1 }, goodClaims(nowMs)), hmac),
  ],
  ["claims changed afterwards", async () => tampered(await sign())],
  ["nothing in it", () => ".."],
  ["more than a token may have", async () => `${await sign()}${"A".repeat(8192)}`],
];
for (const [what, make] of forgeries) {
  test(`a token forged with ${what} is refused`, async (t) => {
    const setup = externalJwtSetup(t, env);
    assert.equal(await entered(setup, await make()), undefined);
    assert.equal(await setup.store.users.find(ann), undefined);
  });
}

test("a token names its user in the claim that is set", async (t) => {
  const claim = "https://example.com/claims/uid";
  const setup = externalJwtSetup(t, { ...env, ECHOO_JWT_USER_CLAIM: claim });
  assert.equal(await entered(setup, await sign({ [claim]: "user|42" })), "user|42");
  assert.equal(await entered(setup, await sign()), undefined);
  const inherited = externalJwtSetup(t, { ...env, ECHOO_JWT_USER_CLAIM: "toString" });
  assert.equal(await entered(inherited, await sign()), undefined);
});

test("a token must say who issued it and for whom also where nothing is expected of that", async (t) => {
  const setup = externalJwtSetup(t, { ECHOO_JWT_SECRET: secret });
  assert.equal(await entered(setup, await sign({ iss: "anybody", aud: "anything" })), ann);
  for (const changes of [{ iss: undefined }, { iss: "" }, { iss: 1 }, { aud: undefined }, { aud: [] }, { aud: [1] }]) {
    assert.equal(await entered(setup, await sign({ sub: "bob", ...changes })), undefined, JSON.stringify(changes));
  }
  assert.equal(await setup.store.users.find("bob"), undefined);
});

test("a token is good until its end, or for what is left of the clocks' difference", async (t) => {
  const { credentials } = externalJwtSetup(t, env);
  assert.equal((await credentials.check(await sign()))?.expiresAtMs, nowMs + 600_000);
  assert.equal((await credentials.check(await sign({ exp: inSec(-20) })))?.expiresAtMs, nowMs + 40_000);
});

test("a token's name is what its user is called, until they choose another", async (t) => {
  const setup = externalJwtSetup(t, env);
  const nameOf = async () => (await setup.store.users.find(ann))?.displayName;
  await entered(setup, await sign({ name: ["Ann"] }));
  assert.equal(await nameOf(), undefined);
  await entered(setup, await sign({ name: `  Ann ${"A".repeat(100)}` }));
  assert.equal(await nameOf(), `Ann ${"A".repeat(76)}`);
  await setup.store.users.update(ann, { displayName: "Anna" });
  await entered(setup, await sign({ name: "Ann" }));
  assert.equal(await nameOf(), "Anna");
});

test("a token's name loses what nobody sees, and one of which nothing is left names nobody", async (t) => {
  const setup = externalJwtSetup(t, env);
  const nameOf = async () => (await setup.store.users.find(ann))?.displayName;
  await entered(setup, await sign({ name: "\u200b\u202e" }));
  assert.equal(await nameOf(), undefined);
  await entered(setup, await sign({ name: "\u202eAnn\u0000 Smith\u200b" }));
  assert.equal(await nameOf(), "Ann Smith");
});

test("a user who joined without a token is proven from the first token on, and stays the same user", async (t) => {
  const setup = externalJwtSetup(t, env);
  await setup.store.users.ensure(ann, { displayName: "Ann", doNotDisturb: true }, setup.clock.now());
  await entered(setup, await sign({ name: "Somebody" }));
  const user = await setup.store.users.find(ann);
  assert.deepEqual([user?.proof, user?.displayName, user?.doNotDisturb], ["jwt", "Ann", true]);
});

test("the first token of a known user ends, once, what clients that spoke as them before were given", async (t) => {
  const proven: string[] = [];
  const setup = externalJwtSetup(t, env, (userId) => void proven.push(userId));
  const { store, clock, tokens, credentials } = setup;
  await store.users.ensure(ann, {}, clock.now());
  const older = await tokens.issue(ann, undefined);
  await Promise.all([await sign(), await sign({ jti: "2" })].map((jwt) => entered(setup, jwt)));
  assert.equal(await credentials.check(older.secret), undefined);
  assert.deepEqual(proven, [ann]);
  const newer = await tokens.issue(ann, undefined);
  await entered(setup, await sign({ jti: "3" }));
  assert.equal((await credentials.check(newer.secret))?.userId, ann);
  await entered(setup, await sign({ sub: "bob" }));
  assert.deepEqual(proven, [ann]);
});

test("a first token whose older ones could not be ended for now ends them the next time", async (t) => {
  const setup = externalJwtSetup(t, env);
  const { store, clock, tokens, credentials } = setup;
  await store.users.ensure(ann, {}, clock.now());
  const older = await tokens.issue(ann, undefined);
  const { revoke } = store.tokens;
  store.tokens.revoke = () => Promise.reject(new StoreUnavailable(new Error("away")));
  await assert.rejects(entered(setup, await sign()), StoreUnavailable);
  store.tokens.revoke = revoke;
  await entered(setup, await sign());
  assert.equal(await credentials.check(older.secret), undefined);
});

test("a token that was logged out stays so with its signature written in another way", async (t) => {
  const { credentials } = externalJwtSetup(t, env);
  const jwt = await sign();
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // 32 bytes take 43 letters, and the last two bits of the last letter say nothing.
  const others = [1, 2, 3].map((bits) => jwt.slice(0, -1) + letters[letters.indexOf(jwt.slice(-1)) ^ bits]);
  for (const other of others) assert.equal((await credentials.check(other))?.userId, ann);
  const token = await credentials.check(jwt);
  assert(token !== undefined);
  await credentials.revoke(token);
  for (const other of others) assert.equal(await credentials.check(other), undefined);
});

test("nothing of a refused token is in the log", async (t) => {
  const setup = externalJwtSetup(t, env);
  const jwt = await sign({ sub: "canary user", name: "canary name" });
  assert.equal(await entered(setup, jwt), undefined);
  const logged = setup.lines.join("\n");
  assert.match(logged, /was refused/);
  for (const part of ["canary", ...jwt.split(".")]) assert.ok(!logged.includes(part), part);
});

/** The header and claims of a token, signed with the right secret. */
function resigned(jwt: string, hmac: (text: string) => string): string {
  const signed = jwt.slice(0, jwt.lastIndexOf("."));
  return `${signed}.${hmac(signed)}`;
}

function tampered(jwt: string): string {
  const [header, , signature] = jwt.split(".");
  const [, claims] = rawToken({}, goodClaims(nowMs, { sub: "bob" })).split(".");
  return `${header}.${claims}.${signature}`;
}
