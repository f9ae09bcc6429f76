import assert from "node:assert/strict";
import { test } from "node:test";
import { askEveryMs, sharedLoopbackTrust } from "../../src/addresses/shared-trust.ts";
import { twoServers } from "./two-servers.ts";

const proxied = { address: "127.0.0.1", httpVersion: "1.1", headers: { "x-forwarded-for": "203.0.113.5" } } as never;
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

function setUp() {
  const { clock, shared } = twoServers();
  const told: (string | undefined)[] = [];
  const at = () => sharedLoopbackTrust({ clock, shared: shared.trust, onLost: (header) => told.push(header) });
  return { clock, shared, told, here: at(), there: at() };
}

test("a proxy that one server saw ends the trust of all, each of which says so once", async () => {
  const { clock, told, here, there } = setUp();
  await settle();
  here.observe(proxied);
  assert.deepEqual([here.trusted, there.trusted], [false, true]);
  await settle();
  clock.advance(askEveryMs);
  await settle();
  assert.equal(there.trusted, false);
  clock.advance(askEveryMs);
  await settle();
  assert.deepEqual(told, ["x-forwarded-for", undefined]);
  here.stop();
  there.stop();
});

test("what could not be told is told later, and what was heard stands while it cannot be asked", async () => {
  const { clock, shared, here, there } = setUp();
  await settle();
  shared.setAway(true);
  here.observe(proxied);
  await settle();
  shared.setAway(false);
  clock.advance(askEveryMs);
  await settle();
  clock.advance(askEveryMs);
  await settle();
  assert.equal(there.trusted, false);
  shared.setAway(true);
  clock.advance(askEveryMs);
  await settle();
  assert.equal(there.trusted, false);
  here.stop();
  there.stop();
});
