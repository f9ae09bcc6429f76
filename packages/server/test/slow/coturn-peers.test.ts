import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { after, before, describe, type TestContext, test } from "node:test";
import { type Coturn, requireService, startCoturn, TurnClient } from "@echoo/testkit";
import { createTurn } from "../../src/turn/turn-credentials.ts";

const secret = "the-secret-that-both-know-0001";
const forbidden = 403;

/** Each range's first, one inner and its last address. */
const denied = {
  4: {
    "this network": ["0.0.0.0", "0.1.2.3", "0.255.255.255"],
    "10/8 of RFC 1918": ["10.0.0.0", "10.11.12.13", "10.255.255.255"],
    "carrier-grade NAT": ["100.64.0.0", "100.100.1.1", "100.127.255.255"],
    loopback: ["127.0.0.0", "127.0.0.2", "127.255.255.255"],
    "link-local, metadata services among it": ["169.254.0.0", "169.254.169.254", "169.254.255.255"],
    "172.16/12 of RFC 1918": ["172.16.0.0", "172.20.30.40", "172.31.255.255"],
    "protocol assignments": ["192.0.0.0", "192.0.0.192", "192.0.0.255"],
    "documentation 1": ["192.0.2.0", "192.0.2.7", "192.0.2.255"],
    "6to4 relays": ["192.88.99.0", "192.88.99.1", "192.88.99.255"],
    "192.168/16 of RFC 1918": ["192.168.0.0", "192.168.1.1", "192.168.255.255"],
    benchmarks: ["198.18.0.0", "198.18.7.7", "198.19.255.255"],
    "documentation 2": ["198.51.100.0", "198.51.100.7", "198.51.100.255"],
    "documentation 3": ["203.0.113.0", "203.0.113.7", "203.0.113.255"],
    multicast: ["224.0.0.0", "239.1.2.3", "239.255.255.255"],
    "reserved and broadcast": ["240.0.0.0", "250.1.2.3", "255.255.255.255"],
  },
  6: {
    unspecified: ["::"],
    loopback: ["::1"],
    "IPv4-compatible": [
      ...["::2", "::ffff", "::0.1.0.0", "::10.0.0.0", "::10.0.0.1", "::127.0.0.1", "::169.254.169.254"],
      ...["::192.168.0.0", "::8.8.8.0", "::255.255.255.0", "::255.255.255.255"],
    ],
    "IPv4-mapped": [
      "::ffff:0.0.0.0",
      "::ffff:127.0.0.1",
      "::ffff:169.254.169.254",
      "::ffff:8.8.8.8",
      "::ffff:255.255.255.255",
    ],
    "IPv4 by SIIT": ["::ffff:0:0:0", "::ffff:0:a00:1", "::ffff:0:ffff:ffff"],
    "IPv4 by NAT64": ["64:ff9b::", "64:ff9b::10.0.0.1", "64:ff9b::255.255.255.255"],
    "IPv4 by local NAT64": ["64:ff9b:1::", "64:ff9b:1::10.0.0.1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
    "discard only, and the dummy prefix": ["100::", "100::7", "100::1:ffff:ffff:ffff:ffff"],
    Teredo: ["2001::", "2001:0:7::1", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"],
    benchmarks: ["2001:2::", "2001:2::7", "2001:2:0:ffff:ffff:ffff:ffff:ffff"],
    documentation: ["2001:db8::", "2001:db8:7::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
    "more documentation": ["3fff::", "3fff:7::1", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
    "segment routing": ["5f00::", "5f00:7::1", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    "6to4": ["2002::", "2002:a00:1::1", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    "unique local": ["fc00::", "fd00:ec2::254", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    "link-local": ["fe80::", "fe80::1", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    "site-local": ["fec0::", "fec0::1", "fed0:0:0:1::2", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    multicast: ["ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  },
} as const;

/** Right beside the ranges; a permission sends nothing to anybody. */
const allowed = {
  4: [
    ...["1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"],
    ...[
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.0.1.0",
      "192.167.255.255",
      "192.169.0.0",
    ],
    ...["198.17.255.255", "198.20.0.0", "223.255.255.255"],
  ],
  6: [
    ...["::1:0:0", "::fffe:7f00:1", "::ffff:1:7f00:1", "64:ff9a::1", "64:ff9b::1:0:0", "100::2:0:0:0:1"],
    ...["2000::1", "2001:1::1", "2001:2:1::", "2001:db7:ffff::1", "2001:db9::", "2003::", "2606:4700::1111"],
    ...["3ffe::1", "3fff:1000::", "5eff::1", "5f01::", "fbff::1", "fe00::1", "fe7f::1"],
  ],
} as const;

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
const withoutIpv6 = hasIpv6 || process.env.CI === "true" ? false : "this machine has no IPv6";

describe("the peers that nobody reaches through coturn", { skip: requireService("coturn") }, () => {
  let coturn: Coturn;
  before(async () => {
    coturn = await startCoturn({ secrets: [secret], moreRelayAddresses: hasIpv6 ? ["::1"] : [] });
  });
  after(() => coturn?.stop());

  async function allocated(t: TestContext, family: 4 | 6) {
    const clock = { now: () => Date.now(), steady: () => 0, after: () => () => {} };
    const turn = createTurn({ urls: ["turn:x"], secrets: [secret], ttlSec: 60, userKey: "key", clock });
    const { username, password } = turn.credentials(`ipv${family}`);
    const client = await TurnClient.open(coturn, { username, credential: password });
    t.after(() => client.close());
    const { code, relayed } = await client.allocate(family);
    assert.equal(code, 0);
    return { client, relayed };
  }

  for (const family of [4, 6] as const) {
    const skip = family === 6 ? withoutIpv6 : false;

    test(`are those of every range of IPv${family} in the file, from the first address to the last`, {
      skip,
    }, async (t) => {
      const { client } = await allocated(t, family);
      for (const [range, addresses] of Object.entries(denied[family])) {
        for (const address of addresses) {
          assert.equal(await client.permit(address), forbidden, `${range}: a permission for ${address}`);
          assert.equal(await client.bindChannel({ address, port: 80 }), forbidden, `${range}: a channel to ${address}`);
        }
      }
    });

    test(`are no others of IPv${family}`, { skip }, async (t) => {
      const { client } = await allocated(t, family);
      const codes = [];
      for (const address of allowed[family]) codes.push([address, await client.permit(address)]);
      assert.deepEqual(
        codes,
        allowed[family].map((address) => [address, 0]),
      );
    });
  }

  test("do not include the relay's own address, on which two callers meet", async (t) => {
    const [ann, bob] = [await allocated(t, 4), await allocated(t, 4)];
    for (const { client } of [ann, bob]) assert.equal(await client.permit("127.0.0.1"), 0);
    ann.client.send(bob.relayed, Buffer.from("hello"));
    assert.deepEqual(await bob.client.receive(), { from: ann.relayed, data: Buffer.from("hello") });
  });
});
