import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../../server/src/config/read-config.ts";
import { createOwnHosts } from "../../src/addresses/own-hosts.ts";

const machine = { hostname: "nas" };
const publicUrl = { ECHOO_PUBLIC_URL: "https://calls.example.com" };
const production = { NODE_ENV: "production" };
const foreign = "evil.example:3000";

const cases: readonly (readonly [string, Record<string, string>, string | undefined, boolean])[] = [
  ["localhost", {}, "localhost:3000", true],
  ["localhost in capitals", {}, "LocalHost", true],
  ["an IPv4 address", {}, "203.0.113.9:3000", true],
  ["an IPv6 address", {}, "[2001:db8::1]:3000", true],
  ["the machine's name", {}, "nas:3000", true],
  ["the machine's name on the link", {}, "nas.local:3000", true],
  ["a name in ECHOO_HOSTS", { ECHOO_HOSTS: "Echoo.Home" }, "echoo.home:3000", true],
  ["that of ECHOO_PUBLIC_URL, which has another port", publicUrl, "calls.example.com:8080", true],
  ["the name that it listens on", { HOST: "echoo.lan" }, "echoo.lan:3000", true],
  ["a name of its certificate", {}, "secure.example.com", true],
  ["none at all, as HTTP/1.0 may have it", {}, undefined, true],
  ["another name", {}, foreign, false],
  ["another name, with a public address", publicUrl, foreign, false],
  ["a name that begins like localhost", {}, "localhost.evil.example", false],
  ["a name that ends like the machine's", {}, "evil-nas", false],
  ["a name below the public one", publicUrl, "x.calls.example.com", false],
  ["an address with a user before it", {}, "evil.example@127.0.0.1", false],
  ["an address with a path behind it", {}, "127.0.0.1/evil.example", false],
  ["two names", {}, "localhost, evil.example", false],
  ["an empty name", {}, "", false],
  ["a port alone", {}, ":3000", false],
  ["any name in production, where none is given", production, foreign, true],
  ["another name in production, with a public address", { ...production, ...publicUrl }, foreign, false],
  ["another name in production, with ECHOO_HOSTS", { ...production, ECHOO_HOSTS: "echoo.home" }, foreign, false],
  ["another name in production that is open to all", { ...production, ECHOO_OPEN_ACCESS: "all" }, foreign, false],
  [
    "another name in production where an address vouches",
    { ...production, ECHOO_LEGACY_JOIN: "verified-address" },
    foreign,
    false,
  ],
  ["a broken name in production", production, "a b", false],
];

for (const [what, env, host, isOwn] of cases) {
  test(`a request for ${what} is ${isOwn ? "" : "not "}for this server`, () => {
    const certifies = (name: string) => name === "secure.example.com";
    assert.equal(createOwnHosts(readConfig(env, []), machine, certifies).isOwn(host), isOwn);
  });
}

test("a production start that lets people in without a token, and knows itself by no name, says that it needs one", () => {
  const told = (env: Record<string, string>) =>
    readConfig({ ...production, ...env }, []).warnings.some((line) => line.includes("ECHOO_HOSTS"));
  assert.equal(told({}), false);
  for (const env of [{ ECHOO_OPEN_ACCESS: "all" }, { ECHOO_LEGACY_JOIN: "verified-address" }]) {
    assert.equal(told(env), true);
    assert.equal(told({ ...env, ...publicUrl }), false);
    assert.equal(told({ ...env, ECHOO_HOSTS: "echoo.home" }), false);
  }
});
