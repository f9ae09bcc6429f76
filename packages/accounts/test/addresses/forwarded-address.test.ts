import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plainAddress } from "../../src/addresses/connection-facts.ts";
import { readForwardedAddress } from "../../src/addresses/forwarded-address.ts";

const port = fc.oneof(fc.nat({ max: 65_535 }).map(String), fc.stringMatching(/^_[A-Za-z0-9._-]{1,12}$/));
/** How an entry may be dressed, whatever the address. */
const quotes = fc.constantFrom(
  (text: string) => text,
  (text: string) => `"${text}"`,
);
const spaces = fc.stringMatching(/^[ \t]{0,3}$/);
const zone = fc.constantFrom("", "%eth0", "%25en0", "%3");

/** An entry as some proxy writes it, with the address that is in it. */
const entry = fc
  .record({ v4: fc.ipV4(), v6: fc.ipV6(), isV4: fc.boolean(), brackets: fc.boolean(), port: fc.option(port), zone })
  .map(({ v4, v6, isV4, brackets, port: behind, zone: inside }) => {
    if (isV4) return { address: v4, text: behind === null ? v4 : `${v4}:${behind}` };
    const bracketed = brackets || behind !== null;
    const written = `${v6}${inside}`;
    return { address: v6, text: `${bracketed ? `[${written}]` : written}${behind === null ? "" : `:${behind}`}` };
  });

test("an address is read with or without port, brackets, quotes, zone and spaces", () => {
  fc.assert(
    fc.property(entry, quotes, spaces, spaces, ({ address, text }, quoted, before, after) => {
      assert.equal(readForwardedAddress(before + quoted(text) + after), plainAddress(address));
    }),
    { numRuns: 2_000 },
  );
});

test("what holds no address is read as none", () => {
  const hidden = fc.stringMatching(/^_[A-Za-z0-9._-]{1,20}$/);
  const none = fc.oneof(hidden, fc.constantFrom("unknown", "UNKNOWN", "", " ", '""', "-", "null", "localhost"));
  fc.assert(
    fc.property(none, fc.option(port), quotes, (text, behind, quoted) => {
      assert.equal(readForwardedAddress(quoted(behind === null ? text : `${text}:${behind}`)), undefined);
    }),
  );
});

test("anything at all is read as an address in its usual form, or as none", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^["[\]0-9a-f:.%_,x ]{0,45}$/)), (text) => {
      const address = readForwardedAddress(text);
      if (address !== undefined) assert.equal(readForwardedAddress(address), address);
    }),
    { numRuns: 2_000 },
  );
});

for (const text of [
  ...["4711", "1", "0x7f.1", "127.1", "010.0.0.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4:", "1.2.3.4:99999999"],
  ...["[1.2.3.4", "[]", "[]:80", "::1]:80", "[::1]80", "[[::1]]", "1.2.3.4:80:80", "for=1.2.3.4", "1.2.3.4, 5.6.7.8"],
  ...["1.2.3.4 5.6.7.8", "http://1.2.3.4/", "2001:db8::1::2", "1.2.3.4\u0000"],
]) {
  test(`${JSON.stringify(text)} is no address`, () => assert.equal(readForwardedAddress(text), undefined));
}

test("IPv4 that is written as IPv6 is IPv4, in brackets as well", () => {
  for (const text of ["::ffff:203.0.113.5", "[::ffff:203.0.113.5]:80", "::ffff:cb00:7105"]) {
    assert.equal(readForwardedAddress(text), "203.0.113.5");
  }
});

test("a port behind all eight groups of an address without brackets is read as one", () => {
  assert.equal(readForwardedAddress("2001:db8:1:2:3:4:5:6:4711"), "2001:db8:1:2:3:4:5:6");
});
