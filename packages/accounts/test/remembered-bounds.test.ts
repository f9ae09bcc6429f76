import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, randomSecret, seededIds } from "@echoo/testkit";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { createVerifiedAddresses, maxRemembered, maxTokens } from "../src/addresses/verified-addresses.ts";
import { maxKeys, PublishedKeys } from "../src/external-jwt/external-jwt-keys.ts";
import { createTokens, maxRevoked } from "../src/tokens/tokens.ts";

const from = { address: "203.0.113.5", vouches: true } as const;

test("so many users' addresses are remembered, and with one more the one that was used least lately is forgotten", async () => {
  const clock = new FakeClock();
  const addresses = createVerifiedAddresses(clock);
  const uses = (userId: string, id = "t1") =>
    addresses.note({ id, userId, expiresAtMs: clock.now() + 1, kind: "own" }, from, clock.steady());
  const isSeen = async (userId: string) => (await addresses.seen(userId, from)).length > 0;
  for (let n = 0; n < maxRemembered; n += 1) await uses(`user ${n}`);
  await uses("user 0");
  assert.ok(await isSeen("user 1"));
  await uses("one more");
  assert.deepEqual(await Promise.all(["user 0", "user 1", "user 2", "one more"].map(isSeen)), [
    true,
    false,
    true,
    true,
  ]);
  for (let n = 0; n <= maxTokens; n += 1) await uses("ann", `t${n}`);
  const kept = (await addresses.seen("ann", from)).map(({ token }) => token.id);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [maxTokens, `t${maxTokens}`, "t1"]);
});

test("so many revoked tokens are remembered, and with one more the one that was revoked first is forgotten", async () => {
  const store = { revoke: async () => true } as never;
  const tokens = createTokens({ store, clock: new FakeClock(), ids: seededIds(1), randomSecret });
  for (let n = 0; n < maxRevoked; n += 1) await tokens.revoke("ann", `t${n}`);
  assert.ok(tokens.wasRevoked("t0"));
  await tokens.revoke("ann", "one more");
  assert.deepEqual(["t0", "t1", "one more"].map(tokens.wasRevoked), [false, true, true]);
});

test("of the keys that are published the first so many count, and one more does not", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), alg: "ES256" };
  const jws = await new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: "own" }).sign(privateKey);
  const [header = "", payload = "", signature = ""] = jws.split(".");
  for (const before of [maxKeys - 1, maxKeys]) {
    const others = Array.from({ length: before }, (_, n) => ({ ...jwk, kid: `other ${n}` }));
    const keys = new PublishedKeys({
      fetchKeySet: async () => ({ keys: [...others, { ...jwk, kid: "own" }] }),
      ...{ clock: new FakeClock(), onAway: () => {}, onBack: () => {} },
    });
    const found = keys.keyFor({ alg: "ES256", kid: "own" }, { payload, signature, protected: header });
    if (before < maxKeys) assert.ok(await found);
    else await assert.rejects(Promise.resolve(found), { code: "ERR_JWKS_NO_MATCHING_KEY" });
  }
});
