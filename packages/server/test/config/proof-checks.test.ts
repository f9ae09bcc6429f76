import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, readConfig } from "../../src/config/read-config.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env, []);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
}

test("codes by webhook need an address and a secret, and the faults say so", () => {
  const faults = faultsOf({ ECHOO_PROOF: "webhook" });
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? "", /ECHOO_OTP_WEBHOOK_URL/);
  assert.match(faults[1] ?? "", /ECHOO_OTP_WEBHOOK_SECRET.*whsec_.*openssl/);
});

test("in production codes go over https, or through a network of one's own", () => {
  const settings = { NODE_ENV: "production", ECHOO_PROOF: "webhook", ECHOO_OTP_WEBHOOK_SECRET: secret };
  const faults = (url: string) => faultsOf({ ...settings, ECHOO_OTP_WEBHOOK_URL: url });
  for (const url of [
    "http://sms.example.com/",
    "http://203.0.113.7/",
    "http://[2001:db8::1]/",
    "http://10.example.com",
  ]) {
    assert.match(faults(url).join(), /ECHOO_OTP_WEBHOOK_URL must be https in production/, url);
    assert.deepEqual(faultsOf({ ...settings, NODE_ENV: "development", ECHOO_OTP_WEBHOOK_URL: url }), []);
  }
  for (const host of ["127.0.0.1:8025", "[::1]", "10.1.2.3", "[fd00::1]", "sms", "sms.svc.internal", "localhost:1"]) {
    assert.deepEqual(faults(`http://${host}/codes`), [], host);
  }
  assert.deepEqual(faults("https://sms.example.com/codes"), []);
});

test("an address or a secret that nothing is posted with is warned about, and the secret is not shown", () => {
  const { warnings } = readConfig({ ECHOO_OTP_WEBHOOK_URL: "https://a.example", ECHOO_OTP_WEBHOOK_SECRET: secret }, []);
  assert.deepEqual(warnings, [
    "ECHOO_OTP_WEBHOOK_URL has no effect: it is for ECHOO_PROOF=webhook, which is dev",
    "ECHOO_OTP_WEBHOOK_SECRET has no effect: it is for ECHOO_PROOF=webhook, which is dev",
  ]);
});

test("a server that no client could sign in to is warned about, and one that takes the host product's tokens is not", () => {
  const warned = (env: Record<string, string>) => readConfig(env, []).warnings.join("\n");
  const shut = /ECHOO_PROOF=dev.*open to nobody.*npx echoo invite/;
  const production = { NODE_ENV: "production", ECHOO_PROOF: "dev" };
  for (const env of [{ ECHOO_OPEN_ACCESS: "off" }, production]) assert.match(warned(env), shut);
  const jwt = { ECHOO_OPEN_ACCESS: "off", ECHOO_JWT_SECRET: secret.repeat(2) };
  for (const env of [{}, { ...production, ECHOO_OPEN_ACCESS: "all" }, { NODE_ENV: "production" }, jwt]) {
    assert.doesNotMatch(warned(env), shut);
  }
});
