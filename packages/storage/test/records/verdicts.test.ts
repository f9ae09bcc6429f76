import assert from "node:assert/strict";
import { test } from "node:test";
import type { SampleBatch, StoredCall } from "@echoo/core";
import { endedCall, FakeClock, pause, startMs } from "@echoo/testkit";
import { recordBounds } from "../../src/records/record-bounds.ts";
import { HourCounter } from "../../src/records/verdicts/hour-counter.ts";
import { VerdictNotices } from "../../src/records/verdicts/verdict-notices.ts";
import { withWriter } from "./writer-fixture.ts";

const [ann, bob] = ["+491", "+492"];
const nothing = { live: [], ended: [], samples: [], reported: [] };

function entry(record: StoredCall) {
  return { tombstone: { callId: record.callId, body: "{}", expiresAtMs: 1 }, record };
}

function measured(reporter: string, from = 0, count = 30): SampleBatch {
  const { connectedAtMs = 0 } = endedCall("a");
  const samples = Array.from({ length: count }, (_, at) => ({
    t: connectedAtMs + (from + at) * 2_000,
    rttMs: 40,
    lossPercent: 0,
  }));
  return { callId: "a", reporter, batch: `n${from}`, receivedAtMs: startMs, samples };
}

function told(reporter: string): SampleBatch {
  const { answeredAtMs = 0 } = endedCall("a");
  const events = [{ n: 0, t: answeredAtMs, kind: "playback" as const, state: "refused" }];
  return { callId: "a", reporter, batch: "e0", receivedAtMs: startMs, samples: [], report: { events } };
}

test("a call has its verdict with its record, and another when late samples and reports come", () =>
  withWriter(async ({ journal, store, writer }) => {
    const made = writer();
    const code = async () => (await store.calls.find("a"))?.verdict?.operator.code;
    journal.commit({ ...nothing, ended: [entry(endedCall("a"))], samples: [measured(ann)] });
    await made.flush();
    assert.equal(await code(), "unknown");
    journal.commit({ ...nothing, samples: [measured(bob)] });
    await made.flush();
    assert.equal(await code(), "good");
    journal.commit({ ...nothing, samples: [told(bob), told(bob)] });
    await made.flush();
    const { verdict } = (await store.calls.find("a")) ?? {};
    assert.deepEqual(
      [verdict?.operator.code, verdict?.operator.side, verdict?.inputs],
      ["playback_blocked", "callee", 61],
    );
  }));

test("a verdict outlives its samples and reports", () =>
  withWriter(async ({ journal, store, writer }) => {
    const made = writer();
    journal.commit({ ...nothing, ended: [entry(endedCall("a"))], samples: [measured(ann), measured(bob), told(ann)] });
    await made.flush();
    await store.statistics.sweepSamples(startMs + 1, 99);
    await store.reports.sweep(startMs + 1, 99);
    journal.commit({ ...nothing, samples: [measured(bob, 0, 3)] });
    await made.flush();
    assert.equal((await store.calls.find("a"))?.verdict?.operator.code, "playback_blocked");
  }));

test("each call's verdict is told of once, 60 s after its end, as it is by then", () =>
  withWriter(async ({ clock, journal, store, writer }) => {
    const verdicts: string[] = [];
    let tell: () => void = () => {};
    const isTold = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const made = writer({
      onVerdict: ({ verdict }) => {
        verdicts.push(verdict?.operator.code ?? "none");
        tell();
      },
    });
    clock.advance(64_000);
    const endedAtMs = clock.now();
    journal.commit({ ...nothing, ended: [entry({ ...endedCall("a"), endedAtMs })] });
    await made.flush();
    clock.advance(recordBounds.verdictAfterMs - 1);
    assert.deepEqual(verdicts, []);
    journal.commit({ ...nothing, samples: [told(ann)] });
    await made.flush();
    clock.advance(1);
    await isTold;
    journal.commit({ ...nothing, samples: [{ ...told(bob), batch: "late" }] });
    await made.flush();
    clock.advance(recordBounds.verdictAfterMs * 2);
    assert.deepEqual(verdicts, ["playback_blocked"]);
    assert.equal((await store.calls.find("a"))?.verdict?.inputs, 2);
  }));

test("past the bound the oldest is told of at once", async () => {
  const asked: string[] = [];
  const calls = {
    find: async (callId: string) => {
      asked.push(callId);
      return undefined;
    },
  };
  const clock = new FakeClock();
  const notices = new VerdictNotices({ store: { calls } as never, clock, onVerdict: () => {}, onFault: () => {} }, 2);
  for (const id of ["a", "b", "c"]) notices.add({ ...endedCall(id), endedAtMs: clock.now() });
  assert.deepEqual(asked, ["a"]);
  clock.advance(recordBounds.verdictAfterMs);
  assert.deepEqual(asked, ["a", "b", "c"]);
  notices.stop();
});

test("an hour is counted anew when a summary in it changes, each call once", () =>
  withWriter(async ({ clock, journal, store, writer }) => {
    const hour = Math.floor(clock.now() / 3_600_000) * 3_600_000;
    const made = writer();
    const counter = new HourCounter({ store, clock, pause, onFault: (error) => assert.fail(String(error)) });
    const sides = async () => (await store.qualityHours.read("all", hour, hour + 1))[0]?.groups[""];
    journal.commit({ ...nothing, ended: [entry(endedCall("a", { createdAtMs: clock.now() }))] });
    await made.flush();
    assert.equal(await counter.countAll(), 1);
    assert.deepEqual([(await sides())?.sides, (await sides())?.levels], [2, [0, 0, 0]]);
    for (const _ of [1, 2]) {
      journal.commit({ ...nothing, samples: [measured(ann), measured(bob)] });
      await made.flush();
      clock.advance(recordBounds.hourClaimMs);
      await counter.countAll();
    }
    assert.deepEqual([(await sides())?.sides, (await sides())?.levels], [2, [2, 0, 0]]);
    assert.equal(await counter.countAll(), 0);
    await counter.stop();
  }));
