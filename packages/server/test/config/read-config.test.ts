import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { type Config, ConfigError, readConfig } from "../../src/config/read-config.ts";
import { settings } from "../../src/config/settings.ts";
import { renderSettingsReference } from "../../src/config/settings-reference.ts";

function faultsOf(env: Record<string, string>, argv: string[] = []): readonly string[] {
  try {
    readConfig(env, argv);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

test("an empty environment gives the defaults of development", () => {
  const config: Config = readConfig({}, []);
  assert.equal(config.port, 3000);
  assert.equal(config.host, "0.0.0.0");
  assert.equal(config.dataDir, "./data");
  assert.equal(config.production, false);
  assert.equal(config.openAccess, "local");
  assert.equal(config.proof, "dev");
  assert.equal(config.joinMs, 60_000);
  assert.equal(config.ringMs, 60_000);
  assert.equal(config.rateLimits, true);
  assert.deepEqual(config.warnings, []);
});

test("production closes open access, asks for invitations and shortens the time to join", () => {
  const config = readConfig({ NODE_ENV: "production" }, []);
  assert.equal(config.openAccess, "off");
  assert.equal(config.proof, "invite");
  assert.equal(config.joinMs, 10_000);
});

test("all faults are reported at once, each naming its setting and its value", () => {
  const faults = faultsOf({ ECHOO_RING_MS: "abc", PORT: "70000", ECHOO_TRUST_PROXY: "true", ECHOO_SECRET: "short" });
  assert.deepEqual(faults, [
    "PORT must be a whole number between 0 and 65535; it is '70000'",
    "ECHOO_TRUST_PROXY must be a number of proxies from 1 to 10, or a list of networks such as 10.0.0.0/8 with commas between them (never true: anybody could then claim any address); it is 'true'",
    "ECHOO_SECRET must be a secret of at least 32 characters; it is something else",
    "ECHOO_RING_MS must be a whole number of milliseconds between 1000 and 600000; it is 'abc'",
  ]);
});

for (const [name, bad] of [
  ["ECHOO_RING_MS", "999"],
  ["ECHOO_RING_MS", "600001"],
  ["ECHOO_RING_MS", "1e4"],
  ["ECHOO_OPEN_ACCESS", "yes"],
  ["ECHOO_PROOF", "none"],
  ["ECHOO_PUBLIC_URL", "calls.example.com"],
  ["ECHOO_PUBLIC_URL", "ftp://calls.example.com"],
  ["ECHOO_ORIGINS", "https://app.example.com/path"],
  ["ECHOO_ORIGINS", "*"],
  ["ECHOO_HOSTS", "echoo.example:3000"],
  ["ECHOO_TRUST_PROXY", "0"],
  ["ECHOO_TRUST_PROXY", "10.0.0.0/99"],
  ["TURN_URLS", "http://turn.example.com"],
  ["ECHOO_TURN_TTL_SEC", "3601"],
  ["ECHOO_RATE_LIMITS", "false"],
  ["ECHOO_LOG_LEVEL", "loud"],
] as const) {
  test(`${name}=${bad} is refused`, () => {
    const faults = faultsOf({ [name]: bad });
    assert.equal(faults.length, 1);
    assert.ok(faults[0]?.startsWith(`${name} must be `), faults[0]);
  });
}

test("several servers need a database and a secret that all of them share", () => {
  const REDIS_URL = "redis://127.0.0.1:6379";
  const faults = faultsOf({ REDIS_URL });
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? "", /^REDIS_URL needs MONGODB_URI: /);
  assert.match(faults[1] ?? "", /^REDIS_URL needs ECHOO_SECRET: /);
  const shared = { REDIS_URL, MONGODB_URI: "mongodb://localhost/", ECHOO_SECRET: "x".repeat(32) };
  assert.deepEqual(faultsOf(shared), []);
  const late = faultsOf({ ...shared, ECHOO_NODE_LOST_MS: "15000", ECHOO_RESUME_MS: "45000" });
  assert.match(late[0] ?? "", /^ECHOO_NODE_LOST_MS=15000 must be less than a third of ECHOO_RESUME_MS \(45000\)/);
});

test("sentinels and what they call the primary come together, and make several servers without an address", () => {
  const shared = { MONGODB_URI: "mongodb://localhost/", ECHOO_SECRET: "x".repeat(32) };
  const both = { REDIS_SENTINELS: "one:26379, user:word@two:26379", REDIS_SENTINEL_NAME: "echoo" };
  const { config } = { config: readConfig({ ...shared, ...both }, []) };
  assert.deepEqual(config.redisSentinels, ["one:26379", "user:word@two:26379"]);
  assert.equal(faultsOf(both).length, 2);
  for (const [given, missing] of [
    ["REDIS_SENTINELS", "REDIS_SENTINEL_NAME"],
    ["REDIS_SENTINEL_NAME", "REDIS_SENTINELS"],
  ] as const) {
    const [fault = ""] = faultsOf({ ...shared, [given]: both[given] });
    assert.ok(fault.startsWith(`${given} is set without ${missing}: `), fault);
  }
  for (const bad of ["one", "one:port", "redis://one:26379", ","]) {
    assert.equal(faultsOf({ ...shared, ...both, REDIS_SENTINELS: bad }).length, 1, bad);
  }
});

test("what is said of several servers has no effect on a single one, and says so", () => {
  const { warnings } = readConfig({ ECHOO_NODE_ID: "one", ECHOO_DRAIN_MS: "5000" }, []);
  assert.deepEqual(warnings, [
    "ECHOO_NODE_ID has no effect without REDIS_URL",
    "ECHOO_DRAIN_MS has no effect without REDIS_URL",
  ]);
});

test("combinations that would leave a door open or do nothing are refused", () => {
  assert.match(faultsOf({ NODE_ENV: "production", ECHOO_RATE_LIMITS: "off" })[0] ?? "", /ECHOO_RATE_LIMITS=off/);
  assert.match(faultsOf({ TURN_URLS: "turn:turn.example.com" })[0] ?? "", /ECHOO_TURN_SECRET/);
  assert.deepEqual(faultsOf({ TURN_URLS: "stun:stun.example.com" }), []);
});

test("a policy that wants a relay is refused without one, naming what it needs", () => {
  const relay = { TURN_URLS: "turn:turn.example.com", ECHOO_TURN_SECRET: "a-secret-of-16-chars" };
  for (const ECHOO_ICE_POLICY of ["relay", "relay-strangers"]) {
    assert.deepEqual(faultsOf({ ...relay, ECHOO_ICE_POLICY }), []);
    const { ECHOO_TURN_SECRET, ...secretless } = relay;
    for (const lacking of [{}, { TURN_URLS: "stun:stun.example.com", ECHOO_TURN_SECRET }, secretless]) {
      const faults = faultsOf({ ...lacking, ECHOO_ICE_POLICY });
      assert.equal(faults.length, 1, String(faults));
      assert.match(faults[0] ?? "", /TURN_URLS.*ECHOO_TURN_SECRET/);
    }
  }
});

test("a certificate without its key is refused, and so is a key alone", () => {
  assert.deepEqual(faultsOf({ TLS_CERT: "cert.pem" }), [
    "TLS_CERT is set without TLS_KEY: HTTPS needs the certificate and its key",
  ]);
  assert.deepEqual(faultsOf({ TLS_KEY: "key.pem" }), [
    "TLS_KEY is set without TLS_CERT: HTTPS needs the certificate and its key",
  ]);
});

test("settings of HTTPS that do nothing, or contradict each other, are warned about", () => {
  const both = { TLS_CERT: "cert.pem", TLS_KEY: "key.pem" };
  const warned = (env: Record<string, string>) => readConfig(env, []).warnings.join("\n");
  assert.equal(warned(both), "");
  assert.match(warned({ ...both, ECHOO_DEV_HTTPS_PORT: "3443" }), /ECHOO_DEV_HTTPS_PORT has no effect with TLS_CERT/);
  assert.match(warned({ ...both, ECHOO_PUBLIC_URL: "http://calls.home" }), /ECHOO_PUBLIC_URL begins with http:/);
  const production = { NODE_ENV: "production", ECHOO_DEV_HTTPS_PORT: "3443" };
  assert.match(warned(production), /ECHOO_DEV_HTTPS_PORT has no effect in production: set TLS_CERT/);
  assert.doesNotMatch(warned({ ...production, ECHOO_DEV_HTTPS_PORT: "off" }), /DEV_HTTPS/);
});

test("a server in production of which nothing says that it is reached over HTTPS is warned about", () => {
  const warned = (env: Record<string, string>) =>
    readConfig({ NODE_ENV: "production", ...env }, []).warnings.join("\n");
  const plain = /reach this server over HTTPS.*TLS_CERT and TLS_KEY, or ECHOO_PUBLIC_URL=https/;
  assert.match(warned({}), plain);
  assert.match(warned({ ECHOO_PUBLIC_URL: "http://calls.home" }), plain);
  assert.equal(warned({ ECHOO_PUBLIC_URL: "https://calls.example.com" }), "");
  assert.equal(warned({ TLS_CERT: "cert.pem", TLS_KEY: "key.pem" }), "");
  assert.doesNotMatch(warned({ NODE_ENV: "development" }), plain);
});

test("an unknown setting is warned about with the nearest known one", () => {
  const { warnings } = readConfig({ ECHOO_RINGMS: "5000", ECHOO_TEST_MONGODB_URI: "x", PATH: "/bin" }, []);
  assert.deepEqual(warnings, ["ECHOO_RINGMS is not a setting and has no effect; did you mean ECHOO_RING_MS?"]);
});

test("a flag wins over the environment, with or without an equals sign", () => {
  const config = readConfig({ PORT: "1", ECHOO_RING_MS: "2000" }, ["--port=4000", "--ring-ms", "5000"]);
  assert.equal(config.port, 4000);
  assert.equal(config.ringMs, 5000);
});

test("unknown flags and flags without a value are faults", () => {
  assert.deepEqual(faultsOf({}, ["--prot=1", "--host"]), [
    "--prot is not a flag; did you mean --port?",
    "--host needs a value",
  ]);
});

test("the value of a flag that does not exist is no second fault, and a word that is no flag is one", () => {
  assert.deepEqual(faultsOf({}, ["--prot", "3001", "4000", "--hots", "--port", "4000"]), [
    "--prot is not a flag; did you mean --port?",
    "4000 is not a flag",
    "--hots is not a flag; did you mean --hosts?",
  ]);
});

test("a NODE_ENV that looks like production and is not is warned about", () => {
  const warnings = (environment: string) => readConfig({ NODE_ENV: environment }, []).warnings;
  for (const environment of ["prod", "Production", "staging"]) {
    assert.deepEqual(warnings(environment), [
      `NODE_ENV=${environment} opens what development opens: only NODE_ENV=production closes it`,
    ]);
  }
  for (const environment of ["", "development", "test"]) assert.deepEqual(warnings(environment), []);
});

test("lists, networks and rotated secrets are read", () => {
  const config = readConfig(
    {
      ECHOO_TRUST_PROXY: "loopback, 10.0.0.0/8,192.168.1.5",
      TURN_URLS: "stun:turn.example.com:3478, turn:turn.example.com:3478?transport=tcp",
      ECHOO_TURN_SECRET: "new-secret-of-16-chars,old-secret-of-16-chars",
      ECHOO_HOSTS: "Echoo.Local",
    },
    [],
  );
  assert.deepEqual(config.trustProxy, {
    kind: "networks",
    networks: ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "192.168.1.5"],
  });
  assert.equal(config.turnUrls.length, 2);
  assert.equal(config.turnSecrets[0], "new-secret-of-16-chars");
  assert.deepEqual(config.hosts, ["echoo.local"]);
  assert.deepEqual(readConfig({ ECHOO_TRUST_PROXY: "2" }, []).trustProxy, { kind: "hops", hops: 2 });
});

test("every setting's own default is a value that the setting takes", () => {
  for (const row of Object.values(settings)) {
    for (const production of [true, false]) {
      const value: unknown = row.byDefault(production);
      if (typeof value !== "string" && typeof value !== "number") continue;
      assert.deepEqual(row.kind.read(String(value)), value, row.name);
    }
  }
});

test("the reference page of the settings is up to date (npm run generate writes it)", async () => {
  const file = new URL("../../../../docs/reference/settings.md", import.meta.url);
  assert.equal(await readFile(file, "utf8"), renderSettingsReference());
});

test("a webhook needs a secret, and an address that may be posted to", () => {
  const secret = "whsec_c2lnbmVkIGZvciB0ZXN0cyBhbG9uZQ==";
  const hook = { ECHOO_WEBHOOK_URL: "https://app.example.com/echoo/", ECHOO_WEBHOOK_SECRET: secret };
  assert.deepEqual(faultsOf(hook), []);
  assert.equal(readConfig(hook, []).webhookUrl, "https://app.example.com/echoo/", "as it stands");
  assert.deepEqual(readConfig({ ...hook, ECHOO_WEBHOOK_SECRET: `${secret}, ${secret}` }, []).webhookSecrets.length, 2);
  assert.match(faultsOf({ ECHOO_WEBHOOK_URL: "https://app.example.com/" }).join(), /without ECHOO_WEBHOOK_SECRET/);
  assert.match(faultsOf({ ...hook, ECHOO_WEBHOOK_SECRET: "short" }).join(), /at least 24/);
  const at = (url: string, more = {}) => faultsOf({ ...hook, ECHOO_WEBHOOK_URL: url, ...more }).join();
  assert.match(at("http://app.example.com/"), /it is not https/);
  assert.match(at("https://10.0.0.1/"), /not a public address/);
  assert.equal(at("http://10.0.0.1/", { ECHOO_WEBHOOK_ALLOW_PRIVATE: "on" }), "");
  assert.equal(at("http://127.0.0.1:8080/"), "");
  assert.match(at("http://127.0.0.1:8080/", { NODE_ENV: "production" }), /it is not https/);
  assert.match(readConfig({ ECHOO_WEBHOOK_SECRET: secret }, []).warnings.join(), /ECHOO_WEBHOOK_SECRET has no effect/);
});

test("codes are not posted to an address of the link, nor keys read there", () => {
  const link = "http://169.254.169.254/latest";
  for (const [name, more] of [
    ["ECHOO_OTP_WEBHOOK_URL", { ECHOO_PROOF: "webhook", ECHOO_OTP_WEBHOOK_SECRET: "s".repeat(24) }],
    ["ECHOO_JWKS_URL", { ECHOO_JWT_ISSUER: "https://login.example/", ECHOO_JWT_AUDIENCE: "calls" }],
  ] as const) {
    assert.match(faultsOf({ ...more, [name]: link }).join(), new RegExp(`${name} is an address of the link`));
    assert.deepEqual(faultsOf({ ...more, [name]: "http://10.0.0.5/keys" }), [], name);
  }
});
