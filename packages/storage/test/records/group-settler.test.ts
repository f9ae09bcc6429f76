import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallRecord, type SampleBatch, StoreUnavailable } from "@echoo/core";
import { allSamples, endedCall, missedCall, startMs } from "@echoo/testkit";
import { withWriter } from "./writer-fixture.ts";

const [ann, bob, eve, cleo] = ["+491", "+492", "+493", "+494"];
const nothing = { live: [], ended: [], samples: [], reported: [] };
const laterMs = startMs + 40 * 24 * 3_600_000;

function entry(record: CallRecord) {
  return { tombstone: { callId: record.callId, body: "{}", expiresAtMs: 1e15 }, record };
}

function batch(callId: string, reporter: string): SampleBatch {
  return { callId, reporter, batch: "1", receivedAtMs: laterMs, samples: [{ t: laterMs, rttMs: 40 }] };
}

test("a call under the id of one that was stored long ago changes nothing of that one, and is not lost to its callee", () =>
  withWriter(async ({ store, journal, writer }) => {
    const old = endedCall("c1", { caller: ann, callee: bob });
    await store.calls.record([old]);
    const stolen = missedCall("c1", { caller: eve, callee: cleo, createdAtMs: laterMs });
    const said = { callId: "c1", reporter: cleo, receivedAtMs: laterMs, body: "{}" };
    journal.commit({ ...nothing, samples: [batch("c1", eve), batch("c1", cleo)], reported: [said] });
    journal.commit({ ...nothing, ended: [entry(stolen)] });
    const made = writer();
    await made.flush();
    const { verdict: _, ...found } = (await store.calls.find("c1")) ?? {};
    assert.deepEqual(found, old);
    assert.deepEqual(await store.statistics.summaries(["c1"]), []);
    const [seen] = (await store.calls.page({ viewer: cleo, limit: 9 })).calls;
    assert.match(seen?.call.callId ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(seen?.call, { ...stolen, callId: seen?.call.callId });
    journal.commit({ ...nothing, ended: [entry(stolen)] });
    await made.flush();
    assert.equal(
      (await store.calls.page({ viewer: cleo, limit: 9 })).calls.length,
      1,
      "stored again it is the same one",
    );
  }));

test("what the parties of a stored call measured is theirs still", () =>
  withWriter(async ({ store, journal, writer }) => {
    await store.calls.record([endedCall("c1", { caller: ann, callee: bob })]);
    journal.commit({ ...nothing, samples: [batch("c1", bob), batch("c2", eve)] });
    await writer().flush();
    assert.equal((await allSamples(store.statistics, "c1", bob)).length, 1);
    assert.equal((await allSamples(store.statistics, "c2", eve)).length, 1, "a call that is not stored yet");
  }));

test("a call to an unknown callee is in the caller's history alone where the callee blocked the caller", () =>
  withWriter(async ({ store, journal, writer }) => {
    await store.users.ensure(bob, {}, startMs);
    await store.users.ensure(cleo, { doNotDisturb: true }, startMs);
    await store.blocks.put(bob, { blocked: eve, createdAtMs: startMs - 1 }, 9);
    await store.blocks.put(bob, { blocked: ann, createdAtMs: startMs + 1 }, 9);
    const unknown = (callId: string, caller: string, callee: string): CallRecord => ({
      ...missedCall(callId, { caller, callee, endReason: "unreachable" }),
      calleeUnknown: true,
    });
    const records = [unknown("blocked", eve, bob), unknown("later", ann, bob), unknown("quiet", eve, cleo)];
    journal.commit({ ...nothing, ended: records.map(entry) });
    await writer().flush();
    const stored = async (callId: string) => {
      const call = await store.calls.find(callId);
      return [call?.callerOnly, call?.endReason, call && "calleeUnknown" in call];
    };
    assert.deepEqual(await stored("blocked"), [true, "unreachable", false]);
    assert.deepEqual(await stored("later"), [undefined, "unreachable", false]);
    assert.deepEqual(await stored("quiet"), [undefined, "do_not_disturb", false]);
  }));

test("where the store cannot tell who was blocked, a call to an unknown callee is in the caller's history alone", () =>
  withWriter(async ({ store, journal, writer }) => {
    const broken = { ...store.blocks, list: () => Promise.reject(new Error("a broken page")) };
    const record = { ...missedCall("c1", { caller: eve, callee: bob }), calleeUnknown: true } as const;
    journal.commit({ ...nothing, ended: [entry(record)] });
    await writer({ store: { ...store, blocks: broken } }).flush();
    assert.equal((await store.calls.find("c1"))?.callerOnly, true);
  }));

test("while the store is away nothing is settled, and nothing lost", () =>
  withWriter(async ({ store, journal, writer }) => {
    let isAway = true;
    const calls = {
      ...store.calls,
      find: (callId: string) => {
        return isAway ? Promise.reject(new StoreUnavailable(new Error("no route"))) : store.calls.find(callId);
      },
    };
    journal.commit({ ...nothing, samples: [batch("c1", ann)] });
    const made = writer({ store: { ...store, calls } });
    await assert.rejects(made.flush(), StoreUnavailable);
    assert.equal(journal.pending().samples, 1);
    isAway = false;
    await made.flush();
    assert.equal((await allSamples(store.statistics, "c1", ann)).length, 1);
  }));
