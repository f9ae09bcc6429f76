import { existsSync } from "node:fs";
import type { Clock } from "@echoo/core";
import Database from "libsql";
import { createPrivately } from "./create-privately.ts";
import { DataFolderError } from "./data-folder-error.ts";
import { structureCheck } from "./find-damage.ts";
import { LogCopier } from "./log-copier.ts";
import { type Migration, migrate, requireNewest } from "./migrate.ts";
import { openingError } from "./opening-error.ts";
import { type Prepared, Query, type QueryGuard } from "./query.ts";
import { soundSelect } from "./sound-select.ts";
import { isCorrupt, isSqliteFault } from "./sqlite-fault.ts";

export interface SqliteFileOptions {
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** How large the write-ahead log may grow before it is copied into the file, in pages of 4 KiB. */
  readonly checkpointPages: number;
  /** The clock of a server, whose clients wait for its writes: the log is copied in quiet moments before it is so large. */
  readonly quietBy?: Pick<Clock, "after" | "steady"> | undefined;
  /** Memory for pages, in KiB. */
  readonly cacheKiB: number;
  /** How long a statement waits for another process that holds the file. The event loop waits with it. */
  readonly busyTimeoutMs: number;
  /** The error of the port, for a file or disk that fails. */
  readonly unavailable: (cause: unknown) => Error;
  /** Opens it for this process alone: throws when another one has it open, and keeps others out until it is closed. */
  readonly exclusive?: boolean;
  /** Throws unless the file is there already, with the newest schema: nothing is made or migrated. */
  readonly asItIs?: boolean;
  /** What to do about a file of an older schema then, where it is not `echoo store migrate`. */
  readonly olderRemedy?: string;
  /** Told each time that the file turns out to be damaged, while it is open. */
  readonly onDamage?: ((error: unknown) => void) | undefined;
}

/** It carries SQLite's own code for a damaged file. */
class DamagedStructure extends Error {
  readonly rawCode = 11;
}

/** The files that this process has opened so far: a server's two, and those that a command names. */
const openedHere = new Set<string>();

export function wasOpenedHere(path: string): boolean {
  return openedHere.has(path);
}

/**
 * One connection to one SQLite file: write-ahead log, `synchronous=NORMAL`, foreign keys.
 * One connection alone, for the bundled SQLite 3.45 has the WAL-reset fault that two of them can meet.
 */
export class SqliteFile {
  readonly path: string;
  /** The schema that the file had before it was opened; 0 for a new one. */
  readonly foundVersion: number;
  readonly #database: Database.Database;
  readonly #unavailable: (cause: unknown) => Error;
  readonly #onDamage: (error: unknown) => void;
  readonly #copier: LogCopier | undefined;
  readonly #guard: QueryGuard = {
    assertOpen: () => this.#assertOpen(),
    translate: (error) => this.#translate(error),
    inTransaction: (run) => {
      this.#copier?.wrote();
      return this.#inTransaction ? run() : this.transaction(run);
    },
    alone: (run) => {
      if (this.#inTransaction) throw new Error("a transaction is under way already");
      this.#copier?.wrote();
      return run();
    },
  };
  #open = true;
  #inTransaction = false;

  constructor(options: SqliteFileOptions) {
    this.path = options.path;
    this.#unavailable = options.unavailable;
    this.#onDamage = options.onDamage ?? (() => {});
    this.#copier = options.quietBy && new LogCopier(options.quietBy, () => this.#copyLog());
    let opened: Database.Database | undefined;
    try {
      if (options.asItIs) requireFile(options.path);
      else createPrivately(options.path);
      opened = new Database(options.path);
      openedHere.add(options.path);
      this.#database = opened;
      this.#database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
      // Before the first look at the log: from then on this fails while any other connection exists.
      if (options.exclusive) this.#database.pragma("locking_mode = EXCLUSIVE");
      this.#database.pragma("journal_mode = WAL");
      // What is deleted is overwritten: else an erased number, or the description of an ended call, stays in the file.
      this.#database.exec(
        `PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -${options.cacheKiB};
         PRAGMA wal_autocheckpoint = ${options.checkpointPages}; PRAGMA journal_size_limit = ${options.checkpointPages * 8192}`,
      );
      this.foundVersion = this.userVersion();
      if (options.asItIs) requireNewest(this, options.migrations, options.olderRemedy);
      migrate(this, options.migrations);
      // A new file is no longer empty, whatever its log comes to: an empty one beside others is taken for a loss.
      if (this.foundVersion === 0) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (error) {
      opened?.close();
      throw openingError(options.path, error);
    }
  }

  userVersion(): number {
    return (this.#database.prepare("PRAGMA user_version").get([]) as { user_version: number }).user_version;
  }

  hasTables(): boolean {
    return this.#database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get([]) !== undefined;
  }

  /** Throws, as for a file that is damaged, where SQLite finds its structure to be so. Reads the file once. */
  requireSound(): void {
    const line = this.prepare<{ line: string }>(structureCheck).get()?.line;
    if (line !== "ok") throw new DamagedStructure(line ?? "nothing was found out");
  }

  /** Does what belongs to opening the file. A fault in it is worded as one of opening, and closes the file. */
  opening<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      this.close();
      const cause = error instanceof Error && isSqliteFault(error.cause) ? error.cause : error;
      throw isSqliteFault(cause) ? openingError(this.path, cause) : error;
    }
  }

  exec(sql: string): void {
    this.#assertOpen();
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw this.#translate(error);
    }
  }

  prepare<Row>(sql: string): Query<Row> {
    this.#assertOpen();
    return new Query<Row>(() => prepareSoundly(this.#database, sql), this.#guard);
  }

  /** All or nothing. The lock is taken at once, so that no statement inside can find the file busy. */
  transaction<T>(run: () => T): T {
    if (this.#inTransaction) throw new Error("a transaction is under way already");
    this.exec("BEGIN IMMEDIATE");
    this.#inTransaction = true;
    try {
      const result = run();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** The binding frees its statements only when they are collected, so the log is emptied here rather than by it. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#copier?.stop();
    try {
      this.#database.pragma("wal_checkpoint(TRUNCATE)");
    } catch (error) {
      // What is in the log is safe there: the next start reads it.
      if (!isSqliteFault(error)) throw error;
    } finally {
      this.#database.close();
    }
  }

  /** A fault leaves in the log what is safe there, and shows again when the file is used. */
  #copyLog(): void {
    try {
      this.#database.pragma("wal_checkpoint(PASSIVE)");
    } catch (error) {
      if (!isSqliteFault(error)) throw error;
    }
  }

  #assertOpen(): void {
    // The binding would abort the process on some uses of a closed database, and carry out others.
    if (!this.#open) throw this.#unavailable(new Error(`${this.path} is closed`));
  }

  #translate(error: unknown): unknown {
    if (isCorrupt(error)) this.#onDamage(error);
    return isSqliteFault(error) ? this.#unavailable(error) : error;
  }
}

function prepareSoundly(database: Database.Database, sql: string): Prepared {
  const statement = database.prepare(sql);
  const sound = statement.reader ? soundSelect(sql, statement.columns()) : undefined;
  if (sound === undefined) return { statement, toRow: (given) => given };
  return { statement: database.prepare(sound.sql), toRow: sound.toRow };
}

function requireFile(path: string): void {
  if (!existsSync(path)) throw new DataFolderError(`${path} does not exist.`);
}
