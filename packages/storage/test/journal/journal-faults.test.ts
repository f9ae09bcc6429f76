import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { JournalUnavailable } from "@echoo/core";
import { endedCall, FakeClock } from "@echoo/testkit";
import Database from "libsql";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const nothing = { live: [], ended: [], samples: [], reported: [] };

function ended(callId: string) {
  return [{ tombstone: { callId, body: "{}", expiresAtMs: 1e15 }, record: endedCall(callId) }];
}

test("a journal on a full disk refuses by its own error and stays whole", {
  skip: process.platform === "win32",
}, async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const program = fileURLToPath(new URL("fill-disk.ts", import.meta.url));
  // No file may grow past 2 MiB. The signal that tells of it is ignored, so that a write fails as on a full disk.
  const script = `trap '' XFSZ; ulimit -f 4096; exec "$0" --conditions=source --import tsx "$@"`;
  try {
    const run = await promisify(execFile)("sh", ["-c", script, process.execPath, program, file]);
    const told = JSON.parse(run.stdout) as Record<"committed" | "refused" | "readable" | "pending", number>;
    assert.equal(told.refused, 3);
    assert.ok(told.committed > 10);
    assert.equal(told.readable, told.committed);
    assert.equal(told.pending, told.committed);
    const journal = openSqliteJournal({ file, clock: new FakeClock() });
    assert.equal(journal.peek(100_000)?.records.length, told.committed);
    journal.commit({ ...nothing, ended: ended("after") });
    assert.equal(journal.pending().records, told.committed + 1);
    await journal.close();
    const raw = new Database(file);
    assert.deepEqual(raw.pragma("integrity_check"), [{ integrity_check: "ok" }]);
    raw.close();
  } finally {
    folder.remove();
  }
});

test("what could not be written is kept, and goes with the next commit, in the order it came", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const clock = new FakeClock();
  const journal = openSqliteJournal({ file, clock });
  const other = new Database(file);
  try {
    journal.commit({
      ...nothing,
      live: [
        { callId: "a", body: "1" },
        { callId: "c", body: "{}" },
      ],
    });
    other.exec("BEGIN IMMEDIATE");
    const batch = { ...nothing, live: [{ callId: "b", body: "1" }], ended: ended("a") };
    assert.throws(() => journal.commit(batch), JournalUnavailable);
    assert.ok(journal.fault);
    assert.equal(journal.pending().records, 0);
    const change = (callId: string, number: number) => ({ callId, number, change: `{"set":{"is":${number}}}` });
    for (const number of [1, 2]) {
      const live = [change("c", number), number === 1 ? { callId: "d", body: "{}" } : change("d", 1)];
      assert.throws(() => journal.commit({ ...nothing, live }), JournalUnavailable);
    }
    other.exec("ROLLBACK");
    journal.commit({ ...nothing, live: [{ callId: "b", body: "2" }, change("c", 3)] });
    assert.equal(journal.fault, undefined);
    assert.deepEqual(
      [...journal.load().live].map(({ callId, body }) => ({ callId, body })),
      [
        { callId: "c", body: '{"is":3}' },
        { callId: "b", body: "2" },
        { callId: "d", body: '{"is":1}' },
      ],
    );
    assert.deepEqual(journal.peek(9)?.records, [endedCall("a")]);
  } finally {
    other.close();
    await journal.close();
    folder.remove();
  }
});

test("a journal tries again by itself what it could not write, and wakes the writer", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const journal = openSqliteJournal({ file, clock, onFault: (error) => faults.push(error) });
  const other = new Database(file);
  try {
    let heard = 0;
    journal.onQueued(() => heard++);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => journal.commit({ ...nothing, ended: ended("a") }), JournalUnavailable);
    clock.advance(1000);
    assert.equal(faults.length, 1);
    assert.equal(heard, 0);
    other.exec("ROLLBACK");
    clock.advance(1000);
    assert.equal(heard, 1);
    assert.equal(journal.fault, undefined);
    assert.equal(journal.pending().records, 1);
  } finally {
    other.close();
    await journal.close();
    folder.remove();
  }
});

test("what waits in memory for a broken disk is bounded, and what does not fit is counted", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const bounds = { unwrittenEnded: 2, unwrittenSamples: 1, unwrittenReports: 1 };
  const journal = openSqliteJournal({ file, clock: new FakeClock(), bounds });
  const other = new Database(file);
  try {
    other.exec("BEGIN IMMEDIATE");
    const samples = ["n1", "n2"].map((batch) => ({
      callId: "a",
      reporter: "+491",
      batch,
      receivedAtMs: 1,
      samples: [],
    }));
    const reported = ['"r1"', '"r2"'].map((body) => ({ callId: "a", reporter: "+491", receivedAtMs: 1, body }));
    const batch = { ...nothing, samples, reported, ended: ["a", "b", "c"].flatMap(ended) };
    assert.throws(() => journal.commit(batch), JournalUnavailable);
    other.exec("ROLLBACK");
    journal.commit(nothing);
    assert.deepEqual(journal.pending(), { records: 2, samples: 2, droppedRecords: 1, droppedSamples: 2, setAside: 0 });
    // Of samples the oldest went, of what clients report the newest.
    const group = journal.peek(9);
    assert.deepEqual([group?.samples[0]?.batch, group?.reported[0]?.body], ["n2", '"r1"']);
  } finally {
    other.close();
    await journal.close();
    folder.remove();
  }
});
