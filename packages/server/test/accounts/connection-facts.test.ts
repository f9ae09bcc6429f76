import assert from "node:assert/strict";
import { test } from "node:test";
import { addressKey, clientAddress, isWithin, plainAddress } from "../../src/accounts/connection-facts.ts";
import type { TrustedProxies } from "../../src/config/kinds.ts";

function seen(address: string, forwarded: string | undefined, trusted: TrustedProxies | undefined): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return clientAddress({ address, headers, httpVersion: "1.1" }, trusted);
}

const oneHop: TrustedProxies = { kind: "hops", hops: 1 };
const twoHops: TrustedProxies = { kind: "hops", hops: 2 };
const inside: TrustedProxies = { kind: "networks", networks: ["10.0.0.0/8"] };

for (const [name, address, forwarded, trusted, expected] of [
  ["without a trusted proxy a header says nothing", "203.0.113.9", "1.2.3.4", undefined, "203.0.113.9"],
  ["one hop gives the last entry", "10.0.0.1", "6.6.6.6, 1.2.3.4", oneHop, "1.2.3.4"],
  ["two hops give the last but one", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", twoHops, "1.2.3.4"],
  ["more hops than entries give the first", "10.0.0.1", "1.2.3.4", twoHops, "1.2.3.4"],
  ["a trusted network is skipped from the end", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", inside, "1.2.3.4"],
  ["a peer outside the trusted network is not believed", "203.0.113.9", "1.2.3.4", inside, "203.0.113.9"],
  ["text that is no address ends the search", "10.0.0.1", "1.2.3.4, unknown", twoHops, "10.0.0.1"],
  ["no header leaves the socket's address", "10.0.0.1", undefined, oneHop, "10.0.0.1"],
  ["mapped addresses come out as IPv4", "10.0.0.1", "::ffff:1.2.3.4", oneHop, "1.2.3.4"],
] as const) {
  test(`the client's address: ${name}`, () => assert.equal(seen(address, forwarded, trusted), expected));
}

test("addresses lose their zone and their mapping", () => {
  assert.equal(plainAddress("::ffff:192.168.1.7"), "192.168.1.7");
  assert.equal(plainAddress("fe80::1%eth0"), "fe80::1");
  assert.equal(plainAddress(""), "");
});

test("limits count an IPv6 client by its /64", () => {
  assert.equal(addressKey("2001:db8:1:2::1"), addressKey("2001:db8:1:2:ffff::9"));
  assert.notEqual(addressKey("2001:db8:1:2::1"), addressKey("2001:db8:1:3::1"));
  assert.notEqual(addressKey("203.0.113.9"), addressKey("203.0.113.10"));
});

test("networks contain their own family alone", () => {
  assert.equal(isWithin("10.1.2.3", ["10.0.0.0/8"]), true);
  assert.equal(isWithin("::ffff:10.1.2.3", ["10.0.0.0/8"]), true);
  assert.equal(isWithin("11.1.2.3", ["10.0.0.0/8", "fd00::/8"]), false);
  assert.equal(isWithin("fd00::1", ["10.0.0.0/8", "fd00::/8"]), true);
  assert.equal(isWithin("nonsense", ["0.0.0.0/0"]), false);
});
