import assert from "node:assert/strict";
import { test } from "node:test";
import { addressKey, isWithin, plainAddress } from "../../src/addresses/connection-facts.ts";

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
  assert.equal(isWithin("10.1.2.3", ["::ffff:10.0.0.0/104"]), true);
  assert.equal(isWithin("11.1.2.3", ["::ffff:10.0.0.0/104", "::ffff:10.1.2.3"]), false);
  assert.equal(isWithin("10.1.2.3", ["::ffff:10.1.2.3"]), true);
});
