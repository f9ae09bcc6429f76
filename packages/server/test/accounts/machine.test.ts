import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import ipaddr from "ipaddr.js";
import { readMachine } from "../../src/accounts/machine.ts";

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

test("under an orchestrator the machine counts as a container", (t) => {
  const before = process.env.KUBERNETES_SERVICE_HOST;
  t.after(() => {
    if (before === undefined) delete process.env.KUBERNETES_SERVICE_HOST;
    else process.env.KUBERNETES_SERVICE_HOST = before;
  });
  process.env.KUBERNETES_SERVICE_HOST = "10.0.0.1";
  assert.equal(readMachine().inContainer, true);
});
