import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import ipaddr from "ipaddr.js";
import { listenedOn, networkAddresses, readMachine } from "../../src/addresses/machine.ts";

test("the machine is read as it is: its name, and private networks alone", () => {
  const machine = readMachine();
  assert.equal(machine.hostname, hostname().toLowerCase());
  for (const network of machine.networks) {
    const [address] = ipaddr.parseCIDR(network);
    assert.ok(["private", "uniqueLocal"].includes(address.range()), network);
  }
  assert.equal(typeof machine.inContainer, "boolean");
  assert.equal(typeof machine.hasPublicAddress, "boolean");
});

test("a server is reached at what it listens on", () => {
  const own = ["192.168.1.5", "fd00::5"];
  assert.deepEqual(listenedOn("0.0.0.0", own), ["192.168.1.5"]);
  assert.deepEqual(listenedOn("::", own), own);
  assert.deepEqual(listenedOn("fd00::5", own), ["fd00::5"]);
  assert.deepEqual(listenedOn("127.0.0.1", own), []);
});

test("addresses for other machines are none of loopback and of the link, and IPv4 comes first", () => {
  const addresses = networkAddresses();
  for (const address of addresses)
    assert.ok(!["loopback", "linkLocal"].includes(ipaddr.parse(address).range()), address);
  const kinds = addresses.map((address) => ipaddr.parse(address).kind());
  assert.deepEqual(kinds, [...kinds].sort());
});

test("under an orchestrator the machine counts as a container", (t) => {
  const before = process.env.KUBERNETES_SERVICE_HOST;
  t.after(() => {
    if (before === undefined) delete process.env.KUBERNETES_SERVICE_HOST;
    else process.env.KUBERNETES_SERVICE_HOST = before;
  });
  process.env.KUBERNETES_SERVICE_HOST = "10.0.0.1";
  assert.equal(readMachine().inContainer, true);
});
