import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientAddress, clientOf, countKey } from "../../src/addresses/client-address.ts";
import type { TrustedProxies } from "../../src/addresses/trusted-proxies.ts";

function seen(address: string, forwarded: string | undefined, trusted: TrustedProxies | undefined): ClientAddress {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return clientOf({ address, headers, httpVersion: "1.1" }, trusted);
}

const oneHop: TrustedProxies = { kind: "hops", hops: 1 };
const twoHops: TrustedProxies = { kind: "hops", hops: 2 };
const inside: TrustedProxies = { kind: "networks", networks: ["10.0.0.0/8", "fd00::/8"] };

for (const [name, address, forwarded, trusted, expected] of [
  ["without a trusted proxy a header says nothing", "203.0.113.9", "1.2.3.4", undefined, "203.0.113.9"],
  ["one hop gives the last entry", "10.0.0.1", "6.6.6.6, 1.2.3.4", oneHop, "1.2.3.4"],
  ["two hops give the last but one", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", twoHops, "1.2.3.4"],
  ["a trusted network is skipped from the end", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", inside, "1.2.3.4"],
  ["a peer outside the trusted network is not believed", "203.0.113.9", "1.2.3.4", inside, "203.0.113.9"],
  ["mapped addresses come out as IPv4", "10.0.0.1", "::ffff:1.2.3.4", oneHop, "1.2.3.4"],
  ["ports are read in a chain as well", "10.0.0.1", "x, 1.2.3.4:56, [fd00::7]:4711", inside, "1.2.3.4"],
  ["what stands before the client is not looked at", "10.0.0.1", "unknown,,_x, 1.2.3.4:1", inside, "1.2.3.4"],
] as const) {
  test(`the client's address: ${name}`, () => {
    const client = seen(address, forwarded, trusted);
    assert.deepEqual([client.address, client.unknown], [expected, undefined]);
    assert.equal(countKey(client), expected);
  });
}

for (const [name, forwarded, trusted, nearest, unknown] of [
  ["no header", undefined, oneHop, "10.0.0.1", "missing"],
  ["no header from a trusted network", undefined, inside, "10.0.0.1", "missing"],
  ["an empty header", "", oneHop, "10.0.0.1", "unreadable"],
  ["an empty last entry: what stands before it is the client's own word", "6.6.6.6,", oneHop, "10.0.0.1", "unreadable"],
  ["unknown (RFC 7239)", "6.6.6.6, unknown", oneHop, "10.0.0.1", "unreadable"],
  ["a hidden name (RFC 7239)", "6.6.6.6, _hidden", inside, "10.0.0.1", "unreadable"],
  ["an unreadable entry before a second proxy", "1.2.3.4, unknown, 10.0.0.2", inside, "10.0.0.2", "unreadable"],
  ["fewer entries than hops", "1.2.3.4", twoHops, "1.2.3.4", "missing"],
  ["proxies alone", "10.0.0.3, 10.0.0.2", inside, "10.0.0.3", "missing"],
] as const) {
  test(`the client's address is unknown, and vouches for no user, with ${name}`, () => {
    const client = seen("10.0.0.1", forwarded, trusted);
    assert.deepEqual(client, { address: nearest, unknown, vouches: false });
    assert.notEqual(countKey(client), countKey({ address: nearest, vouches: true }));
  });
}

for (const [name, address, forwarded, trusted, vouches] of [
  ["a client without a proxy", "203.0.113.9", undefined, undefined, true],
  ["a client in one's own network", "192.168.1.7", undefined, undefined, true],
  ["a client that a proxy names", "10.0.0.1", "203.0.113.9:4711", oneHop, true],
  ["this machine", "127.0.0.1", undefined, undefined, false],
  ["this machine by IPv6", "::1", undefined, undefined, false],
  ["this machine, as a proxy names it", "10.0.0.1", "[::1]:80", oneHop, false],
  ["a proxy that nobody named", "203.0.113.9", "198.51.100.7", undefined, false],
  ["a proxy outside the trusted network", "203.0.113.9", "198.51.100.7", inside, false],
  ["no address at all", "", undefined, undefined, false],
  ["the unspecified address", "10.0.0.1", "::", oneHop, false],
  ["a group's address", "10.0.0.1", "224.0.0.1", oneHop, false],
] as const) {
  test(`${name} ${vouches ? "may vouch" : "vouches for no user"}`, () => {
    assert.equal(seen(address, forwarded, trusted).vouches, vouches);
  });
}
