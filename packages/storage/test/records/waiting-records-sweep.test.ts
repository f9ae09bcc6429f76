import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallRecord, StoreUnavailable } from "@echoo/core";
import { endedCall, type FakeClock } from "@echoo/testkit";
import { WaitingRecordsSweep } from "../../src/records/waiting-records-sweep.ts";
import { withCalls, withWriter } from "./writer-fixture.ts";

/** What waits in the store of several nodes, each with how long it has. */
function waitingAt(clock: FakeClock) {
  const records = new Map<string, { readonly record: string; readonly sinceMs: number }>();
  return {
    records,
    adds: (id: string, record: CallRecord | string) => {
      const text = typeof record === "string" ? record : JSON.stringify(record);
      records.set(id, { record: text, sinceMs: clock.steady() });
    },
    waitingRecords: async (olderThanMs: number, atMost: number) =>
      [...records]
        .filter(([, { sinceMs }]) => sinceMs <= clock.steady() - olderThanMs)
        .slice(0, atMost)
        .map(([id, { record }]) => ({ id, record })),
    recordsStored: async (ids: readonly string[]) => {
      for (const id of ids) records.delete(id);
    },
  };
}

const quiet = { onUnusable: () => {}, onStored: () => {} };

test("a call that ended on a node which is no more is stored by another after 20 s, and waits no more", () =>
  withWriter(async ({ clock, store }) => {
    const waiting = waitingAt(clock);
    const stored: number[] = [];
    const sweep = new WaitingRecordsSweep({
      ...{ store, waiting, clock, ...quiet },
      onStored: (count) => stored.push(count),
    });
    waiting.adds("1-0", endedCall("a"));
    clock.advance(10_000);
    await sweep.stop();
    assert.equal(await store.calls.find("a"), undefined);
    const again = new WaitingRecordsSweep({
      ...{ store, waiting, clock, ...quiet },
      onStored: (count) => stored.push(count),
    });
    clock.advance(10_000);
    await again.stop();
    assert.deepEqual(await store.calls.find("a"), endedCall("a"));
    assert.deepEqual([stored, waiting.records.size], [[1], 0]);
  }));

test("what waits is stored at once where an account is to be erased", () =>
  withWriter(async ({ clock, store }) => {
    const waiting = waitingAt(clock);
    const sweep = new WaitingRecordsSweep({ store, waiting, clock, ...quiet });
    for (let count = 0; count < 501; count += 1) waiting.adds(`${count}-0`, endedCall(`call ${count}`));
    await sweep.sweepAll();
    await sweep.stop();
    assert.deepEqual(await store.calls.find("call 500"), endedCall("call 500"));
    assert.equal(waiting.records.size, 0);
  }));

test("a record of another version stays for a node that reads it, and holds up no other", () =>
  withWriter(async ({ clock, store }) => {
    const waiting = waitingAt(clock);
    const unusable: unknown[] = [];
    const sweep = new WaitingRecordsSweep({
      ...{ store, waiting, clock, ...quiet },
      onUnusable: (error) => unusable.push(error),
    });
    waiting.adds("1-0", '{"of":"another version"}');
    waiting.adds("2-0", endedCall("a"));
    await sweep.sweepAll();
    await sweep.stop();
    assert.deepEqual(await store.calls.find("a"), endedCall("a"));
    assert.deepEqual([...waiting.records.keys()], ["1-0"]);
    assert.equal(unusable.length, 1);
  }));

test("what cannot be stored now goes on waiting", () =>
  withWriter(async ({ clock, store }) => {
    const waiting = waitingAt(clock);
    const record = async () => {
      throw new StoreUnavailable("away");
    };
    const sweep = new WaitingRecordsSweep({ store: withCalls(store, { record }), waiting, clock, ...quiet });
    waiting.adds("1-0", endedCall("a"));
    await assert.rejects(sweep.sweepAll(), StoreUnavailable);
    await sweep.stop();
    assert.equal(waiting.records.size, 1);
  }));
