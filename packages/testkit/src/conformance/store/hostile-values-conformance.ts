import assert from "node:assert/strict";
import { endedCall, startMs } from "../ended-call.ts";
import { allSamples } from "./calls/all-samples.ts";
import { historyIds } from "./calls/read-history.ts";
import { sampleBatch } from "./calls/statistics-conformance.ts";
import type { StoreCase } from "./store-case.ts";

/** Strings that mean something to one database or another, or to none. */
const hostile = [
  '{"$ne":null}',
  "$where",
  "a.b.c",
  "$set.admin",
  "__proto__",
  "constructor",
  "' OR '1'='1",
  '"; DROP TABLE users; --',
  "%_?",
  "\\",
  "\n\r\t\u001b",
  "\u202egnp.exe",
  "NULL",
  "0",
  "1e999",
  " ",
  "\u00c5",
  "A\u030a",
  "🙂",
  "x".repeat(10_000),
];

export function hostileValuesConformance(check: StoreCase): void {
  check("any string is data: kept as it was, found by itself alone", async (store) => {
    for (const id of hostile) await store.users.ensure(id, { displayName: id }, startMs);
    for (const id of hostile) {
      const found = await store.users.find(id);
      assert.equal(found?.id, id);
      assert.equal(found?.displayName, id);
      assert.equal(found?.admin, false);
    }
    assert.equal((await store.users.findMany(hostile)).length, hostile.length);
    assert.equal(await store.users.find('{"$gt":""}'), undefined);
    assert.equal(await store.tokens.findByHash('{"$ne":null}', startMs), undefined);
  });

  check("hostile ids and numbers have histories, contacts and statistics of their own", async (store) => {
    const calls = hostile.map((id, i) => endedCall(id, { caller: id, createdAtMs: startMs + i, callerDevice: id }));
    await store.calls.record(calls);
    for (const [i, id] of hostile.entries()) {
      assert.deepEqual(await store.calls.find(id), calls[i]);
      assert.deepEqual(await historyIds(store.calls, id), [id]);
      await store.contacts.put(id, { contact: id, name: id, createdAtMs: startMs }, 3);
      assert.deepEqual(await store.contacts.list(id), [{ contact: id, name: id, createdAtMs: startMs }]);
      await store.statistics.addSamples([sampleBatch(id, id, id)]);
      assert.deepEqual(await allSamples(store.statistics, id, id), [sampleBatch(id, id, id)]);
    }
    assert.equal((await historyIds(store.calls, "+492")).length, hostile.length);
  });

  check("keys that mean something in JSON pass through samples and reports", async ({ statistics }) => {
    const body = '{"__proto__":{"admin":true},"$set":{"a.b":1},"constructor":null,"":"","a\\u0000b":"\\ud800"}';
    await statistics.putReported([{ callId: "a", reporter: "+491", receivedAtMs: startMs, body }]);
    assert.equal((await statistics.summaries(["a"]))[0]?.reported, body);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });

  check("lone surrogates and NUL come back, and are found, as U+FFFD", async ({ users, calls }) => {
    for (const [given, kept] of [
      ["a\0b", "a\ufffdb"],
      ["c\ud800", "c\ufffd"],
      ["\udc00d", "\ufffdd"],
    ] as const) {
      await users.ensure(given, { displayName: given }, startMs);
      assert.equal((await users.find(given))?.displayName, kept);
      assert.equal((await users.find(kept))?.id, kept);
      await calls.record([endedCall(given, { caller: given })]);
      assert.deepEqual(await historyIds(calls, given), [kept]);
    }
  });
}
