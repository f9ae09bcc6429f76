import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, readConfig } from "../../src/config/read-config.ts";

type Env = Readonly<Record<string, string>>;

const secret = { ECHOO_JWT_SECRET: "x".repeat(32) };
const keys = { ECHOO_JWKS_URL: "https://login.example.com/jwks/" };
const expectations = { ECHOO_JWT_ISSUER: "https://login.example.com/", ECHOO_JWT_AUDIENCE: "calls" };
const production = { NODE_ENV: "production" };

function faultsOf(env: Env): string {
  try {
    readConfig(env, []);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.join("\n");
  }
  return "";
}

test("the host product's tokens are accepted by a secret or by published keys, and the address stays as it is", () => {
  assert.equal(readConfig({ ...secret, ...expectations }, []).jwtSecret, secret.ECHOO_JWT_SECRET);
  assert.equal(readConfig({ ...keys, ...expectations }, []).jwksUrl, keys.ECHOO_JWKS_URL);
  assert.equal(readConfig(secret, []).jwtUserClaim, "sub");
});

const faulty: readonly [Env, RegExp][] = [
  [{ ...secret, ...keys }, /^ECHOO_JWT_SECRET and ECHOO_JWKS_URL are both set;/],
  [
    { ECHOO_JWT_SECRET: "x".repeat(31) },
    /^ECHOO_JWT_SECRET must be a secret of at least 32 characters; it is something/,
  ],
  [{ ECHOO_JWKS_URL: "login.example.com" }, /^ECHOO_JWKS_URL must be an address/],
  [{ ECHOO_JWKS_URL: "file:///etc/passwd" }, /^ECHOO_JWKS_URL must be an address/],
  [{ ECHOO_JWKS_URL: "https://a:b@login.example.com/" }, /^ECHOO_JWKS_URL must be an address/],
  [{ ...production, ECHOO_JWKS_URL: "http://login.example.com/" }, /^ECHOO_JWKS_URL must be https in production/],
  [{ ...production, ECHOO_JWKS_URL: "http://127.0.0.1.example.com/" }, /^ECHOO_JWKS_URL must be https in production/],
];
for (const [env, fault] of faulty) {
  test(`${JSON.stringify(env)} stops the start`, () => assert.match(faultsOf(env), fault));
}

for (const url of [
  "http://127.0.0.1:8080/jwks",
  "http://[::1]/jwks",
  "http://localhost/jwks",
  "http://auth.localhost/",
]) {
  test(`keys at ${url} are on the machine itself, and need no https in production`, () => {
    assert.equal(faultsOf({ ...production, ECHOO_JWKS_URL: url }), "");
  });
}

const odd: readonly [Env, readonly RegExp[]][] = [
  [{ ...secret, ...expectations }, []],
  [{ ...keys, ...expectations }, []],
  [secret, [/without ECHOO_JWT_AUDIENCE: a token that was made for another/, /without ECHOO_JWT_ISSUER/]],
  [{ ...keys, ECHOO_JWT_ISSUER: "a" }, [/^ECHOO_JWKS_URL without ECHOO_JWT_AUDIENCE/]],
  [{ ...expectations, ECHOO_JWKS_URL: "http://10.0.0.1/" }, [/^ECHOO_JWKS_URL is http: production refuses it/]],
  [{ ECHOO_JWT_USER_CLAIM: "uid" }, [/^ECHOO_JWT_USER_CLAIM has no effect without/]],
  [expectations, [/^ECHOO_JWT_ISSUER has no effect/, /^ECHOO_JWT_AUDIENCE has no effect/]],
];
for (const [env, warnings] of odd) {
  test(`${JSON.stringify(env)} starts with ${warnings.length} warnings`, () => {
    const said = readConfig(env, []).warnings;
    assert.equal(said.length, warnings.length, said.join("\n"));
    for (const warning of warnings)
      assert.ok(
        said.some((one) => warning.test(one)),
        `${warning}: ${said.join("\n")}`,
      );
  });
}
