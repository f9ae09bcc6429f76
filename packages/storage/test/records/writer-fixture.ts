import { join } from "node:path";
import type { Outbox, Store } from "@echoo/core";
import { FakeClock, pause } from "@echoo/testkit";
import { openSqliteJournal } from "../../src/journal/open-sqlite-journal.ts";
import type { SetAside } from "../../src/journal/set-aside-table.ts";
import { RecordWriter, type RecordWriterOptions } from "../../src/records/record-writer.ts";
import { openSqliteStore } from "../../src/store-sqlite/open-sqlite-store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** A real store and journal, a clock that stands, and what the writer told. */
export interface WriterFixture {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly journal: ReturnType<typeof openSqliteJournal>;
  readonly refused: string[];
  readonly degraded: unknown[];
  /** The journal as another process opens it, while the one before goes no further. */
  reopen(): ReturnType<typeof openSqliteJournal>;
  /** How often a summary was computed. */
  summaries(): number;
  writer(changes?: Partial<RecordWriterOptions>): RecordWriter;
}

export async function withWriter(run: (fixture: WriterFixture) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  const clock = new FakeClock();
  const openedStore = openSqliteStore({ pause, file: join(folder.path, "echoo.db") });
  const refused: string[] = [];
  const opened: ReturnType<typeof openSqliteJournal>[] = [];
  const reopen = () => {
    const onSetAside = ({ kind, callId }: SetAside) => refused.push(`${kind} of ${callId}`);
    const journal = openSqliteJournal({ file: join(folder.path, "journal.db"), clock, onSetAside });
    opened.push(journal);
    return journal;
  };
  const journal = reopen();
  const degraded: unknown[] = [];
  const writers: RecordWriter[] = [];
  let summaries = 0;
  const store = withStatistics(openedStore, {
    async putSummary(...summary) {
      summaries += 1;
      await openedStore.statistics.putSummary(...summary);
    },
  });
  const writer = (changes: Partial<RecordWriterOptions> = {}) => {
    const made = new RecordWriter({
      store,
      outbox: journal,
      clock,
      random: () => 0.5,
      pause,
      onNoSummary: (_error, callId) => refused.push(`summary of ${callId}`),
      onDegraded: (error) => degraded.push(error),
      ...changes,
    });
    writers.push(made);
    return made;
  };
  try {
    await run({ clock, store, journal, refused, degraded, reopen, summaries: () => summaries, writer });
  } finally {
    for (const made of writers) await made.stop();
    for (const one of opened) await one.close();
    await openedStore.close();
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
    begin: (maxEntries) => outbox.begin(maxEntries),
    giveBack: () => outbox.giveBack(),
    isSuspect: outbox.isSuspect,
    setEntryAside: (seq, error) => outbox.setEntryAside(seq, error),
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
