import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { JournalBatch, SampleBatch } from "@echoo/core";
import { endedCall, FakeClock, startMs } from "@echoo/testkit";
import Database from "libsql";
import type { JournalBounds } from "../../src/journal/journal-bounds.ts";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import type { SetAside } from "../../src/journal/set-aside-table.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** No UTF-8, which one damaged byte makes of a text. */
const damaged = "CAST(x'7b22c3287d' AS TEXT)";

const journalBatch = (parts: Partial<JournalBatch>) => ({ live: [], ended: [], samples: [], reported: [], ...parts });
const endedEntry = (callId: string) => ({
  tombstone: { callId, body: "{}", expiresAtMs: startMs + 86_400_000 },
  record: endedCall(callId),
});
const batch: SampleBatch = { callId: "d", reporter: "+491", batch: "n1", receivedAtMs: startMs, samples: [] };

/** A journal that can be closed, damaged by SQL and opened again. */
function journalToDamage(t: TestContext, bounds: Partial<JournalBounds> = {}) {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const told: SetAside[] = [];
  const open = () =>
    openSqliteJournal({ file, clock: new FakeClock(), bounds, onSetAside: (entry) => told.push(entry) });
  let journal = open();
  t.after(async () => {
    await journal.close();
    folder.remove();
  });
  return {
    told,
    journal: () => journal,
    async damage(sql: string) {
      await journal.close();
      const raw = new Database(file);
      raw.exec(sql);
      raw.close();
      journal = open();
    },
    rows(sql: string): Record<string, unknown>[] {
      const raw = new Database(file);
      try {
        return raw.prepare(sql).all([]) as Record<string, unknown>[];
      } finally {
        raw.close();
      }
    },
  };
}

test("rows whose texts are none are set aside, each by itself, and the others come", async (t) => {
  const { told, journal, damage } = journalToDamage(t);
  const live = ["a", "b", "c"].map((callId) => ({ callId, body: "{}" }));
  const ended = ["d", "e", "f"].map((callId) => endedEntry(callId));
  const beat = { atMs: startMs, steadyMs: startMs };
  journal().commit(journalBatch({ live, ended, beat, samples: [batch] }));
  await damage(`
    UPDATE live SET body = ${damaged} WHERE call_id = 'a';
    UPDATE live SET call_id = ${damaged} WHERE call_id = 'b';
    UPDATE tombstones SET body = ${damaged} WHERE call_id = 'd';
    UPDATE tombstones SET expires_at_ms = 'soon' WHERE call_id = 'e';
    UPDATE outbox SET kind = ${damaged} WHERE seq = 1;
    UPDATE outbox SET kind = 'recorx' WHERE seq = 2;
    UPDATE outbox SET body = '{"callId":"f"}' WHERE seq = 3;
    UPDATE beat SET alive_at_ms = 'lately';
  `);
  const loaded = journal().load();
  assert.equal(loaded.beat, undefined);
  assert.deepEqual(
    [...loaded.live].map(({ callId }) => callId),
    ["c"],
  );
  assert.deepEqual(
    [...loaded.ended].map(({ callId }) => callId),
    ["f"],
  );
  const group = journal().peek(100);
  assert.deepEqual([group?.records, group?.samples], [[], [batch]]);
  assert.deepEqual(
    told.map(({ kind, callId = "?", why }) => `${kind} ${callId}: ${why}`),
    [
      "live ?: a text of it is damaged",
      "live ?: a text of it is damaged",
      "ended ?: a text of it is damaged",
      "ended ?: a text of it is damaged",
      "unknown ?: a text of it is damaged",
      "unknown e: it is of an unknown kind",
      "record f: caller is missing",
    ],
  );
  const { records, samples, setAside } = journal().pending();
  assert.deepEqual({ records, samples, setAside }, { records: 0, samples: 1, setAside: 7 });
  await damage("");
  assert.equal(journal().pending().setAside, 7);
  assert.equal([...journal().load().live].length, 1);
  assert.equal(told.length, 7);
});

test("a body of a format that is not known is set aside as it is", async (t) => {
  const { told, journal, damage, rows } = journalToDamage(t);
  journal().commit(journalBatch({ live: [{ callId: "a", body: '{"from":"later"}' }], ended: [endedEntry("b")] }));
  await damage("UPDATE live SET format = 9; UPDATE outbox SET format = 9");
  assert.deepEqual([...journal().load().live], []);
  assert.equal(journal().peek(9), undefined);
  assert.deepEqual(
    told.map(({ kind, callId, why }) => `${kind} ${callId}: ${why}`),
    ["live a", "record b"].map((entry) => `${entry}: it is of a format that this program does not know`),
  );
  const kept = rows("SELECT format, CAST(body AS TEXT) AS body FROM set_aside ORDER BY id");
  assert.deepEqual({ ...kept[0] }, { format: 9, body: '{"from":"later"}' });
});

test("a call of whose changes one is missing or damaged is set aside with all of them, and the others come", async (t) => {
  const { told, journal, damage, rows } = journalToDamage(t);
  const change = (callId: string, number: number) => ({ callId, number, change: `{"set":{"is":${number}}}` });
  const calls = ["a", "b", "c", "d"];
  const live = calls.flatMap((callId) => [{ callId, body: "{}" }, change(callId, 1), change(callId, 2)]);
  journal().commit(journalBatch({ live }));
  await damage(`
    DELETE FROM live_changes WHERE call_id = 'a' AND number = 1;
    UPDATE live_changes SET change = ${damaged} WHERE call_id = 'b' AND number = 2;
    UPDATE live_changes SET change = '[]' WHERE call_id = 'c' AND number = 2;
  `);
  assert.deepEqual(
    [...journal().load().live].map(({ callId, body }) => ({ callId, body })),
    [{ callId: "d", body: '{"is":2}' }],
  );
  assert.deepEqual(
    told.map(({ kind, callId, why }) => `${kind} ${callId}: ${why}`),
    ["live a: a change of it is missing", "live b: a text of it is damaged", "live c: it is no object"],
  );
  const [kept] = rows("SELECT CAST(body AS TEXT) AS body FROM set_aside ORDER BY id LIMIT 1");
  assert.equal(kept?.body, '{}\n{"set":{"is":2}}');
  assert.deepEqual(
    rows("SELECT DISTINCT call_id FROM live_changes").map(({ call_id }) => call_id),
    ["d"],
  );
  await damage("DELETE FROM live");
  assert.deepEqual([...journal().load().live], []);
  assert.deepEqual(rows("SELECT * FROM live_changes"), []);
});

test("of more that is set aside than the bounds, in entries and in bytes, the oldest goes", async (t) => {
  for (const bounds of [{ setAsideEntries: 3 }, { setAsideBytes: 3 * JSON.stringify(endedCall("call 1")).length }]) {
    const { journal, rows } = journalToDamage(t, bounds);
    for (let i = 1; i <= 5; i++) {
      journal().commit(journalBatch({ ended: [endedEntry(`call ${i}`)] }));
      journal().setEntryAside(i, "x".repeat(5000));
      assert.equal(journal().pending().setAside, Math.min(i, 3));
    }
    const kept = rows("SELECT call_id, length(why) AS chars FROM set_aside ORDER BY id");
    assert.deepEqual(
      kept.map(({ call_id, chars }) => [call_id, chars]),
      ["call 3", "call 4", "call 5"].map((callId) => [callId, 500]),
    );
  }
  const { journal } = journalToDamage(t, { setAsideBytes: 10 });
  journal().commit(journalBatch({ ended: [endedEntry("larger than all")] }));
  journal().setEntryAside(1, "no use");
  assert.equal(journal().pending().setAside, 1);
});

test("an erased account leaves nothing in what was set aside, nor in rows that cannot be read", async (t) => {
  const { journal, damage, rows } = journalToDamage(t);
  journal().commit(
    journalBatch({
      ended: [endedEntry("a"), endedEntry("b")],
      samples: [batch],
      live: [{ callId: "c", body: '{"caller":"+491"' }],
    }),
  );
  for (const seq of [1, 3]) journal().setEntryAside(seq, "no use");
  await damage(`INSERT INTO set_aside (at_ms, kind, format, why, body) VALUES
    (1, 'live', 1, '', x'2b343931c328'), (1, 'live', 1, '', CAST('"+499"' AS BLOB))`);
  journal().replaceUser("+491", "deleted:1");
  const bodies = rows("SELECT CAST(body AS BLOB) AS body FROM set_aside UNION ALL SELECT CAST(body AS BLOB) FROM live");
  const left = bodies.map(({ body }) => Buffer.from(body as ArrayBuffer).toString());
  assert.deepEqual(left, [JSON.stringify(endedCall("a", { caller: "deleted:1" })), '"+499"']);
  assert.deepEqual(journal().peek(9)?.records, [endedCall("b", { caller: "deleted:1" })]);
  assert.equal(journal().pending().setAside, 2);
});
