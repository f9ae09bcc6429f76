import assert from "node:assert/strict";
import { test } from "node:test";
import { codeLimits } from "../../src/registration/codes.ts";
import { codesSetUp, from, refusal, someAddress } from "../registration/codes-setup.ts";

const bob = "5550002";
const owner = from("203.0.113.9");
const hourMs = 3_600_000;

test("a code is sent again after 30 seconds, and the refusal says when", async (t) => {
  const { clock, codes } = codesSetUp(t);
  await codes.make(bob, owner);
  clock.advance(10_000);
  const refused = await refusal(codes.make(bob, owner));
  assert.deepEqual([refused.code, refused.retryInMs], ["rate_limited", 20_000]);
  await codes.make(bob, from("198.51.100.1"));
  clock.advance(20_000);
  await codes.make(bob, owner);
});

test("a client gets five codes an hour for a number, and refused requests do not count", async (t) => {
  const { clock, codes } = codesSetUp(t);
  for (let sent = 0; sent < 5; sent += 1) {
    await codes.make(bob, owner);
    await refusal(codes.make(bob, owner));
    clock.advance(60_000);
  }
  const refused = await refusal(codes.make(bob, owner));
  assert.equal(refused.retryInMs, 55 * 60_000);
  clock.advance(55 * 60_000);
  await codes.make(bob, owner);
});

test("a client that asks all the time uses up its own budget: the owner of the number gets a code all the same", async (t) => {
  const { clock, codes } = codesSetUp(t);
  for (let hour = 0; hour < 3; hour += 1) {
    for (let minute = 0; minute < 60; minute += 1) {
      await codes.make(bob, from("198.51.100.1")).catch(() => undefined);
      if (minute === 30) await codes.make(bob, owner);
      clock.advance(60_000);
    }
  }
});

test("strangers get ten codes an hour for a number, of which five are for who had none within the hour", async (t) => {
  const { clock, codes } = codesSetUp(t);
  for (const address of ["198.51.100.1", "198.51.100.2"]) {
    for (let sent = 0; sent < 4; sent += 1) {
      await codes.make(bob, from(address)).catch(() => undefined);
      clock.advance(30_000);
    }
  }
  // Two first ones and five more so far.
  await refusal(codes.make(bob, from("198.51.100.2")));
  for (let n = 0; n < 3; n += 1) await codes.make(bob, from(someAddress(n)));
  const refused = await refusal(codes.make(bob, from(someAddress(3))));
  assert.equal(refused.retryInMs, hourMs - 8 * 30_000);
  await codes.make("5550003", from(someAddress(3)));
});

test("a client at an address where a token of the number was used is not held up by strangers", async (t) => {
  const { codes } = codesSetUp(t, owner.address);
  for (let n = 0; n < 10; n += 1) await codes.make(bob, from(someAddress(n)));
  await refusal(codes.make(bob, from(someAddress(10))));
  const { code } = await codes.make(bob, owner);
  await codes.redeem(bob, code, { client: owner });
});

test("and has five codes an hour as every client has", async (t) => {
  const { clock, codes } = codesSetUp(t, owner.address);
  for (let sent = 0; sent < 5; sent += 1) {
    await codes.make(bob, owner);
    clock.advance(30_000);
  }
  assert.equal((await refusal(codes.make(bob, owner))).retryInMs, hourMs - 5 * 30_000);
});

test("strangers get forty codes a day for a number", async (t) => {
  const { clock, codes } = codesSetUp(t);
  for (let n = 0; n < 40; n += 1) {
    await codes.make(bob, from(someAddress(n)));
    clock.advance(10 * 60_000);
  }
  const refused = await refusal(codes.make(bob, from(someAddress(40))));
  assert.equal(refused.retryInMs, 24 * hourMs - 40 * 10 * 60_000);
});

test("an address gets twenty codes an hour, whatever the numbers; for development codes no address is counted", async (t) => {
  const { clock, codes, developmentCodes } = codesSetUp(t);
  for (let sent = 0; sent < 20; sent += 1) await codes.make(`555100${sent}`, owner);
  assert.equal((await refusal(codes.make("5552000", owner))).retryInMs, hourMs);
  await codes.make("5552000", from("203.0.113.10"));
  for (let sent = 0; sent < 21; sent += 1) await developmentCodes.make(`555300${sent}`, owner);
  clock.advance(hourMs);
  await codes.make("5552002", owner);
});

test("an address is a /64 for IPv6: its codes, its tries and its budget", async (t) => {
  const { codes } = codesSetUp(t);
  for (let sent = 0; sent < 20; sent += 1) await codes.make(`555100${sent}`, from(`2001:db8::${sent + 1}`));
  await refusal(codes.make("5552000", from("2001:db8::ffff")));
  await codes.make("5552000", from("2001:db8:0:1::1"));
  await refusal(codes.make("5552000", from("2001:db8:0:1::2")));
});

test("those whom no proxy tells apart get ten times as many, all together, and leave some to who is told apart", async (t) => {
  const { codes } = codesSetUp(t);
  const crowd = { address: "10.0.0.1", unknown: "missing", vouches: false } as const;
  for (let sent = 0; sent < 5; sent += 1) await codes.make(bob, crowd);
  await refusal(codes.make(bob, crowd));
  await codes.make(bob, owner);
  for (let sent = 5; sent < 200; sent += 1) await codes.make(`5551${1000 + sent}`, crowd);
  await refusal(codes.make("5552000", crowd));
});

test("of one number so many codes wait at once, and the oldest goes first", async (t) => {
  const { clock, store } = codesSetUp(t);
  const nowMs = clock.now();
  const tries = { triesLeft: 3, othersTriesLeft: 2 };
  for (let n = 0; n <= codeLimits.pendingOfNumber; n += 1) {
    const times = { sentAtMs: nowMs + n, expiresAtMs: nowMs + 300_000 };
    const code = { userId: bob, asker: `asker ${n}`, challenge: `c${n}`, hash: "h", ...times, ...tries };
    await store.codes.put(code, codeLimits.pendingOfNumber);
  }
  const left = (await store.codes.list(bob, nowMs)).map(({ asker }) => asker);
  assert.equal(left.length, codeLimits.pendingOfNumber);
  assert.deepEqual([left[0], left.at(-1)], ["asker 32", "asker 1"]);
});
