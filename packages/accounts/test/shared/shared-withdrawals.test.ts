import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "@echoo/protocol";
import { createRevokedExternalTokens } from "../../src/external-jwt/revoked-external-tokens.ts";
import { untoldWithdrawalsMax, withdrawnElsewhere } from "../../src/external-jwt/withdrawn-elsewhere.ts";
import { temporaryStore } from "../temporary-store.ts";
import { twoServers } from "./two-servers.ts";

const ann = "5550001";
const token = { id: "jwt:1", userId: ann, expiresAtMs: 9e15, kind: "host" } as const;
const secret = "s".repeat(32);

function setUp(t: Parameters<typeof temporaryStore>[0]) {
  const { clock, shared, one, other } = twoServers();
  const store = temporaryStore(t);
  const at = (own: typeof other) =>
    createRevokedExternalTokens({ store, clock: own, secret, elsewhere: withdrawnElsewhere(shared) });
  return { clock, shared, here: at(one), there: at(other), otherClock: other };
}

test("a token of the host product that was logged out on one server vouches for no address on the other", async (t) => {
  const { here, there, otherClock } = setUp(t);
  const goodAtMs = otherClock.steady();
  assert.equal(await there.hasEndedAnywhere(token, goodAtMs), false);
  await here.withdraw(token);
  assert.equal(await there.hasEndedAnywhere(token, goodAtMs), true);
  assert.equal(there.hasEnded(token, goodAtMs), false);
});

test("all tokens of a user that were good when they were withdrawn have ended everywhere, and none from later on", async (t) => {
  const { clock, here, there, otherClock } = setUp(t);
  const goodAtMs = otherClock.steady();
  clock.advance(1_000);
  await here.withdrawAll(ann);
  clock.advance(1_000);
  assert.equal(await there.hasEndedAnywhere(token, goodAtMs), true);
  assert.equal(await there.hasEndedAnywhere(token, otherClock.steady()), false);
});

test("what was withdrawn while the others could not be told is told once they can be", async (t) => {
  const { shared, here, there, otherClock } = setUp(t);
  const goodAtMs = otherClock.steady();
  shared.setAway(true);
  await here.withdraw(token);
  const isUnavailable = (error: unknown) => error instanceof Refusal && error.code === "unavailable";
  await assert.rejects(there.hasEndedAnywhere(token, goodAtMs), isUnavailable);
  assert.equal(await here.hasEndedAnywhere(token, goodAtMs), true);
  shared.setAway(false);
  assert.equal(await there.hasEndedAnywhere(token, goodAtMs), true);
});

test("so many withdrawals wait for the others, and with one more the first is left out", async () => {
  const { shared } = twoServers();
  const elsewhere = withdrawnElsewhere(shared);
  shared.setAway(true);
  for (let n = 0; n <= untoldWithdrawalsMax; n += 1) await elsewhere.tell(`t${n}`, 60_000);
  shared.setAway(false);
  const told = await elsewhere.agoMs(["t0", "t1", `t${untoldWithdrawalsMax}`]);
  assert.deepEqual(
    told.map((agoMs) => agoMs !== undefined),
    [false, true, true],
  );
});
