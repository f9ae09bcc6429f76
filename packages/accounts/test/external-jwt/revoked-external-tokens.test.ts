import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { StoreUnavailable, type Withdrawal, type Withdrawals } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { createRevokedExternalTokens } from "../../src/external-jwt/revoked-external-tokens.ts";
import type { GoodToken } from "../../src/tokens/good-token.ts";
import { type ExternalJwtSetup, entered, externalJwtSetup } from "./external-jwt-setup.ts";
import { type HostProduct, withKeys, withSecret } from "./host-product.ts";
import { goodClaims } from "./key-server.ts";

const ann = "ann@example.com";
const dayMs = 24 * 3_600_000;

let signed = 0;

/** A host product whose clock is ahead by so much, and what comes of its tokens. */
async function setUp(t: TestContext, aheadSec = 0, make: (t: TestContext) => Promise<HostProduct> = withSecret) {
  const product = await make(t);
  const setup = externalJwtSetup(t, product.env);
  const { clock } = setup;
  const token = (changes: Record<string, unknown> = {}) => {
    signed += 1;
    return product.sign(goodClaims(clock.now() + aheadSec * 1000, { jti: String(signed), ...changes }));
  };
  return { ...setup, token };
}

async function good({ credentials }: ExternalJwtSetup, jwt: string): Promise<GoodToken> {
  const token = await credentials.check(jwt);
  assert(token !== undefined);
  return token;
}

/** Undefined where the token is refused and no time would help; the time where it does. */
async function refused(setup: ExternalJwtSetup, jwt: string): Promise<number | undefined> {
  try {
    assert.equal(await entered(setup, jwt), undefined);
    return undefined;
  } catch (error) {
    assert(error instanceof Refusal && error.code === "unauthorized", String(error));
    return error.retryInMs;
  }
}

for (const [kind, make] of [
  ["with a shared secret", withSecret],
  ["with published keys", withKeys],
] as const) {
  for (const aheadSec of [60, 59, 0, -59]) {
    describe(`a host product ${kind}, whose clock is ahead by ${aheadSec} s`, () => {
      for (const [what, restarts] of [
        ["", false],
        [", after a restart as well", true],
      ] as const) {
        test(`logs one token out until it ends, and another at once is good${what}`, async (t) => {
          const setup = await setUp(t, aheadSec, make);
          const [jwt, other] = [await setup.token(), await setup.token()];
          await setup.credentials.revoke(await good(setup, jwt));
          const now = restarts ? setup.restarted() : setup;
          assert.equal(await refused(now, jwt), undefined);
          assert.equal(await entered(now, other), ann);
          assert.equal(await entered(now, await setup.token()), ann);
          // Its exp and the tolerance: it was to be good until then.
          setup.clock.advance((600 + aheadSec + 59) * 1000);
          assert.equal(await refused(now, jwt), undefined);
        });

        test(`logs all tokens out that it issued until then, and no later ones${what}`, async (t) => {
          const setup = await setUp(t, aheadSec, make);
          const [seen, unseen, undated] = [
            await setup.token(),
            await setup.token(),
            await setup.token({ iat: undefined }),
          ];
          assert.equal(await entered(setup, seen), ann);
          await setup.credentials.revokeAll(ann);
          const now = restarts ? setup.restarted() : setup;
          for (const passedMs of [0, 61_000, 300_000]) {
            setup.clock.advance(passedMs);
            for (const jwt of [seen, unseen, undated]) await refused(now, jwt);
          }
          assert.equal(await entered(now, await setup.token()), ann);
          assert.equal(await entered(now, await setup.token({ sub: "bob" })), "bob");
        });

        test(`makes no account anew that was erased, by a token of before${what}`, async (t) => {
          const setup = await setUp(t, aheadSec, make);
          const [seen, unseen] = [await setup.token(), await setup.token()];
          assert.equal(await entered(setup, seen), ann);
          await setup.credentials.erasing(ann);
          await setup.store.users.erase(ann, "deleted:1");
          const now = restarts ? setup.restarted() : setup;
          for (const passedMs of [0, 61_000, 300_000]) {
            setup.clock.advance(passedMs);
            for (const jwt of [seen, unseen]) await refused(now, jwt);
          }
          assert.equal(await setup.store.users.find(ann), undefined);
        });
      }
    });
  }
}

test("a user who signs in again too soon after a logout everywhere is told when to, and gets in then", async (t) => {
  const setup = await setUp(t);
  const old = await setup.token();
  await setup.credentials.revokeAll(ann);
  setup.clock.advance(5_000);
  const waitMs = await refused(setup, await setup.token());
  assert.equal(waitMs, 56_000);
  setup.clock.advance(waitMs ?? 0);
  assert.equal(await entered(setup, await setup.token()), ann);
  // The old one is told the same for as long as a clock that is behind may need, and then that it is none.
  assert.equal(await refused(setup, old), 1_000);
  setup.clock.advance(60_000);
  assert.equal(await refused(setup, old), undefined);
});

test("a token that was found good before its user was erased does not make that user anew", async (t) => {
  const setup = await setUp(t);
  const { credentials, clock, store } = setup;
  const goodAtMs = clock.steady();
  const token = await good(setup, await setup.token());
  await credentials.erasing(ann);
  await store.users.erase(ann, "deleted:1");
  await assert.rejects(credentials.welcome(token, goodAtMs), { code: "unauthorized" });
  assert.equal(await store.users.find(ann), undefined);
});

test("all of a user's tokens are revoked, Echoo's own among them", async (t) => {
  const { clock, credentials, tokens, store } = await setUp(t);
  await store.users.ensure(ann, {}, clock.now());
  const own = await tokens.issue(ann, undefined);
  await credentials.revokeAll(ann);
  assert.equal(await credentials.check(own.secret), undefined);
});

test("a logout everywhere holds for as long as any token lives, and a month at the least", async (t) => {
  for (const [lifeMs, heldMs] of [
    [600_000, 30 * dayMs],
    [365 * dayMs, 365 * dayMs],
  ] as const) {
    const setup = await setUp(t);
    const { store, clock, credentials } = setup;
    await good(setup, await setup.token({ exp: (clock.now() + lifeMs) / 1000 }));
    const puts = t.mock.method(store.withdrawals, "put");
    await credentials.revokeAll(ann);
    assert.equal(puts.mock.calls[0]?.arguments[0].expiresAtMs, clock.now() + heldMs + 60_000);
  }
});

test("a user who logs out more tokens than are kept has all of them logged out", async (t) => {
  const setup = await setUp(t);
  const kept = await setup.token();
  for (let count = 0; count < 100; count += 1) {
    await setup.credentials.revoke(await good(setup, await setup.token()));
  }
  assert.equal(await entered(setup, kept), ann);
  const last = await setup.token();
  await setup.credentials.revoke(await good(setup, last));
  const later = setup.restarted();
  for (const jwt of [kept, last]) await refused(later, jwt);
  assert.equal(await entered(later, await setup.token({ sub: "bob" })), "bob");
});

test("a process remembers 20,000 withdrawals of its own; of older ones it asks the store", async () => {
  const clock = new FakeClock();
  const kept = new Map<string, Withdrawal>();
  const withdrawals: Withdrawals = {
    put: async (withdrawal) => {
      kept.set(withdrawal.key, withdrawal);
      return "kept";
    },
    find: async (keys) => keys.flatMap((key) => kept.get(key) ?? []),
  };
  const withdrawn = createRevokedExternalTokens({ store: { withdrawals }, clock, secret: "s" });
  const token = (userId: string): GoodToken => ({ id: userId, userId, expiresAtMs: clock.now() + dayMs, kind: "host" });
  const goodAtMs = clock.steady();
  await withdrawn.withdrawAll("first");
  for (let count = 1; count < 20_000; count += 1) await withdrawn.withdrawAll(`user ${count}`);
  assert.equal(withdrawn.hasEnded(token("first"), goodAtMs), true);
  await withdrawn.withdrawAll("one more");
  assert.equal(withdrawn.hasEnded(token("first"), goodAtMs), false);
  assert.equal(withdrawn.hasEnded(token("user 1"), goodAtMs), true);
  for (const user of ["first", "one more"]) {
    assert(await withdrawn.find(token(user), clock.now() / 1000));
  }
});

test("a logout that could not be stored has not happened, and says so", async (t) => {
  const setup = await setUp(t);
  const jwt = await setup.token();
  const token = await good(setup, jwt);
  const { put } = setup.store.withdrawals;
  setup.store.withdrawals.put = () => Promise.reject(new StoreUnavailable(new Error("away")));
  await assert.rejects(setup.credentials.revoke(token), StoreUnavailable);
  await assert.rejects(setup.credentials.erasing(ann), StoreUnavailable);
  setup.store.withdrawals.put = put;
  assert.equal(await entered(setup, jwt), ann);
});

test("while the store is away nobody can tell whether a token was logged out", async (t) => {
  const setup = await setUp(t);
  setup.store.withdrawals.find = () => Promise.reject(new StoreUnavailable(new Error("away")));
  await assert.rejects(setup.credentials.check(await setup.token()), StoreUnavailable);
});

test("what is stored of a logout names neither the user nor the token", async (t) => {
  const setup = await setUp(t);
  const put = t.mock.method(setup.store.withdrawals, "put");
  const jwt = await setup.token();
  const token = await good(setup, jwt);
  await setup.credentials.revoke(token);
  await setup.credentials.erasing(ann);
  const stored = JSON.stringify(put.mock.calls.map(({ arguments: given }) => given));
  for (const part of [ann, token.id, token.id.slice(4), ...jwt.split(".")]) assert.ok(!stored.includes(part), part);
});

test("a host product whose clock is further ahead than is tolerated shows in the log", async (t) => {
  const setup = await setUp(t, 120);
  assert.equal(await entered(setup, await setup.token()), ann);
  assert.match(setup.lines.join("\n"), /"aheadSec":120.*clock is ahead/);
});

test("a clock that is set back keeps nobody out who was logged out everywhere before, nor lets an old token in", async (t) => {
  for (const jumpMs of [-5 * 3_600_000, 5 * 3_600_000]) {
    const setup = await setUp(t);
    const { clock } = setup;
    await setup.credentials.revokeAll(ann);
    // The host product's clock was right, and the server's is from now on.
    clock.jump(jumpMs);
    await refused(setup, await setup.token({ iat: clock.now() / 1000 - 1 }));
    clock.advance(62_000);
    assert.equal(await entered(setup, await setup.token()), ann);
  }
});
