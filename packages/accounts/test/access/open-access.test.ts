import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered, needsOwnToken, type OpenAccessEnvironment } from "../../src/access/open-access.ts";
import { createLoopbackTrust } from "../../src/addresses/loopback-trust.ts";
import { mayConnect } from "../../src/addresses/origin.ts";

const atHome: OpenAccessEnvironment = {
  mode: "local",
  production: false,
  publicUrl: undefined,
  trustsProxy: false,
  acceptsJwt: false,
  hosts: ["echoo.home"],
  origins: ["https://app.example.com"],
  machine: {
    hostname: "nas",
    networks: ["192.168.1.20/24", "fd12:3456::1/64"],
    inContainer: false,
    hasPublicAddress: false,
  },
  loopbackTrusted: true,
};
const { machine } = atHome;

interface Case {
  readonly name: string;
  readonly covered: boolean;
  readonly address?: string;
  readonly httpVersion?: string;
  readonly headers?: Record<string, string>;
  readonly environment?: Partial<OpenAccessEnvironment>;
}

const lan = "192.168.1.7";

const cases: readonly Case[] = [
  { name: "from the machine itself", covered: true },
  { name: "from the machine itself over IPv6", covered: true, address: "::1" },
  { name: "from the machine itself, mapped into IPv6", covered: true, address: "::ffff:127.0.0.1" },
  { name: "from another address of loopback", covered: true, address: "127.3.2.1" },
  // 1
  { name: "in production", covered: false, environment: { production: true } },
  { name: "with a public address set", covered: false, environment: { publicUrl: "https://calls.example.com" } },
  { name: "with a trusted proxy set", covered: false, environment: { trustsProxy: true } },
  { name: "with another product's tokens accepted", covered: false, environment: { acceptsJwt: true } },
  { name: "switched off", covered: false, environment: { mode: "off" } },
  // 2
  { name: "from the machine's own private network", covered: true, address: lan },
  { name: "from its own private network, mapped into IPv6", covered: true, address: `::ffff:${lan}` },
  { name: "from its own private IPv6 network", covered: true, address: "fd12:3456::99" },
  { name: "from a private network that is not its own", covered: false, address: "192.168.2.7" },
  { name: "from another private range", covered: false, address: "10.0.0.7" },
  { name: "from a public address", covered: false, address: "203.0.113.9" },
  { name: "from the carrier's NAT range", covered: false, address: "100.64.0.9" },
  { name: "from another private IPv6 network", covered: false, address: "fd99::1" },
  { name: "from a public IPv6 address", covered: false, address: "2001:db8::1" },
  { name: "from no address at all", covered: false, address: "" },
  {
    name: "from its network, in a container",
    covered: false,
    address: lan,
    environment: { machine: { ...machine, inContainer: true } },
  },
  { name: "from loopback, in a container", covered: true, environment: { machine: { ...machine, inContainer: true } } },
  {
    name: "from its network, with a public address on an interface",
    covered: false,
    address: lan,
    environment: { machine: { ...machine, hasPublicAddress: true } },
  },
  {
    name: "from loopback, with a public address on an interface",
    covered: true,
    environment: { machine: { ...machine, hasPublicAddress: true } },
  },
  // 3
  { name: "over HTTP/1.0", covered: false, httpVersion: "1.0" },
  { name: "over HTTP/0.9", covered: false, httpVersion: "0.9" },
  { name: "over HTTP/2.0", covered: true, httpVersion: "2.0" },
  ...[
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-anything",
    "x-real-ip",
    "cf-ray",
    "cf-connecting-ip",
  ].map((header): Case => ({ name: `with a ${header} header`, covered: false, headers: { [header]: "x" } })),
  { name: "from loopback once a proxy was seen there", covered: false, environment: { loopbackTrusted: false } },
  {
    name: "from the network once a proxy was seen on loopback",
    covered: true,
    address: lan,
    environment: { loopbackTrusted: false },
  },
  // 4
  { name: "for localhost", covered: true, headers: { host: "localhost:3000" } },
  { name: "for localhost in capitals", covered: true, headers: { host: "LOCALHOST:3000" } },
  { name: "for an IPv6 address", covered: true, headers: { host: "[::1]:3000" } },
  { name: "for an address without a port", covered: true, headers: { host: "192.168.1.20" } },
  { name: "for the machine's name", covered: true, headers: { host: "nas:3000" } },
  { name: "for the machine's name on the link", covered: true, headers: { host: "nas.local:3000" } },
  { name: "for a name in ECHOO_HOSTS", covered: true, headers: { host: "echoo.home:3000" } },
  { name: "for a foreign name that resolves here", covered: false, headers: { host: "evil.example:3000" } },
  { name: "for a name that ends like localhost", covered: false, headers: { host: "evil-localhost:3000" } },
  { name: "for a name that begins like the machine's", covered: false, headers: { host: "nas.evil.example" } },
  { name: "for a broken host", covered: false, headers: { host: "a b" } },
  { name: "for a host with a user before it", covered: false, headers: { host: "evil.example@127.0.0.1:3000" } },
  { name: "for a host with a path after it", covered: false, headers: { host: "127.0.0.1/evil.example" } },
  { name: "without a host", covered: false, headers: { host: "" } },
  // 5
  { name: "from a page of its own", covered: true, headers: { origin: "http://127.0.0.1:3000" } },
  { name: "from a page of its own over https", covered: true, headers: { origin: "https://127.0.0.1:3000" } },
  {
    name: "from a page at the default port",
    covered: true,
    headers: { host: "127.0.0.1", origin: "http://127.0.0.1" },
  },
  { name: "from a page at another port", covered: false, headers: { origin: "http://127.0.0.1:8080" } },
  { name: "from a page of another site", covered: false, headers: { origin: "https://evil.example" } },
  {
    name: "from a page whose origin begins alike",
    covered: false,
    headers: { origin: "http://127.0.0.1:3000.evil.example" },
  },
  { name: "from a page without an origin to name", covered: false, headers: { origin: "null" } },
  { name: "from a file", covered: false, headers: { origin: "file://" } },
  { name: "from a page in ECHOO_ORIGINS", covered: false, headers: { origin: "https://app.example.com" } },
  { name: "cross-site without an origin", covered: false, headers: { "sec-fetch-site": "cross-site" } },
  { name: "same-origin as the browser says", covered: true, headers: { "sec-fetch-site": "same-origin" } },
  { name: "typed into the address bar", covered: true, headers: { "sec-fetch-site": "none" } },
  // all
  {
    name: "from anywhere with all",
    covered: true,
    address: "203.0.113.9",
    environment: { mode: "all", production: true },
  },
  {
    name: "through a proxy with all",
    covered: true,
    headers: { "x-forwarded-for": "1.2.3.4" },
    environment: { mode: "all" },
  },
  {
    name: "from a foreign page with all",
    covered: false,
    headers: { origin: "https://evil.example" },
    environment: { mode: "all" },
  },
  {
    name: "from a page in ECHOO_ORIGINS with all",
    covered: true,
    headers: { origin: "https://app.example.com" },
    environment: { mode: "all" },
  },
  {
    name: "from the public address's page with all, behind a proxy that rewrites the host",
    covered: true,
    headers: { origin: "https://calls.example.com", host: "backend:3000" },
    environment: { mode: "all", publicUrl: "https://calls.example.com" },
  },
];

for (const { name, covered, address = "127.0.0.1", httpVersion = "1.1", headers, environment } of cases) {
  test(`a request ${name} is ${covered ? "" : "not "}covered`, () => {
    const facts = { address, httpVersion, headers: { host: "127.0.0.1:3000", ...headers } };
    const coverage = isCovered(facts, { ...atHome, ...environment });
    assert.equal(coverage.covered, covered, JSON.stringify(coverage));
    if (!coverage.covered) assert.ok(coverage.why.length > 5);
  });
}

test("a number that was ever proven, and an administrator's, need their own token", () => {
  assert.equal(needsOwnToken(undefined), false);
  assert.equal(needsOwnToken({ admin: false }), false);
  assert.equal(needsOwnToken({ admin: true }), true);
  for (const proof of ["invite", "code", "jwt"] as const) assert.equal(needsOwnToken({ admin: false, proof }), true);
});

test("the first proxy header from loopback ends trust in loopback for good, and is told once", () => {
  const told: string[] = [];
  const trust = createLoopbackTrust((header) => told.push(header));
  const from = (address: string, headers: Record<string, string>) =>
    trust.observe({ address, headers, httpVersion: "1.1" });
  from("127.0.0.1", {});
  from("192.168.1.7", { via: "1.1 somebody" });
  assert.equal(trust.trusted, true);
  from("127.0.0.1", { "x-forwarded-for": "203.0.113.9" });
  from("127.0.0.1", { via: "1.1 proxy" });
  from("127.0.0.1", {});
  assert.equal(trust.trusted, false);
  assert.deepEqual(told, ["x-forwarded-for"]);
});

test("a socket of a page connects from the same host or a named origin alone", () => {
  const allowed = { origins: ["https://app.example.com"], publicUrl: "https://calls.example.com" };
  const from = (origin: string | undefined) =>
    mayConnect({ headers: { host: "echoo.home:3000", ...(origin === undefined ? {} : { origin }) } }, allowed);
  for (const good of [undefined, "http://echoo.home:3000", "https://app.example.com", "https://calls.example.com"]) {
    assert.equal(from(good), true, good);
  }
  for (const bad of [
    "null",
    "http://echoo.home",
    "http://echoo.home:30000",
    "http://evil-echoo.home:3000",
    "http://echoo.home:3000.evil.example",
    "https://app.example.com.evil.example",
    "https://xapp.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "",
  ]) {
    assert.equal(from(bad), false, bad);
  }
});
