import { type Clock, JournalUnavailable } from "@echoo/core";
import { logPagesMax } from "../sqlite/log-copier.ts";
import { SqliteFile } from "../sqlite/sqlite-file.ts";
import { type JournalBounds, journalBounds } from "./journal-bounds.ts";
import { journalMigrations } from "./migrations/journal-migrations.ts";
import type { OpenJournal } from "./open-journal.ts";
import type { SetAside } from "./set-aside-table.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

export interface SqliteJournalOptions {
  /** The journal's own file, beside the store's; its folder is made if it is missing. */
  readonly file: string;
  readonly clock: Clock;
  /** Told when the disk fails in the background: a sync, or another try at what could not be written. */
  readonly onFault?: (error: unknown) => void;
  /** Told of each entry that cannot be read, or that the store refuses: it is kept for the operator to look at. */
  readonly onSetAside?: (entry: SetAside) => void;
  /** Throws where the structure of the file is damaged, rather than when the damaged part is needed. */
  readonly requireSound?: boolean;
  /** Smaller bounds, for tests of what happens one past them. */
  readonly bounds?: Partial<JournalBounds>;
  /** For this process alone: throws while a server runs. */
  readonly exclusive?: boolean;
}

/** Opens the node's journal. Throws `DataFolderError` when the folder or the file cannot be used. */
export function openSqliteJournal(options: SqliteJournalOptions): OpenJournal {
  const file = new SqliteFile({
    path: options.file,
    migrations: journalMigrations,
    // Calls overwrite the same few pages, so a long log costs no more to copy back than a short one.
    checkpointPages: logPagesMax,
    quietBy: options.clock,
    cacheKiB: 16_384,
    // No other process opens this file, and every message waits for it.
    busyTimeoutMs: 50,
    unavailable: (cause) => new JournalUnavailable(cause),
    exclusive: options.exclusive ?? false,
  });
  const { clock, onFault = () => {}, onSetAside = () => {} } = options;
  const bounds = { ...journalBounds, ...options.bounds };
  return file.opening(() => {
    if (options.requireSound) file.requireSound();
    const journal = new SqliteJournal(file, bounds, clock, { onFault, onSetAside });
    journal.takeDeath();
    return journal;
  });
}
