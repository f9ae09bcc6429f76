import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { Refusal } from "@echoo/protocol";
import { FakeClock } from "@echoo/testkit";
import { createCodes } from "../../src/accounts/codes.ts";
import { addressKey } from "../../src/accounts/connection-facts.ts";
import type { MakeLimit } from "../../src/accounts/limit.ts";
import { createSlidingWindow } from "../../src/accounts/sliding-window.ts";
import { randomCode } from "../../src/platform.ts";
import { temporaryStore } from "./temporary-store.ts";

const bob = "5550002";

function setUp(t: TestContext) {
  const clock = new FakeClock();
  const store = temporaryStore(t);
  const makeLimit: MakeLimit = (rule) => createSlidingWindow(clock, rule, 100);
  const deps = { store: store.codes, clock, key: "k".repeat(32), makeLimit, randomCode };
  const codes = createCodes({ ...deps, kind: "sent" });
  return { clock, store, codes, developmentCodes: createCodes({ ...deps, kind: "development" }) };
}

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const thrown = await work.then(
    () => assert.fail("it was not refused"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Refusal, String(thrown));
  return thrown;
}

function wrong(code: string): string {
  return code === "000000" ? "000001" : "000000";
}

test("a code is six digits, works once, and is stored as an HMAC alone", async (t) => {
  const { clock, store, codes } = setUp(t);
  const code = await codes.make(bob, "203.0.113.9");
  assert.match(code, /^\d{6}$/);
  const stored = await store.codes.find(bob, clock.now());
  assert.match(stored?.hash ?? "", /^[\da-f]{64}$/);
  assert.ok(!JSON.stringify(stored).includes(`"${code}"`));
  await codes.redeem(bob, code);
  assert.equal((await refusal(codes.redeem(bob, code))).code, "wrong_code");
});

test("a code has three tries, the right one among them", async (t) => {
  const { codes } = setUp(t);
  const code = await codes.make(bob, undefined);
  for (let tries = 0; tries < 2; tries += 1) {
    assert.equal((await refusal(codes.redeem(bob, wrong(code)))).code, "wrong_code");
  }
  await codes.redeem(bob, code);
});

test("after three wrong tries the right code is wrong as well", async (t) => {
  const { codes } = setUp(t);
  const code = await codes.make(bob, undefined);
  for (let tries = 0; tries < 3; tries += 1) await refusal(codes.redeem(bob, wrong(code)));
  assert.equal((await refusal(codes.redeem(bob, code))).code, "wrong_code");
});

test("a code lives five minutes", async (t) => {
  const { clock, codes } = setUp(t);
  const first = await codes.make(bob, undefined);
  clock.advance(5 * 60_000 - 1);
  await codes.redeem(bob, first);
  const second = await codes.make(bob, undefined);
  clock.advance(5 * 60_000);
  await refusal(codes.redeem(bob, second));
});

test("one code is live per number: a new one replaces it", async (t) => {
  const { clock, codes } = setUp(t);
  const first = await codes.make(bob, undefined);
  clock.advance(30_000);
  const second = await codes.make(bob, undefined);
  if (first !== second) await refusal(codes.redeem(bob, first));
  await codes.redeem(bob, second);
});

test("a code belongs to its number", async (t) => {
  const { codes } = setUp(t);
  const code = await codes.make(bob, undefined);
  await refusal(codes.redeem("5550003", code));
  await codes.redeem(bob, code);
});

test("of two at once with the right code one gets in", async (t) => {
  const { codes } = setUp(t);
  const code = await codes.make(bob, undefined);
  const results = await Promise.allSettled([codes.redeem(bob, code), codes.redeem(bob, code)]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("a code is sent again after 30 seconds, and the refusal says when", async (t) => {
  const { clock, codes } = setUp(t);
  await codes.make(bob, undefined);
  clock.advance(10_000);
  const refused = await refusal(codes.make(bob, undefined));
  assert.equal(refused.code, "rate_limited");
  assert.equal(refused.retryInMs, 20_000);
  clock.advance(20_000);
  await codes.make(bob, undefined);
});

test("a number gets five codes an hour, and refused requests do not count", async (t) => {
  const { clock, codes } = setUp(t);
  for (let sent = 0; sent < 5; sent += 1) {
    await codes.make(bob, undefined);
    await refusal(codes.make(bob, undefined));
    clock.advance(60_000);
  }
  const refused = await refusal(codes.make(bob, undefined));
  assert.equal(refused.retryInMs, 55 * 60_000);
  clock.advance(55 * 60_000);
  await codes.make(bob, undefined);
});

test("an address gets twenty codes an hour, whatever the numbers; without an address nothing counts", async (t) => {
  const { clock, codes } = setUp(t);
  for (let sent = 0; sent < 20; sent += 1) await codes.make(`555100${sent}`, "203.0.113.9");
  assert.equal((await refusal(codes.make("5552000", "203.0.113.9"))).retryInMs, 3_600_000);
  await codes.make("5552000", "203.0.113.10");
  await codes.make("5552001", undefined);
  clock.advance(3_600_000);
  await codes.make("5552002", "203.0.113.9");
});

test("twenty codes an hour are counted by /64 for IPv6", async (t) => {
  const { codes } = setUp(t);
  for (let sent = 0; sent < 20; sent += 1) await codes.make(`555100${sent}`, addressKey(`2001:db8::${sent + 1}`));
  await refusal(codes.make("5552000", addressKey("2001:db8::ffff")));
  await codes.make("5552000", addressKey("2001:db8:0:1::1"));
});

test("the answer does not tell whether a number is known", async (t) => {
  const { clock, store, codes } = setUp(t);
  await store.users.ensure(bob, {}, clock.now());
  const known = await refusal(codes.redeem(bob, "123456"));
  const unknown = await refusal(codes.redeem("5559999", "123456"));
  assert.deepEqual([known.code, known.message], [unknown.code, unknown.message]);
});

test("a code that was not sent does not count, and the next one may come at once", async (t) => {
  const { clock, store, codes } = setUp(t);
  for (let failed = 0; failed < 30; failed += 1) {
    await codes.withdraw(bob, "203.0.113.9", await codes.make(bob, "203.0.113.9"));
    assert.equal(await store.codes.find(bob, clock.now()), undefined);
  }
  await codes.redeem(bob, await codes.make(bob, "203.0.113.9"));
});

test("a code that the store did not take does not count", async (t) => {
  const { store, codes } = setUp(t);
  const { put } = store.codes;
  store.codes.put = () => Promise.reject(new StoreUnavailable(new Error("away")));
  for (let failed = 0; failed < 6; failed += 1) await assert.rejects(codes.make(bob, undefined), StoreUnavailable);
  store.codes.put = put;
  await codes.make(bob, undefined);
});

test("of many requests at once for a number one makes a code", async (t) => {
  const { codes } = setUp(t);
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => codes.make(bob, undefined)));
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
});

test("a development code does not pass for one that was sent", async (t) => {
  const { codes, developmentCodes } = setUp(t);
  const code = await developmentCodes.make(bob, undefined);
  assert.equal((await refusal(codes.redeem(bob, code))).code, "wrong_code");
  await developmentCodes.redeem(bob, code);
});
