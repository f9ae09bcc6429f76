import assert from "node:assert/strict";
import { test } from "node:test";
import { type EndedCall, type SampleBatch, type Store, StoreUnavailable } from "@echoo/core";
import { allSamples, endedCall, startMs } from "@echoo/testkit";
import { gate, withCalls, withDrop, withWriter } from "./writer-fixture.ts";

const nothing = { live: [], ended: [], samples: [], reported: [] };

function ended(...callIds: readonly string[]) {
  const entry = (callId: string) => ({
    tombstone: { callId, body: "{}", expiresAtMs: 1e15 },
    record: endedCall(callId),
  });
  return { ...nothing, ended: callIds.map(entry) };
}

test("a record is stored at once by an idle writer, and the next within 20 ms", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const groups: string[][] = [];
    const last = gate();
    const made = writer({
      store: withCalls(store, {
        async record(calls: readonly EndedCall[]) {
          groups.push(calls.map(({ callId }) => callId));
          const others = await store.calls.record(calls);
          if (groups.length === 2) last.open();
          return others;
        },
      }),
    });
    clock.advance(1000);
    journal.commit(ended("a"));
    journal.commit(ended("b"));
    clock.advance(0);
    await made.flush();
    assert.deepEqual(groups, [["a", "b"]]);
    journal.commit(ended("c"));
    clock.advance(19);
    assert.equal(groups.length, 1);
    clock.advance(1);
    await last.opened;
    await made.stop();
    assert.deepEqual(groups, [["a", "b"], ["c"]]);
    assert.deepEqual(await recorded(store, "c"), endedCall("c"));
    assert.deepEqual(made.state.pending, { records: 0, samples: 0, droppedRecords: 0, droppedSamples: 0, setAside: 0 });
  }));

test("what the last process left is stored, however much it is", () =>
  withWriter(async ({ store, journal, writer }) => {
    const ids = Array.from({ length: 1203 }, (_, i) => `call ${i}`);
    journal.commit(ended(...ids));
    await writer().flush();
    assert.equal(journal.pending().records, 0);
    assert.ok(await store.calls.find("call 1202"));
  }));

test("a crash between the store and the drop only repeats a harmless write", () =>
  withWriter(async ({ store, journal, writer }) => {
    const crashed = writer({
      outbox: withDrop(journal, () => {
        throw new Error("the process died here");
      }),
    });
    journal.commit({ ...ended("a"), samples: [batch("a", 1)] });
    await assert.rejects(crashed.flush(), /died here/);
    await crashed.stop();
    assert.equal(journal.pending().records, 1);
    await store.calls.hide("+491", "a");
    await writer().flush();
    assert.equal(journal.pending().records, 0);
    assert.deepEqual(await recorded(store, "a"), endedCall("a"));
    assert.deepEqual((await store.calls.page({ viewer: "+491", limit: 9 })).calls, []);
    assert.equal((await allSamples(store.statistics, "a", "+491")).length, 1);
  }));

test("while the store is away the writer waits longer each time, up to a bound, and then everything arrives once", () =>
  withWriter(async ({ clock, store, journal, degraded, writer }) => {
    let isAway = true;
    let tries = 0;
    const made = writer({
      store: withCalls(store, {
        async record(calls: readonly EndedCall[]) {
          tries++;
          if (isAway) throw new StoreUnavailable(new Error("no route"));
          return store.calls.record(calls);
        },
      }),
    });
    journal.commit(ended("a"));
    const waits: number[] = [];
    await assert.rejects(made.flush(), StoreUnavailable);
    for (let round = 1; round <= 10; round++) {
      // Only the next try is on the clock; it runs when its wait is over, and not before.
      let waitedMs = 0;
      while (tries === round) {
        clock.advance(50);
        waitedMs += 50;
        // Lets a try that has begun come to its end.
        await new Promise((resolve) => setImmediate(resolve));
      }
      waits.push(waitedMs);
      journal.commit(ended(`during ${round}`));
    }
    assert.deepEqual(waits, [150, 300, 600, 1200, 2400, 4800, 9600, 15_000, 15_000, 15_000]);
    assert.equal(made.state.degraded, true);
    assert.ok(made.state.lastError instanceof StoreUnavailable);
    assert.equal(degraded.length, 1);
    isAway = false;
    await made.flush();
    assert.equal(made.state.degraded, false);
    assert.equal(made.state.lastError, undefined);
    assert.equal(degraded.length, 2);
    assert.equal(journal.pending().records, 0);
    assert.equal((await store.calls.page({ viewer: "+492", limit: 50 })).calls.length, 11);
  }));

test("a record that the store refuses does not hold up the others", () =>
  withWriter(async ({ store, journal, refused, degraded, writer }) => {
    const entries = ended("a", "broken", "b").ended.map(({ tombstone, record }) =>
      record.callId === "broken"
        ? { tombstone, record: { ...record, createdAtMs: Number.NaN } }
        : { tombstone, record },
    );
    journal.commit({ ...nothing, ended: entries });
    await writer().flush();
    assert.deepEqual(refused, ["record of broken"]);
    assert.deepEqual(degraded, []);
    assert.ok(await store.calls.find("a"));
    assert.ok(await store.calls.find("b"));
    assert.equal(journal.pending().records, 0);
  }));

test("what two processes die over is set aside, and everything behind it is stored", () =>
  withWriter(async ({ store, journal, refused, reopen, writer }) => {
    journal.commit(ended("a", "deadly", "b"));
    const over = gate();
    let died = gate();
    const deadly = withCalls(store, {
      async record(calls: readonly EndedCall[]) {
        if (!calls.some(({ callId }) => callId === "deadly")) return store.calls.record(calls);
        died.open();
        // The process dies here: nothing comes of it while others look.
        await over.opened;
        throw new StoreUnavailable(new Error("dead"));
      },
    });
    const lives = [];
    for (let life = 1; life <= 3; life++) {
      died = gate();
      const made = writer({ store: deadly, outbox: life === 1 ? journal : reopen() });
      lives.push(await Promise.race([made.flush().then(() => "all is stored"), died.opened.then(() => "died")]));
    }
    assert.deepEqual(lives, ["died", "died", "all is stored"]);
    assert.deepEqual(refused, ["record of deadly"]);
    assert.ok(await store.calls.find("a"));
    assert.ok(await store.calls.find("b"));
    over.open();
  }));

test("a store that is away is no reason to blame an entry, however often a process is ended meanwhile", () =>
  withWriter(async ({ store, journal, refused, reopen, writer }) => {
    journal.commit(ended("a", "b"));
    journal.begin(10);
    const away = { ...store, ping: () => Promise.reject(new StoreUnavailable(new Error("no route"))) };
    for (const _life of [1, 2, 3]) await assert.rejects(writer({ store: away, outbox: reopen() }).flush());
    assert.deepEqual(refused, []);
    const last = reopen();
    await writer({ outbox: last }).flush();
    assert.deepEqual([last.pending().records, last.pending().setAside], [0, 0]);
  }));

test("an account that is erased while a group with its number is under way is gone all the same", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const begun = gate();
    const goOn = gate();
    const made = writer({
      store: withCalls(store, {
        async record(calls: readonly EndedCall[]) {
          begun.open();
          await goOn.opened;
          return store.calls.record(calls);
        },
      }),
    });
    await store.users.ensure("+491", {}, startMs);
    journal.commit(ended("under way"));
    clock.advance(0);
    await begun.opened;
    journal.commit(ended("queued"));
    const erased = made.erase("+491", "deleted:1");
    goOn.open();
    await erased;
    await made.flush();
    for (const callId of ["under way", "queued"]) {
      assert.equal((await store.calls.find(callId))?.caller, "deleted:1");
    }
    assert.equal(await store.users.find("+491"), undefined);
    assert.deepEqual((await store.calls.page({ viewer: "+491", limit: 9 })).calls, []);
  }));

test("what the other party said of a call does not keep an erased number, though its record was still queued", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const made = writer();
    const body = JSON.stringify({ caller: "+491", callee: "+492" });
    const reported = { callId: "running", reporter: "+492", receivedAtMs: startMs, body };
    journal.commit({ live: [], ended: [], samples: [], reported: [reported] });
    await made.flush();
    journal.commit(ended("running"));
    await made.erase("+491", "deleted:1");
    await made.flush();
    clock.advance(0);
    const [summary] = await store.statistics.summaries(["running"]);
    assert.deepEqual(JSON.parse(summary?.reported ?? ""), { caller: "deleted:1", callee: "+492" });
  }));

test("however much is queued while the store hangs, what waits behind it waits for one try alone", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const begun = gate();
    const goOn = gate();
    let tries = 0;
    const made = writer({
      store: withCalls(store, {
        async record() {
          tries++;
          begun.open();
          await goOn.opened;
          throw new StoreUnavailable(new Error("it hung"));
        },
      }),
    });
    journal.commit(ended("first"));
    clock.advance(0);
    await begun.opened;
    for (let i = 0; i < 50; i++) {
      journal.commit(ended(`call ${i}`));
      clock.advance(20);
    }
    const flushed = made.flush();
    goOn.open();
    await assert.rejects(flushed, StoreUnavailable);
    assert.equal(tries, 2);
  }));

test("what is queued while a slow store works is stored after it, by the clock alone", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const [begun, goOn] = [gate(), gate()];
    let isSecondStored = false;
    writer({
      store: withCalls(store, {
        async record(calls: readonly EndedCall[]) {
          isSecondStored ||= calls.some(({ callId }) => callId === "second");
          begun.open();
          await goOn.opened;
          return [];
        },
      }),
      onDegraded: (error) => assert.fail(String(error)),
    });
    journal.commit(ended("first"));
    clock.advance(0);
    await begun.opened;
    journal.commit(ended("second"));
    clock.advance(20);
    goOn.open();
    // The round ends in turns of its own; the next one is due 20 ms after that.
    for (let turns = 0; turns < 100 && !isSecondStored; turns++) {
      await new Promise<void>(setImmediate);
      clock.advance(20);
    }
    assert.ok(isSecondStored);
  }));

test("a writer that is stopped leaves what waits in the journal, and no timer", () =>
  withWriter(async ({ clock, journal, writer }) => {
    const made = writer();
    journal.commit(ended("a"));
    await made.stop();
    journal.commit(ended("b"));
    // The journal's own sync is all that is left.
    assert.equal(clock.pendingTimers, 1);
    clock.advance(1000);
    assert.equal(journal.pending().records, 2);
  }));

function batch(callId: string, number: number): SampleBatch {
  const receivedAtMs = startMs + number * 10_000;
  return { callId, reporter: "+491", batch: `n${number}`, receivedAtMs, samples: [{ t: receivedAtMs }] };
}

const summaryOf = { callId: "a", reporter: "+491" };

test("late, repeated and reordered batches come to the same summary, before the record or after it", () =>
  withWriter(async ({ store, journal, writer }) => {
    const made = writer();
    journal.commit({ ...nothing, samples: [batch("a", 3), batch("a", 1)] });
    await made.flush();
    journal.commit({ ...nothing, samples: [batch("a", 4)] });
    await made.flush();
    journal.commit(ended("a"));
    await made.flush();
    assert.equal((await store.statistics.summaries(["a"]))[0]?.summary?.samples, 3);
    journal.commit({ ...nothing, samples: [batch("a", 2), batch("a", 3)] });
    await made.flush();
    const [found, ...others] = await store.statistics.summaries(["a"]);
    assert.deepEqual({ callId: found?.callId, reporter: found?.reporter }, summaryOf);
    assert.equal(found?.summary?.samples, 4);
    assert.deepEqual(others, []);
  }));

test("the summary of a long call is renewed ever more seldom, and is whole at its end", () =>
  withWriter(async ({ clock, store, journal, summaries, writer }) => {
    const made = writer();
    for (let number = 1; number <= 360; number++) {
      clock.advance(10_000);
      journal.commit({ ...nothing, samples: [batch("a", number)] });
      await made.flush();
    }
    assert.ok(summaries() > 5 && summaries() < 40, `${summaries()} summaries in an hour`);
    journal.commit(ended("a"));
    await made.flush();
    assert.equal((await store.statistics.summaries(["a"]))[0]?.summary?.samples, 360);
  }));

test("the last samples come to a summary by time alone, where the record is stored elsewhere", () =>
  withWriter(async ({ clock, store, journal, writer }) => {
    const made = writer();
    journal.commit({ ...nothing, samples: [batch("a", 1)] });
    await made.flush();
    journal.commit({ ...nothing, samples: [batch("a", 2)] });
    await made.flush();
    assert.equal((await store.statistics.summaries(["a"]))[0]?.summary?.samples, 1);
    clock.advance(15_000);
    await made.stop();
    assert.equal((await store.statistics.summaries(["a"]))[0]?.summary?.samples, 2);
  }));

/** The call as its record said, without its verdict. */
async function recorded(store: Store, callId: string) {
  const { verdict, ...call } = (await store.calls.find(callId)) ?? {};
  assert.ok(verdict, "a stored record has no verdict");
  return call;
}
