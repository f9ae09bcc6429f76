import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailable } from "@echoo/core";
import { allSamples, endedCall, startMs } from "@echoo/testkit";
import { recordBounds } from "../../src/records/record-bounds.ts";
import { Retention } from "../../src/records/retention.ts";
import { type WriterFixture, withCalls, withWriter } from "./writer-fixture.ts";

const dayMs = 86_400_000;

async function fill({ store }: WriterFixture, calls: number): Promise<void> {
  await store.calls.record(
    Array.from({ length: calls }, (_, i) => endedCall(`old ${i}`, { createdAtMs: startMs - 11 * dayMs + i })),
  );
  await store.calls.record([endedCall("young", { createdAtMs: startMs - 9 * dayMs })]);
  await store.statistics.addSamples(
    ["old", "young"].map((batch) => {
      const receivedAtMs = startMs - (batch === "old" ? 4 : 2) * dayMs;
      return { callId: "young", reporter: "+491", batch, receivedAtMs, samples: [] };
    }),
  );
}

function retention(fixture: WriterFixture, faults: unknown[] = [], store = fixture.store): Retention {
  return new Retention({
    store,
    clock: fixture.clock,
    settled: fixture.clock,
    retainCallsDays: 10,
    retainSamplesDays: 3,
    onFault: (error) => faults.push(error),
  });
}

/** Moves the clock over the pauses between steps until the sweep is over. */
async function throughPauses<T>({ clock }: WriterFixture, sweep: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  sweep.then(over, over);
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(recordBounds.sweepPauseMs);
  }
  return sweep;
}

test("what is older than its retention is deleted, step by step, and the rest stays", () =>
  withWriter(async (fixture) => {
    await fill(fixture, 250);
    let steps = 0;
    const store = withCalls(fixture.store, {
      sweep(beforeMs, limit) {
        steps++;
        assert.ok(limit <= recordBounds.sweepCalls);
        return fixture.store.calls.sweep(beforeMs, limit);
      },
    });
    const made = retention(fixture, [], store);
    assert.deepEqual(await throughPauses(fixture, made.sweep()), { calls: 250, samples: 1 });
    assert.equal(steps, 3);
    const { calls } = await fixture.store.calls.page({ viewer: "+491", limit: 9 });
    assert.deepEqual(
      calls.map(({ call }) => call.callId),
      ["young"],
    );
    const left = await allSamples(fixture.store.statistics, "young", "+491");
    assert.deepEqual(
      left.map(({ batch }) => batch),
      ["young"],
    );
    await made.stop();
  }));

test("a sweep begins by itself at the start, and again an hour later", () =>
  withWriter(async (fixture) => {
    const swept: number[] = [];
    const store = withCalls(fixture.store, {
      async sweep() {
        swept.push(fixture.clock.now());
        return 0;
      },
    });
    const made = retention(fixture, [], store);
    const atMs = fixture.clock.now();
    fixture.clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    fixture.clock.advance(recordBounds.sweepEveryMs);
    await made.sweep();
    await made.stop();
    assert.deepEqual(swept, [atMs, atMs + recordBounds.sweepEveryMs]);
    assert.equal(fixture.clock.pendingTimers, 0);
  }));

test("a sweep that the store breaks off is told, and the next one goes on", () =>
  withWriter(async (fixture) => {
    const faults: unknown[] = [];
    let isAway = true;
    const store = withCalls(fixture.store, {
      async sweep(beforeMs, limit) {
        if (isAway) throw new StoreUnavailable(new Error("no route"));
        return fixture.store.calls.sweep(beforeMs, limit);
      },
    });
    await fill(fixture, 1);
    const made = retention(fixture, faults, store);
    fixture.clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(faults.length, 1);
    isAway = false;
    fixture.clock.advance(recordBounds.sweepEveryMs);
    await made.sweep();
    await made.stop();
    assert.equal(await fixture.store.calls.find("old 0"), undefined);
  }));

test("a sweep that is stopped ends after its step", () =>
  withWriter(async (fixture) => {
    await fill(fixture, 250);
    const made = retention(fixture);
    const sweep = made.sweep();
    await new Promise((resolve) => setImmediate(resolve));
    await made.stop();
    assert.ok((await sweep).calls <= recordBounds.sweepCalls);
    assert.equal(fixture.clock.pendingTimers, 0);
  }));

test("a sweep that is stopped in the middle of a step does not pause after it", () =>
  withWriter(async (fixture) => {
    const stopped: Promise<void>[] = [];
    const store = withCalls(fixture.store, {
      async sweep(_beforeMs, limit) {
        stopped.push(made.stop());
        return limit;
      },
    });
    const made = retention(fixture, [], store);
    await made.sweep();
    await Promise.all(stopped);
    assert.deepEqual([stopped.length, fixture.clock.pendingTimers], [1, 0]);
  }));
