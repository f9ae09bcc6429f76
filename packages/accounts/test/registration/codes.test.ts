import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { codesSetUp, from, refusal, wrong } from "./codes-setup.ts";

const bob = "5550002";
const owner = from("203.0.113.9");
const stranger = from("198.51.100.66");

test("a code is six digits, works once, and is stored as an HMAC alone, its asker as well", async (t) => {
  const { clock, store, codes } = codesSetUp(t);
  const { code, challenge } = await codes.make(bob, owner);
  assert.match(code, /^\d{6}$/);
  const [stored] = await store.codes.list(bob, clock.now());
  assert.match(stored?.hash ?? "", /^[\da-f]{64}$/);
  for (const part of [`"${code}"`, challenge, owner.address]) assert.ok(!JSON.stringify(stored).includes(part), part);
  await codes.redeem(bob, code, { client: owner });
  assert.equal((await refusal(codes.redeem(bob, code, { client: owner }))).code, "wrong_code");
});

test("a code has three tries, the right one among them", async (t) => {
  const { codes } = codesSetUp(t);
  const { code } = await codes.make(bob, owner);
  for (let tries = 0; tries < 2; tries += 1) {
    assert.equal((await refusal(codes.redeem(bob, wrong(code), { client: owner }))).code, "wrong_code");
  }
  await codes.redeem(bob, code, { client: owner });
});

test("after three wrong tries of the client that asked the right code is wrong as well, with its challenge too", async (t) => {
  const { codes } = codesSetUp(t);
  const { code, challenge } = await codes.make(bob, owner);
  for (let tries = 0; tries < 3; tries += 1) await refusal(codes.redeem(bob, wrong(code), { client: owner }));
  for (const bearer of [{ client: owner }, { client: owner, challenge }, { client: stranger, challenge }]) {
    assert.equal((await refusal(codes.redeem(bob, code, bearer))).code, "wrong_code");
  }
});

test("one wrong code a second by a stranger does not make the owner's right one wrong", async (t) => {
  const { clock, codes } = codesSetUp(t);
  for (let round = 0; round < 3; round += 1) {
    const { code } = await codes.make(bob, owner);
    for (let second = 0; second < 60; second += 1) {
      await refusal(codes.redeem(bob, wrong(code), { client: stranger }));
      clock.advance(1_000);
    }
    await codes.redeem(bob, code, { client: owner });
  }
});

test("nor do codes that a stranger asks for: each client has a code of its own", async (t) => {
  const { clock, codes } = codesSetUp(t);
  const theirs = await codes.make(bob, stranger);
  const mine = await codes.make(bob, owner);
  clock.advance(30_000);
  await codes.make(bob, stranger);
  for (let tries = 0; tries < 3; tries += 1) await refusal(codes.redeem(bob, wrong(mine.code), { client: stranger }));
  if (theirs.code !== mine.code) await refusal(codes.redeem(bob, theirs.code, { client: owner }));
  await codes.redeem(bob, mine.code, { client: owner });
});

test("who has moved to another address is known by the challenge, whatever others have tried", async (t) => {
  const { codes } = codesSetUp(t);
  const { code, challenge } = await codes.make(bob, owner);
  const moved = from("2001:db8:7::1");
  for (let tries = 0; tries < 9; tries += 1) await refusal(codes.redeem(bob, wrong(code), { client: moved }));
  await codes.redeem(bob, code, { client: moved, challenge });
});

test("who has moved and has no challenge has two tries, which all share who did not ask", async (t) => {
  const { codes } = codesSetUp(t);
  const [first, second] = [await codes.make(bob, owner), await codes.make("5550003", owner)];
  await refusal(codes.redeem(bob, wrong(first.code), { client: stranger }));
  await codes.redeem(bob, first.code, { client: from("192.0.2.1") });
  for (const address of ["192.0.2.1", "192.0.2.2"]) {
    await refusal(codes.redeem("5550003", wrong(second.code), { client: from(address) }));
  }
  await refusal(codes.redeem("5550003", second.code, { client: from("192.0.2.3") }));
  await codes.redeem("5550003", second.code, { client: owner });
});

test("a challenge that is made up, or of another number, gives no tries that its bearer does not have", async (t) => {
  const { codes } = codesSetUp(t);
  const mine = await codes.make(bob, owner);
  const others = await codes.make("5550003", stranger);
  for (const challenge of ["made up", others.challenge, "made up"]) {
    await refusal(codes.redeem(bob, wrong(mine.code), { client: stranger, challenge }));
  }
  await refusal(codes.redeem(bob, mine.code, { client: stranger, challenge: "made up" }));
  await codes.redeem(bob, mine.code, { client: owner, challenge: "of an earlier code" });
});

test("those whom no proxy tells apart have each a code of their own, which their challenge opens", async (t) => {
  const { codes } = codesSetUp(t);
  const crowd = { address: "10.0.0.1", unknown: "unreadable", vouches: false } as const;
  const [theirs, mine] = [await codes.make(bob, crowd), await codes.make(bob, crowd)];
  for (let tries = 0; tries < 3; tries += 1) {
    await refusal(codes.redeem(bob, wrong(theirs.code), { client: crowd, challenge: theirs.challenge }));
  }
  await codes.redeem(bob, mine.code, { client: crowd, challenge: mine.challenge });
  const another = await codes.make(bob, crowd);
  await codes.redeem(bob, another.code, { client: crowd });
});

test("a code lives five minutes", async (t) => {
  const { clock, codes } = codesSetUp(t);
  const first = await codes.make(bob, owner);
  clock.advance(5 * 60_000 - 1);
  await codes.redeem(bob, first.code, { client: owner });
  const second = await codes.make(bob, owner);
  clock.advance(5 * 60_000);
  await refusal(codes.redeem(bob, second.code, { client: owner, challenge: second.challenge }));
});

test("one code of a number is live for each who asked: a new one replaces it", async (t) => {
  const { clock, codes } = codesSetUp(t);
  const first = await codes.make(bob, owner);
  clock.advance(30_000);
  const second = await codes.make(bob, owner);
  if (first.code !== second.code) {
    await refusal(codes.redeem(bob, first.code, { client: owner, challenge: first.challenge }));
  }
  await codes.redeem(bob, second.code, { client: owner });
});

test("a code belongs to its number", async (t) => {
  const { codes } = codesSetUp(t);
  const { code, challenge } = await codes.make(bob, owner);
  await refusal(codes.redeem("5550003", code, { client: owner, challenge }));
  await codes.redeem(bob, code, { client: owner });
});

test("of two at once with the right code one gets in", async (t) => {
  const { codes } = codesSetUp(t);
  const { code, challenge } = await codes.make(bob, owner);
  const bearers = [{ client: owner }, { client: stranger, challenge }];
  const results = await Promise.allSettled(bearers.map((bearer) => codes.redeem(bob, code, bearer)));
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("the answer does not tell whether a number is known", async (t) => {
  const { clock, store, codes } = codesSetUp(t);
  await store.users.ensure(bob, {}, clock.now());
  const known = await refusal(codes.redeem(bob, "123456", { client: owner }));
  const unknown = await refusal(codes.redeem("5559999", "123456", { client: owner }));
  assert.deepEqual([known.code, known.message], [unknown.code, unknown.message]);
});

test("a code that was not sent does not count, and the next one may come at once", async (t) => {
  const { clock, store, codes } = codesSetUp(t);
  for (let failed = 0; failed < 60; failed += 1) {
    await (await codes.make(bob, owner)).withdraw();
    assert.deepEqual(await store.codes.list(bob, clock.now()), []);
  }
  const { code } = await codes.make(bob, owner);
  await codes.redeem(bob, code, { client: owner });
});

test("a code that the store did not take does not count", async (t) => {
  const { store, codes } = codesSetUp(t);
  const { put } = store.codes;
  store.codes.put = () => Promise.reject(new StoreUnavailable(new Error("away")));
  for (let failed = 0; failed < 60; failed += 1) await assert.rejects(codes.make(bob, owner), StoreUnavailable);
  store.codes.put = put;
  await codes.make(bob, owner);
});

test("of many requests at once for a number by one client one makes a code", async (t) => {
  const { codes } = codesSetUp(t);
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => codes.make(bob, owner)));
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
});

test("a development code does not pass for one that was sent", async (t) => {
  const { codes, developmentCodes } = codesSetUp(t);
  const { code, challenge } = await developmentCodes.make(bob, owner);
  assert.equal((await refusal(codes.redeem(bob, code, { client: owner, challenge }))).code, "wrong_code");
  await developmentCodes.redeem(bob, code, { client: owner });
});

test("a stranger on the same network does not use up the tries of a development code", async (t) => {
  const { developmentCodes } = codesSetUp(t);
  const { code } = await developmentCodes.make(bob, from("192.168.1.7"));
  for (let tries = 0; tries < 9; tries += 1) {
    await refusal(developmentCodes.redeem(bob, wrong(code), { client: from("192.168.1.66") }));
  }
  await developmentCodes.redeem(bob, code, { client: from("192.168.1.7") });
});
