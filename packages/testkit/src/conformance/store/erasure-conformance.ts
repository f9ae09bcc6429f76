import assert from "node:assert/strict";
import type { Store } from "@echoo/core";
import { endedCall, missedCall, startMs } from "../ended-call.ts";
import { allSamples } from "./calls/all-samples.ts";
import { historyIds } from "./calls/read-history.ts";
import { sampleBatch } from "./calls/statistics-conformance.ts";
import type { StoreCase } from "./store-case.ts";

const ann = "+491";
const bob = "+492";
const gone = "deleted:7f3a";
const ids = ["placed", "taken", "shadow by", "shadow to", "told by ann", "told by bob", "shared"];

const code = {
  ...{ challenge: "c", hash: "h", sentAtMs: startMs, expiresAtMs: startMs + 1000 },
  ...{ triesLeft: 3, othersTriesLeft: 2 },
};

async function fill({ users, tokens, codes, contacts, blocks, calls, statistics }: Store): Promise<void> {
  const times = { createdAtMs: startMs, lastUsedAtMs: startMs, expiresAtMs: startMs + 1000 };
  for (const id of [ann, bob]) {
    await users.ensure(id, { displayName: `name of ${id}` }, startMs);
    await tokens.insert({ id: `token of ${id}`, userId: id, hash: `hash of ${id}`, ...times });
    for (const asker of ["home", "elsewhere"]) await codes.put({ ...code, userId: id, asker }, 9);
    const other = id === ann ? bob : ann;
    await contacts.put(id, { contact: other, name: "other", createdAtMs: startMs }, 9);
    await blocks.put(id, { blocked: other, createdAtMs: startMs }, 9);
  }
  await calls.record([
    endedCall("placed", { endedBy: ann, callerDevice: `phone of ${ann}`, calleeDevice: "bob's tablet" }),
    endedCall("taken", { caller: bob, callee: ann, endedBy: ann }),
    missedCall("shadow by", { callerOnly: true }),
    missedCall("shadow to", { caller: bob, callee: ann, callerOnly: true }),
    endedCall("others'", { caller: bob, callee: "+493", endedBy: bob }),
  ]);
  await calls.report(endedCall("told by ann"), ann, false);
  await calls.report(endedCall("told by bob"), bob, false);
  await calls.report(endedCall("shared"), bob, true);
  await calls.report(endedCall("shared"), ann, true);
  const body = JSON.stringify({ caller: ann, callee: bob, samples: [{ networkQuality: ann }] });
  for (const reporter of [ann, bob]) {
    await statistics.addSamples([sampleBatch("placed", reporter, "n1"), sampleBatch("no record", reporter, "n1")]);
    await statistics.putReported([{ callId: "placed", reporter, receivedAtMs: startMs, body }]);
  }
}

export function erasureConformance(check: StoreCase): void {
  check("an erased account is nowhere, and its number is replaced in every call", async (store) => {
    await fill(store);
    await store.users.erase(ann, gone);
    await store.users.erase(ann, "deleted:second");
    assert.equal(await store.users.find(ann), undefined);
    assert.deepEqual(await store.tokens.list(ann, startMs), []);
    assert.equal(await store.tokens.findByHash(`hash of ${ann}`, startMs), undefined);
    assert.deepEqual(await store.codes.list(ann, startMs), []);
    for (const owner of [ann, bob]) {
      assert.deepEqual(await store.contacts.list(owner), []);
      assert.deepEqual(await store.blocks.list(owner), []);
    }
    assert.deepEqual(await historyIds(store.calls, ann), []);
    assert.equal(await store.calls.unseenMissed(ann), 0);
    for (const id of ids) {
      const call = await store.calls.find(id);
      assert.ok(!JSON.stringify(call).includes(ann), `${id} still names the account`);
      assert.ok([call?.caller, call?.callee].includes(gone), `${id} does not name the replacement`);
    }
    assert.equal((await store.calls.find("taken"))?.endedBy, gone);
    assert.deepEqual((await store.calls.find("shared"))?.reportedBy, [bob, gone]);
    const { callerDevice, calleeDevice } = (await store.calls.find("placed")) ?? {};
    assert.deepEqual([callerDevice, calleeDevice], [undefined, "bob's tablet"]);
  });

  check("erasing takes the account's statistics, and its number from the other's", async (store) => {
    await fill(store);
    await store.users.erase(ann, gone);
    assert.deepEqual(await allSamples(store.statistics, "placed", ann), []);
    assert.deepEqual(await allSamples(store.statistics, "no record", ann), []);
    assert.equal((await allSamples(store.statistics, "placed", bob)).length, 1);
    const summaries = await store.statistics.summaries(["placed"]);
    assert.deepEqual(
      summaries.map(({ reporter }) => reporter),
      [bob],
    );
    const said = JSON.parse(summaries[0]?.reported ?? "null");
    assert.deepEqual(said, { caller: gone, callee: bob, samples: [{ networkQuality: ann }] });
  });

  check("what belongs to others outlives an erasure", async (store) => {
    await fill(store);
    const before = await store.calls.find("others'");
    await store.users.erase(ann, gone);
    assert.ok(await store.users.find(bob));
    assert.equal((await store.tokens.list(bob, startMs)).length, 1);
    assert.equal((await store.codes.list(bob, startMs)).length, 2);
    assert.deepEqual(await store.calls.find("others'"), before);
    const shown = new Set(await historyIds(store.calls, bob));
    assert.deepEqual(shown, new Set(["placed", "taken", "shadow to", "told by bob", "shared", "others'"]));
    assert.deepEqual(new Set(await historyIds(store.calls, gone)), new Set());
  });

  check("a long history is erased whole", async ({ users, calls, contacts, statistics }) => {
    await users.ensure(ann, {}, startMs);
    for (let i = 0; i < 250; i++) {
      await contacts.put(ann, { contact: `+1${i}`, name: "", createdAtMs: startMs }, 999);
      await contacts.put(`+1${i}`, { contact: ann, name: "", createdAtMs: startMs }, 999);
    }
    await statistics.addSamples(Array.from({ length: 250 }, (_, i) => sampleBatch(`call ${i}`, ann, "n")));
    const many = Array.from({ length: 950 }, (_, i) => endedCall(`call ${i}`, { createdAtMs: startMs + i }));
    await calls.record(many);
    await users.erase(ann, gone);
    for (const id of ["call 0", "call 499", "call 500", "call 949"]) {
      assert.equal((await calls.find(id))?.caller, gone);
    }
    assert.equal((await historyIds(calls, bob, { limit: 200 })).length, 950);
    assert.deepEqual(await contacts.list(ann), []);
    for (const i of [0, 199, 200, 249]) {
      assert.deepEqual(await contacts.list(`+1${i}`), []);
      assert.deepEqual(await allSamples(statistics, `call ${i}`, ann), []);
    }
    assert.equal(await users.isErasing(ann), false);
    assert.deepEqual(await users.unfinishedErasures(9), []);
  });

  check("erasing a user who never registered does no harm", async ({ users, calls }) => {
    await users.erase("+499", gone);
    await calls.record([endedCall("a")]);
    await users.erase(ann, gone);
    assert.equal((await calls.find("a"))?.caller, gone);
  });
}
