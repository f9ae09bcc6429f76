import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Instant } from "@echoo/core";
import Database from "libsql";
import { createPrivately } from "../sqlite/create-privately.ts";
import { DataFolderError } from "../sqlite/data-folder-error.ts";
import { openingError } from "../sqlite/opening-error.ts";
import { isBusy } from "../sqlite/sqlite-fault.ts";
import { describeHolder, type LockHolder, readHolder, removeHolder, writeHolder } from "./lock-holder.ts";

/** Another process has the folder; nothing in it was read or changed. */
export class DataFolderInUse extends DataFolderError {
  /** Undefined where it does not say. */
  readonly holder: LockHolder | undefined;

  constructor(folder: string, holder: LockHolder | undefined) {
    super(
      `The data folder ${folder} is in use by another process: ${describeHolder(holder)}. ` +
        "Two at once would lose calls: stop that one first, or give this one a folder of its own.",
    );
    this.holder = holder;
    this.name = "DataFolderInUse";
  }
}

/**
 * A data folder for one process alone. The lock is the system's own, on a file that stays empty: SQLite takes it for a
 * transaction that writes nothing and lasts as long as the process. So it ends with the process, however that dies, and
 * neither a file that was left behind nor a pid that was given out again can be taken for it.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #database: Database.Database;
  readonly #holder: LockHolder;

  private constructor(folder: string, database: Database.Database, holder: LockHolder) {
    this.#folder = folder;
    this.#database = database;
    this.#holder = holder;
  }

  /**
   * Takes it, or throws `DataFolderInUse` at once. The folder is made if it is missing. The file of the lock is never
   * removed: who had opened it and who makes it anew would both hold it.
   */
  static take(dataDir: string, what: string, now: Instant, port?: number): FolderLock {
    const folder = resolve(dataDir);
    const path = join(folder, "lock.db");
    let database: Database.Database | undefined;
    try {
      createPrivately(path);
      database = new Database(path);
      database.exec("BEGIN IMMEDIATE");
    } catch (error) {
      database?.close();
      throw isBusy(error) ? new DataFolderInUse(folder, readHolder(folder)) : openingError(path, error);
    }
    const startedAt = new Date(now).toISOString();
    const holder = { what, pid: process.pid, host: hostname(), ...(port ? { port } : {}), startedAt };
    writeHolder(folder, holder);
    return new FolderLock(folder, database, holder);
  }

  /** Says on which port the holder listens, and at which address others open it, once that is known. */
  listensOn(port: number, address?: string): void {
    writeHolder(this.#folder, { ...this.#holder, port, ...(address === undefined ? {} : { address }) });
  }

  release(): void {
    removeHolder(this.#folder);
    this.#database.close();
  }
}
