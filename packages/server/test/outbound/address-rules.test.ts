import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { test } from "node:test";
import { AddressRefused, guardedLookup, isOfLink, refusedAddress } from "../../src/outbound/address-rules.ts";

const strict = { allowPrivate: false, allowLoopback: false, hosts: [] };
const development = { ...strict, allowLoopback: true };
const ownNetwork = { ...strict, allowPrivate: true };

test("public https addresses are taken, however they are written", () => {
  for (const url of ["https://fcm.googleapis.com/wp/a", "https://93.184.216.34/", "https://[2606:4700::1111]:8443/x"]) {
    assert.equal(refusedAddress(url, strict), undefined, url);
  }
});

test("addresses of this machine and of its networks are refused in every form", () => {
  const hosts = [
    ...["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "a.localhost", "localhost.", "[::1]", "0.0.0.0"],
    ...["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fd00::1]"],
    ...["[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::]", "224.0.0.1"],
  ];
  for (const host of hosts) assert.match(refusedAddress(`https://${host}/x`, strict) ?? "taken", /not a public/, host);
});

test("http is for this machine in development, and for the operator's own network where that is allowed", () => {
  assert.match(refusedAddress("http://push.example/x", strict) ?? "", /https/);
  assert.match(refusedAddress("http://127.0.0.1:9/x", strict) ?? "", /https/);
  assert.equal(refusedAddress("http://127.0.0.1:9/x", development), undefined);
  assert.match(refusedAddress("http://10.0.0.1/x", development) ?? "", /https/);
  assert.match(refusedAddress("https://10.0.0.1/x", development) ?? "", /public/);
  assert.equal(refusedAddress("http://10.0.0.1/x", ownNetwork), undefined);
});

test("where the operator names hosts, those and the ones below them are taken alone", () => {
  const some = { ...strict, hosts: ["push.example"] };
  assert.equal(refusedAddress("https://push.example/x", some), undefined);
  assert.equal(refusedAddress("https://eu.push.example/x", some), undefined);
  for (const host of ["evilpush.example", "push.example.evil.test", "example"]) {
    assert.match(refusedAddress(`https://${host}/x`, some) ?? "", /operator allows/, host);
  }
});

test("what is no plain address is refused", () => {
  for (const url of ["", "push", "file:///etc/passwd", "ftp://push.example/", "https://user:pw@push.example/"]) {
    assert.notEqual(refusedAddress(url, ownNetwork), undefined, url);
  }
});

test("addresses of the link are known in every form, and no others", () => {
  for (const host of ["169.254.169.254", "2852039166", "[fe80::1]", "[::ffff:169.254.169.254]"]) {
    assert.equal(isOfLink(`http://${host}/latest`), true, host);
  }
  for (const host of ["10.0.0.1", "127.0.0.1", "gateway.internal", "93.184.216.34"]) {
    assert.equal(isOfLink(`https://${host}/`), false, host);
  }
});

type Found = readonly LookupAddress[];

/** What a connection to a name gets, where the name leads to these addresses. */
function connectedTo(found: Found, rules = strict): Promise<Error | string> {
  const look = guardedLookup(rules, (_host, _options, done) => done(null, [...found]));
  return new Promise((resolve) => {
    look("push.example", { all: true }, (error, addresses) => {
      resolve(error ?? (addresses as Found).map(({ address }) => address).join(" "));
    });
  });
}

test("a name that leads into the own network is refused as it is connected to, and beside others left out", async () => {
  const home = { address: "10.0.0.1", family: 4 };
  const here = { address: "::1", family: 6 };
  const far = { address: "93.184.216.34", family: 4 };
  assert.ok((await connectedTo([home, here])) instanceof AddressRefused);
  assert.equal(await connectedTo([home, far]), far.address);
  assert.equal(await connectedTo([home, here], development), here.address);
  assert.equal(await connectedTo([home, here], ownNetwork), "10.0.0.1 ::1");
});

test("a name that cannot be looked up says so, and one address alone is given where one is asked for", async () => {
  const fault = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  const failing = guardedLookup(strict, (_host, _options, done) => done(fault, []));
  assert.equal(await new Promise((resolve) => failing("x", { all: true }, resolve)), fault);
  const far = guardedLookup(strict, (_host, _options, done) => done(null, [{ address: "93.184.216.34", family: 4 }]));
  const given = await new Promise((resolve) => far("x", {}, (...all) => resolve(all)));
  assert.deepEqual(given, [null, "93.184.216.34", 4]);
});
