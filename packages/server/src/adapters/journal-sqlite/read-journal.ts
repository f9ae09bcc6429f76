import { JournalUnavailable } from "@echoo/core";
import { SqliteFile } from "../../sqlite/sqlite-file.ts";
import type { JournalContent } from "../../tables/check/journal-content.ts";
import { journalMigrations } from "./migrations/journal-migrations.ts";

/** How many bodies are read at once; the longest has some hundred kilobytes. */
const perStep = 100;

/** Reads the journal of a server that does not run, and changes nothing in it. Throws while a server has it. */
export function readJournal(path: string): JournalContent & { close(): void } {
  const file = new SqliteFile({
    path,
    migrations: journalMigrations,
    checkpointPages: 8192,
    cacheKiB: 16_384,
    busyTimeoutMs: 50,
    unavailable: (cause) => new JournalUnavailable(cause),
    exclusive: true,
    asItIs: true,
    olderRemedy: "Start the server once, which brings its journal up to date, and stop it.",
  });
  const bodies = (table: "live" | "tombstones") =>
    file.prepare<{ call_id: string; body: string }>(
      `SELECT call_id, body FROM ${table} WHERE call_id > ? ORDER BY call_id LIMIT ${perStep}`,
    );
  const read = { live: bodies("live"), tombstones: bodies("tombstones") };
  const records = file.prepare<{ seq: number; body: string }>(
    `SELECT seq, body FROM outbox WHERE seq > ? AND kind = 'record' ORDER BY seq LIMIT ${perStep}`,
  );

  function* all<T>(table: "live" | "tombstones"): Iterable<T> {
    for (let after = ""; ; ) {
      const rows = read[table].all(after);
      for (const { body } of rows) yield JSON.parse(body) as T;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.call_id;
    }
  }

  function* waiting<T>(): Iterable<T> {
    for (let after = -1; ; ) {
      const rows = records.all(after);
      for (const { body } of rows) yield JSON.parse(body) as T;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }

  return {
    unfinished: () => all("live"),
    ended: () => all("tombstones"),
    waitingRecords: waiting,
    close: () => file.close(),
  };
}
