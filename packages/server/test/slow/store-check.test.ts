import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Call, Store } from "@echoo/core";
import { checkStore, type JournalContent, openSqliteStore, readJournal, type StoreTables } from "@echoo/storage";
import { openMongoStore } from "@echoo/storage/mongodb";
import { journalMigrations } from "@echoo/storage/testing";
import { endedCall, missedCall, mongodbForTests, pause, requireService, startMs } from "@echoo/testkit";
import Database from "libsql";
import { type Document, MongoClient } from "mongodb";
import { temporaryFolder } from "../../../storage/test/store/temporary-folder.ts";
import { systemClock } from "../../src/composition/platform.ts";

const [ann, bob] = ["+491", "+492"];
const summary = { mosModel: "g107-1", samples: 1, coveredMs: 0 } as const;

/** What keeps every rule, of every kind that there is. */
async function fillSound({ users, tokens, calls, statistics }: Store): Promise<void> {
  for (const id of [ann, bob, "+499"]) await users.ensure(id, {}, startMs);
  const times = { createdAtMs: startMs, lastUsedAtMs: startMs, expiresAtMs: startMs + 9e12 };
  await tokens.insert({ id: "good", userId: ann, hash: "h1", ...times });
  await calls.record([endedCall("answered"), missedCall("missed"), missedCall("shadow", { callerOnly: true })]);
  await calls.record([endedCall("with the erased", { callee: "+499" })]);
  await calls.report(missedCall("told"), ann, false);
  await calls.hide(bob, "missed");
  await users.erase("+499", "deleted:1");
  await statistics.putSummary("answered", ann, summary, startMs);
  await statistics.addSamples([{ callId: "answered", reporter: ann, batch: "1", receivedAtMs: startMs, samples: [] }]);
}

/** What the ports let nobody store, and what a crash may leave. */
async function breakThroughPorts({ tokens, calls, statistics }: Store): Promise<void> {
  const times = { createdAtMs: startMs, lastUsedAtMs: startMs, expiresAtMs: startMs + 9e12 };
  await tokens.insert({ id: "nobody's", userId: "+4999", hash: "h2", ...times });
  await calls.record([missedCall("long", { durationSec: 5 }), endedCall("partless", { callee: "" })]);
  await calls.report(endedCall("told by a stranger"), "+493", true);
  await statistics.putSummary("gone", ann, summary, startMs);
  await statistics.putSummary("answered", "+493", summary, startMs);
  const samples = { batch: "1", receivedAtMs: startMs, samples: [{ t: startMs, rttMs: 20 }] };
  await statistics.addSamples([{ callId: "missed", reporter: bob, ...samples }]);
  await statistics.addSamples([{ callId: "gone", reporter: bob, ...samples }]);
}

const brokenThroughPorts = [
  "a call was reported by somebody who is no party of it: told by a stranger +493",
  "a record has a duration though nobody answered: long",
  "a record lacks a party: partless",
  "a token of a user who does not exist: +4999 nobody's",
  "samples of a call that does not exist: gone +492",
  "statistics of a call that does not exist: gone +491",
  "statistics of somebody who is no party of the call: answered +493",
  "there are samples and no summary of them: gone +492, missed +492",
];

const can = {
  acknowledges: true,
  reportsConnected: true,
  resumes: true,
  answersMerged: true,
  takesEarlyCandidates: true,
  namesCalls: true,
};

/** As the journal has a call that goes on with Bob, and one that is over. */
const talking = (id: string, caller: string): Extract<Call, { answeredAtMs: number }> => ({
  ...{ id, caller, callee: bob, isVideo: true, aliases: [], glare: false, reconnects: 0, state: "connecting" as const },
  ...{ createdAtMs: startMs, placedAtMs: 1, answeredAtMs: 1, offer: { sdp: "" }, answer: { sdp: "" } },
  ...{ callerCandidates: [], calleeCandidates: [], offered: [] },
  ...{ callerLeg: { session: "a", device: "a", can }, calleeLeg: { session: "b", device: "b", can } },
});
const finished = (id: string): Extract<Call, { state: "ended" }> => ({
  ...{ id, caller: ann, callee: bob, isVideo: true, aliases: [], state: "ended", endReason: "hangup" },
  ...{ createdAtMs: startMs, endedAtMs: 1, answered: true, callerOnly: false, devices: [] },
});

async function found(store: StoreTables, journal?: JournalContent): Promise<readonly string[]> {
  const given = journal === undefined ? {} : { journal };
  const findings = await checkStore({ store, ...given, settledBeforeMs: Number.POSITIVE_INFINITY, onTable() {} });
  assert.ok(findings.every(({ remedy }) => remedy.length > 20));
  return findings.map(({ what, keys }) => `${what}: ${keys.toSorted().join(", ")}`).sort();
}

function sqliteStore(t: TestContext) {
  const folder = temporaryFolder();
  const file = join(folder.path, "echoo.db");
  const store = openSqliteStore({ pause, file });
  t.after(async () => {
    await store.close();
    folder.remove();
  });
  return { folder: folder.path, file, store, tables: store.tables({ nowMs: startMs }) };
}

describe("echoo store check", () => {
  it("finds nothing in a sound file, and each kind of broken entry by its name", async (t) => {
    const { store, tables } = sqliteStore(t);
    await fillSound(store);
    assert.deepEqual(await found(tables), []);
    await breakThroughPorts(store);
    assert.deepEqual(await found(tables), brokenThroughPorts);
  });

  it("finds what only somebody with the file in hand can have done", async (t) => {
    const { store, file, tables } = sqliteStore(t);
    await fillSound(store);
    const raw = new Database(file);
    raw.exec(`PRAGMA foreign_keys = OFF;
      UPDATE call_views SET created_at_ms = 7 WHERE call_id = 'answered' AND viewer = '+491';
      UPDATE call_views SET seen = 0 WHERE call_id = 'answered' AND viewer = '+492';
      INSERT INTO call_views SELECT '+493', created_at_ms, call_id, call, 1, status, 1, 0, 0 FROM call_views WHERE call_id = 'missed' AND viewer = '+492';
      INSERT INTO call_views SELECT '+492', created_at_ms, call_id, call, 1, status, 1, 0, 0 FROM call_views WHERE call_id = 'shadow';
      INSERT INTO call_views SELECT '+492', created_at_ms, call_id, call, 1, status, 1, 0, 0 FROM call_views WHERE call_id = 'told';
      INSERT INTO call_views VALUES ('+491', 1, 'no call', 999, 0, 'missed', 1, 0, 0);
      DELETE FROM call_views WHERE call_id = 'missed' AND viewer = '+491';`);
    raw.close();
    assert.deepEqual(await found(tables), [
      "a blocked caller's call is in the history of whom it called: shadow +492",
      "a call counts as missed for somebody who did not miss it: answered +492",
      "a call is in the history of somebody who is no party of it: missed +493",
      "a call is in the history of the party who did not report it: told +492",
      "a history has a call at another time or in another direction than its record: answered +491",
      "a history has a call that does not exist: no call +491",
      "a party does not find a call in its history: missed +491",
    ]);
  });

  it("mends what can be mended without a doubt", async (t) => {
    const { store, tables } = sqliteStore(t);
    await fillSound(store);
    await breakThroughPorts(store);
    const mended: string[] = [];
    const repairs = {
      summarise: async (...side: string[]) => void mended.push(side.join(" ")),
      revoke: async (...token: string[]) => void mended.push(token.join(" ")),
      removeDevice: async (...device: string[]) => void mended.push(device.join(" ")),
    };
    await checkStore({ store: tables, repairs, settledBeforeMs: Number.POSITIVE_INFINITY, onTable() {} });
    assert.deepEqual(mended.sort(), ["+4999 nobody's", "gone +492", "missed +492"]);
  });

  it("takes what came lately for a call that goes on elsewhere", async (t) => {
    const { store, tables } = sqliteStore(t);
    await breakThroughPorts(store);
    const findings = await checkStore({ store: tables, settledBeforeMs: startMs, onTable() {} });
    assert.deepEqual(
      findings.filter(({ what }) => /call that does not exist|no summary/.test(what)),
      [],
    );
  });

  it("compares the journal with the store", async (t) => {
    const { store, tables, folder } = sqliteStore(t);
    await fillSound(store);
    const file = join(folder, "journal.db");
    const rows = (table: "live" | "tombstones", bodies: readonly { readonly id: string }[]) =>
      bodies.map((body) => {
        const values = `'${body.id}', 1, '${JSON.stringify(body)}'`;
        return table === "live"
          ? `INSERT INTO live (call_id, format, body) VALUES (${values});`
          : `INSERT INTO tombstones (call_id, format, body, expires_at_ms) VALUES (${values}, ${startMs});`;
      });
    const buried = ["missed", "waits", "with the erased", "lost"].map(finished);
    const waiting = ["missed", "waits", "with the erased"].map((id) => JSON.stringify(endedCall(id)));
    // Statements that were prepared would keep the file open until they are collected.
    const raw = new Database(file);
    raw.exec(
      [
        ...journalMigrations.map(({ version, sql }) => `${sql}; PRAGMA user_version = ${version};`),
        ...rows("live", [talking("answered", ann), talking("goes on", "+495")]),
        ...rows("tombstones", buried),
        ...waiting.map(
          (body, i) =>
            `INSERT INTO outbox (seq, kind, format, body) VALUES (${i}, 'record', 1, '${body.replaceAll("'", "''")}');`,
        ),
        "INSERT INTO live (call_id, format, body) VALUES ('cut off', 1, '{\"id\":');",
        "INSERT INTO outbox (seq, kind, format, body) VALUES (50, 'record', 1, CAST(x'c328' AS TEXT));",
        "INSERT INTO set_aside VALUES (1, 1, 'record', 'refused', 1, 'the store refused it', x'7b7d');",
      ].join("\n"),
    );
    raw.close();
    for (const callId of ["goes on", "waits"]) {
      await store.statistics.putSummary(callId, bob, summary, startMs);
    }
    const content = readJournal(file);
    t.after(() => content.close());
    assert.deepEqual(await found(tables, content), [
      "a call ended and has no record: lost",
      "a call has a record though the journal has it as unfinished: answered",
      "a call has two records that differ: missed, with the erased",
      "an entry of the journal was set aside: record of refused: the store refused it",
      "nothing can be made of an entry of the journal: live of cut off: it is no JSON, outbox of entry 50: a text of it is damaged",
      "somebody is in two unfinished calls at once: +492 answered goes on",
    ]);
    assert.ok(existsSync(file));
  });

  it("says of a journal of an older schema how it is brought up to date", (t) => {
    const { folder } = sqliteStore(t);
    const file = join(folder, "journal.db");
    const raw = new Database(file);
    raw.exec(`${journalMigrations[0]?.sql}; PRAGMA user_version = 1;`);
    raw.close();
    assert.throws(() => readJournal(file), /older version of Echoo.*Start the server once/);
  });

  it("finds the same in MongoDB, and what only its documents can have", {
    skip: requireService("mongodb"),
  }, async (t) => {
    const ends: (() => Promise<void>)[] = [];
    const uri = await mongodbForTests({ after: (end) => void ends.push(end) });
    const database = `echoo-check-${process.pid}`;
    const raw = new MongoClient(uri);
    const store = openMongoStore({ pause, uri, database, clock: systemClock, onAway() {}, onReady() {} });
    await store.ready;
    t.after(async () => {
      await raw.db(database).dropDatabase();
      await raw.close();
      await store.close();
      for (const end of ends) await end();
    });
    await fillSound(store);
    const tables = store.tables({ nowMs: startMs });
    assert.deepEqual(await found(tables), []);
    await breakThroughPorts(store);
    assert.deepEqual(await found(tables), brokenThroughPorts);
    const calls = raw.db(database).collection<Document & { _id: string }>("calls");
    await calls.deleteMany({ _id: { $in: ["long", "partless", "told by a stranger"] } });
    await calls.updateOne({ _id: "answered" }, { $set: { unseenBy: bob, hiddenBy: [ann] } });
    await calls.updateOne({ _id: "missed" }, { $set: { viewers: ["+493"] } });
    await calls.insertOne({ _id: "by hand" });
    await raw.db(database).collection("tokens").dropIndex("hash");
    const said = await found(tables);
    for (const finding of [
      "a call counts as missed for somebody who did not miss it: answered +492",
      "a call is in the history of somebody who is no party of it: missed +493",
      "a call is shown to a party and hidden from it at once: answered",
      "a party does not find a call in its history: missed +491",
      "a record lacks a party: by hand",
      "an index is missing: tokens.hash",
    ]) {
      assert.ok(said.includes(finding), `${finding} is not among\n${said.join("\n")}`);
    }
  });
});
