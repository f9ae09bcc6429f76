import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { FakeClock, randomSecret, seededIds } from "@echoo/testkit";
import { createTokens, maxTokensPerUser } from "../../src/tokens/tokens.ts";
import { temporaryStore } from "../temporary-store.ts";

const ann = "5550001";
const dayMs = 24 * 3_600_000;

async function setUp(t: TestContext) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  await store.users.ensure(ann, {}, clock.now());
  return { clock, store, tokens: createTokens({ store: store.tokens, clock, ids: seededIds(1), randomSecret }) };
}

test("a token is 256 random bits of which only the SHA-256 is stored", async (t) => {
  const { tokens } = await setUp(t);
  const { secret, token } = await tokens.issue(ann, "kitchen tablet");
  assert.equal(Buffer.from(secret, "base64url").length, 32);
  assert.match(token.hash, /^[\da-f]{64}$/);
  assert.ok(!JSON.stringify(await tokens.list(ann)).includes(secret));
  assert.equal((await tokens.verify(secret))?.userId, ann);
  assert.equal(await tokens.verify(token.hash), undefined);
  assert.equal(await tokens.verify(`${secret}x`), undefined);
});

test("a token lives 30 days from its last use", async (t) => {
  const { clock, tokens } = await setUp(t);
  const { secret } = await tokens.issue(ann, undefined);
  clock.advance(29 * dayMs);
  assert.equal((await tokens.verify(secret))?.expiresAtMs, clock.now() + 30 * dayMs);
  clock.advance(30 * dayMs - 1);
  assert.ok(await tokens.verify(secret));
  clock.advance(30 * dayMs);
  assert.equal(await tokens.verify(secret), undefined);
});

test("its last use is written at most once in five minutes", async (t) => {
  const { clock, store, tokens } = await setUp(t);
  const { secret, token } = await tokens.issue(ann, undefined);
  const lastUse = async () => (await store.tokens.list(ann, clock.now()))[0]?.lastUsedAtMs;
  clock.advance(299_999);
  await tokens.verify(secret);
  assert.equal(await lastUse(), token.lastUsedAtMs);
  clock.advance(1);
  await tokens.verify(secret);
  assert.equal(await lastUse(), clock.now());
});

test("a revoked token is remembered for those who are just coming in by it", async (t) => {
  const { store, tokens } = await setUp(t);
  const { token } = await tokens.issue(ann, undefined);
  const { revoke } = store.tokens;
  store.tokens.revoke = () => Promise.reject(new StoreUnavailable(new Error("away")));
  await assert.rejects(tokens.revoke(ann, token.id), StoreUnavailable);
  store.tokens.revoke = revoke;
  assert.equal(await tokens.revoke("5550002", token.id), false);
  assert.equal(tokens.wasRevoked(token.id), false);
  assert.equal(await tokens.revoke(ann, token.id), true);
  assert.equal(tokens.wasRevoked(token.id), true);
});

test("a live socket keeps its token alive", async (t) => {
  const { clock, tokens } = await setUp(t);
  const { secret, token } = await tokens.issue(ann, undefined);
  clock.advance(20 * dayMs);
  assert.equal(await tokens.keepAlive(token.id), clock.now() + 30 * dayMs);
  clock.advance(29 * dayMs);
  assert.ok(await tokens.verify(secret));
});

test("a revoked token is unknown from then on, and only its owner revokes it", async (t) => {
  const { tokens } = await setUp(t);
  const { secret, token } = await tokens.issue(ann, undefined);
  assert.equal(await tokens.revoke("5550002", token.id), false);
  assert.ok(await tokens.verify(secret));
  assert.equal(await tokens.revoke(ann, token.id), true);
  assert.equal(await tokens.verify(secret), undefined);
});

test("one token more than the most a user may have costs the oldest", async (t) => {
  const { clock, tokens } = await setUp(t);
  const first = await tokens.issue(ann, undefined);
  for (let issued = 1; issued < maxTokensPerUser; issued += 1) {
    clock.advance(1);
    assert.deepEqual((await tokens.issue(ann, undefined)).evicted, []);
  }
  clock.advance(1);
  assert.deepEqual((await tokens.issue(ann, undefined)).evicted, [first.token.id]);
  assert.equal(await tokens.verify(first.secret), undefined);
  assert.equal((await tokens.list(ann)).length, maxTokensPerUser);
});
