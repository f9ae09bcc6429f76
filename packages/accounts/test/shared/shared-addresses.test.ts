import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedVerifiedAddresses } from "../../src/addresses/shared-addresses.ts";
import { from, twoServers } from "./two-servers.ts";

const ann = "5550001";
const home = from("203.0.113.5");
const hourMs = 3_600_000;

function setUp() {
  const { clock, shared, one, other } = twoServers();
  const here = sharedVerifiedAddresses(one, shared.addresses);
  const there = sharedVerifiedAddresses(other, shared.addresses);
  const token = { id: "t1", userId: ann, expiresAtMs: clock.now() + hourMs, kind: "own" } as const;
  return { clock, shared, here, there, other, token };
}

test("an address that used a token on one server is known on the other, by that one's own clock", async () => {
  const { clock, here, there, other, token } = setUp();
  const usedAtMs = clock.steady();
  clock.advance(5_000);
  await here.note(token, home, usedAtMs);
  clock.advance(5_000);
  assert.deepEqual(await there.seen(ann, home), [{ token, usedAtMs: other.steady() - 10_000 }]);
  assert.deepEqual(await there.seen(ann, from("203.0.113.6")), []);
  assert.deepEqual(await there.seen(ann, { ...home, vouches: false }), []);
});

test("a token in use all day is known all day, though not each use is told", async () => {
  const { clock, here, there, token } = setUp();
  for (let hour = 0; hour < 30; hour += 1) {
    await here.note(token, home, clock.steady());
    clock.advance(hourMs);
  }
  assert.equal((await there.seen(ann, home)).length, 1);
  clock.advance(23 * hourMs);
  assert.deepEqual(await there.seen(ann, home), []);
});

test("while the others cannot be asked a server goes by what it has seen itself, and tells them with the next use", async () => {
  const { clock, shared, here, there, token } = setUp();
  shared.setAway(true);
  await here.note(token, home, clock.steady());
  assert.deepEqual([(await here.seen(ann, home)).length, (await there.seen(ann, home)).length], [1, 0]);
  shared.setAway(false);
  await here.note(token, home, clock.steady());
  assert.equal((await there.seen(ann, home)).length, 1);
});
