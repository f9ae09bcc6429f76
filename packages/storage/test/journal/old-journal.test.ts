import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@echoo/testkit";
import Database from "libsql";
import { initial } from "../../src/journal/migrations/0001-initial.ts";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

test("a journal from before the steady clock has the wall clock's times for both, and expires by them", async () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "journal.db");
  const clock = new FakeClock();
  const aliveAtMs = clock.now();
  const old = new Database(file);
  old.exec(initial.sql);
  old.pragma("user_version = 1");
  old.prepare("INSERT INTO beat (id, alive_at_ms) VALUES (1, ?)").run(aliveAtMs);
  for (const minutes of [1, 9]) {
    const values = [`${minutes} minutes`, aliveAtMs + minutes * 60_000, "{}"];
    old.prepare("INSERT INTO tombstones (call_id, expires_at_ms, body) VALUES (?, ?, ?)").run(...values);
  }
  old.close();
  clock.advance(5 * 60_000);
  const journal = openSqliteJournal({ file, clock });
  try {
    const { beat, ended } = journal.load();
    assert.deepEqual(beat, { atMs: aliveAtMs, steadyMs: aliveAtMs });
    assert.deepEqual(
      [...ended].map(({ callId }) => callId),
      ["9 minutes"],
    );
    const now = { atMs: clock.now(), steadyMs: aliveAtMs + 5 * 60_000 };
    journal.beat(now);
    assert.deepEqual(journal.lastBeat, now);
  } finally {
    await journal.close();
    folder.remove();
  }
});
