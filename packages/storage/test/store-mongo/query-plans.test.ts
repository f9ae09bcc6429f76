import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HistoryQuery } from "@echoo/core";
import { endedCall, missedCall, requireService, startMs } from "@echoo/testkit";
import type { Collection, Document } from "mongodb";
import type { CallDocument } from "../../src/store-mongo/calls/call-document.ts";
import { lookFilter } from "../../src/store-mongo/calls/call-look.ts";
import { historyFilter, historyOrder } from "../../src/store-mongo/calls/history-page.ts";
import { straysPipeline } from "../../src/store-mongo/calls/sweep-calls.ts";
import { mongoFixture } from "./mongo-fixture.ts";

const ann = "+491";
const bob = "+492";
const limit = 10;

/** Every stage of a plan, from the outermost inwards. */
function stages(plan: Document): readonly string[] {
  const inner = [plan.inputStage, ...(plan.inputStages ?? [])].filter(Boolean);
  return [plan.stage, ...inner.flatMap(stages)];
}

/** A thousand calls of ann, among them some of every kind, and as many of others. */
function manyCalls() {
  return Array.from({ length: 1000 }, (_, i) => {
    const createdAtMs = startMs + Math.floor(i / 3);
    const make = i % 4 === 0 ? missedCall : endedCall;
    const parties = i % 2 === 0 ? { caller: ann, callee: bob } : { caller: bob, callee: ann };
    return [make(`call ${i}`, { createdAtMs, ...parties }), make(`other ${i}`, { createdAtMs, caller: "+493" })];
  }).flat();
}

const cursor = Buffer.from(JSON.stringify([startMs + 300, "call 901"])).toString("base64url");
const optional: readonly Partial<HistoryQuery>[] = [
  { cursor },
  { sinceMs: startMs + 20 },
  { untilMs: startMs + 320 },
  { direction: "incoming" },
  { direction: "outgoing" },
  { status: "completed" },
];

function queries(): readonly HistoryQuery[] {
  return Array.from({ length: 2 ** optional.length }, (_, bits) =>
    Object.assign({ viewer: ann, limit }, ...optional.filter((_filter, place) => (bits >> place) & 1)),
  );
}

describe("plans of the store on MongoDB", { skip: requireService("mongodb") }, () => {
  const fixture = mongoFixture("plans");

  test("a page of history is one scan of its index, reads what it returns and sorts nothing", async (t) => {
    const { raw, database, emptyStore } = fixture();
    const store = await emptyStore(t);
    await store.calls.record(manyCalls());
    const calls = raw.db(database).collection<CallDocument>("calls");
    for (const query of queries()) {
      const explained = await explainPage(calls, query);
      const said = JSON.stringify(query);
      const used = stages(explained.queryPlanner.winningPlan);
      assert.deepEqual(used, ["LIMIT", "FETCH", "IXSCAN"], said);
      const { nReturned, totalDocsExamined, totalKeysExamined } = explained.executionStats;
      assert.ok(nReturned > 0, said);
      // After a cursor the calls of its own millisecond are read again, and passed over.
      assert.ok(totalDocsExamined <= nReturned + 3, `${totalDocsExamined} read for ${nReturned}: ${said}`);
      assert.ok(totalKeysExamined <= 8 * (limit + 4), `${totalKeysExamined} keys for ${nReturned}: ${said}`);
    }
  });

  test("sweeps, unseen calls and erasures find what they look for by an index", async (t) => {
    const { raw, database, emptyStore } = fixture();
    await emptyStore(t);
    const db = raw.db(database);
    const looked = lookFilter({ sinceMs: 1, untilMs: 9, after: { createdAtMs: 5, callId: "a" }, limit: 10 });
    const finds: readonly (readonly [string, Document, Document?])[] = [
      ["calls", { createdAtMs: { $lt: 5 } }, { createdAtMs: 1 }],
      ["calls", { unseenBy: ann }],
      ["calls", { unseenBy: ann, createdAtMs: { $lte: 5 } }],
      ["calls", { viewers: ann }],
      ["calls", { hiddenBy: ann }],
      ["calls", { unshownTo: ann }],
      ["calls", looked, historyOrder],
      ["calls", { ...looked, viewers: ann }, historyOrder],
      ["calls", { ...looked, hiddenBy: ann }, historyOrder],
      ["calls", { ...looked, unshownTo: ann }, historyOrder],
      ["call_samples", { receivedAtMs: { $lt: 5 } }, { receivedAtMs: 1 }],
      ["call_samples", { reporter: ann }],
      ["call_samples", { _id: { $gt: "a:", $lt: "a;" } }],
      ["call_stats", { reporter: ann }],
      ["call_stats", { callId: { $in: ["a", "b"] } }],
      ["contacts", { "list.user": ann }],
      ["blocks", { "list.user": ann }],
      ["users", { admin: true }],
      ["users", { suspended: true, _id: { $gt: "" } }, { _id: 1 }],
      ["users", { admin: true, _id: { $gt: "" } }, { _id: 1 }],
      ["tokens", { hash: "h", expiresAtMs: { $gt: 5 } }],
      ["tokens", { userId: ann, expiresAtMs: { $gt: 5 } }, { createdAtMs: -1, _id: -1 }],
    ];
    for (const [name, filter, order] of finds) {
      const found = db.collection(name).find(filter);
      const plan = await (order === undefined ? found : found.sort(order)).explain("queryPlanner");
      const used = stages(plan.queryPlanner.winningPlan);
      assert.ok(used.includes("IXSCAN"), `${name} ${JSON.stringify(filter)}: ${used}`);
      assert.ok(!used.includes("SORT") && !used.includes("COLLSCAN"), `${name} ${JSON.stringify(filter)}: ${used}`);
    }
  });

  test("statistics without a call are found by age, without a sort", async (t) => {
    const { raw, database, emptyStore } = fixture();
    await emptyStore(t);
    const stats = raw.db(database).collection("call_stats");
    const explained = await stats.aggregate(straysPipeline(5, 10)).explain("queryPlanner");
    const plan = JSON.stringify(explained.stages);
    assert.match(plan, /"indexName":"age"/);
    assert.doesNotMatch(plan, /"stage":"SORT"|"stage":"COLLSCAN"|"\$sort"/);
  });
});

/** Explains it as the store asks it. */
function explainPage(calls: Collection<CallDocument>, query: HistoryQuery): Promise<Document> {
  return calls
    .find(historyFilter(query), { hint: "history" })
    .sort(historyOrder)
    .limit(limit + 1)
    .explain("executionStats");
}
