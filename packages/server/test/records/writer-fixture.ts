import { join } from "node:path";
import type { Outbox, Store } from "@echoo/core";
import { FakeClock } from "@echoo/testkit";
import { openSqliteJournal } from "../../src/adapters/journal-sqlite/open-sqlite-journal.ts";
import { openSqliteStore } from "../../src/adapters/store-sqlite/open-sqlite-store.ts";
import { pause } from "../../src/platform.ts";
import { RecordWriter, type RecordWriterOptions } from "../../src/records/record-writer.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** A real store and journal, a clock that stands, and what the writer told. */
export interface WriterFixture {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly journal: ReturnType<typeof openSqliteJournal>;
  readonly refused: string[];
  readonly degraded: unknown[];
  /** How often a summary was computed. */
  summaries(): number;
  writer(changes?: Partial<RecordWriterOptions>): RecordWriter;
}

export async function withWriter(run: (fixture: WriterFixture) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const opened = openSqliteStore({ file: join(folder.path, "echoo.db") });
  const journal = openSqliteJournal({ file: join(folder.path, "journal.db"), clock });
  const refused: string[] = [];
  const degraded: unknown[] = [];
  const writers: RecordWriter[] = [];
  let summaries = 0;
  const store = withStatistics(opened, {
    async putSummary(...summary) {
      summaries += 1;
      await opened.statistics.putSummary(...summary);
    },
  });
  const writer = (changes: Partial<RecordWriterOptions> = {}) => {
    const made = new RecordWriter({
      store,
      outbox: journal,
      clock,
      random: () => 0.5,
      pause,
      onRefused: (_error, what, callId) => refused.push(`${what} of ${callId}`),
      onDegraded: (error) => degraded.push(error),
      ...changes,
    });
    writers.push(made);
    return made;
  };
  try {
    await run({ clock, store, journal, refused, degraded, summaries: () => summaries, writer });
  } finally {
    for (const made of writers) await made.stop();
    await journal.close();
    await opened.close();
    folder.remove();
  }
}

/** The store with some methods of its calls in place of its own. */
export function withCalls(store: Store, calls: Partial<Store["calls"]>): Store {
  return { ...store, calls: { ...store.calls, ...calls } };
}

/** The same of its statistics. */
export function withStatistics(store: Store, statistics: Partial<Store["statistics"]>): Store {
  return { ...store, statistics: { ...store.statistics, ...statistics } };
}

/** The outbox with another `drop`. */
export function withDrop(outbox: Outbox, drop: (throughSeq: number) => void): Outbox {
  return {
    peek: (maxEntries) => outbox.peek(maxEntries),
    drop,
    pending: () => outbox.pending(),
    replaceUser: (userId, replacement) => outbox.replaceUser(userId, replacement),
    onQueued: (run) => outbox.onQueued(run),
  };
}

/** Something to wait for, and the one who lets it happen. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
