import { type Clock, StoreUnavailable } from "@echoo/core";
import { type Collection, type Db, type Document, MongoClient } from "mongodb";
import { clientOptions, databaseOptions, operationMs, patientOperationMs } from "./client-options.ts";
import { translateFault } from "./mongo-fault.ts";

export interface MongoLinkOptions {
  readonly uri: string;
  readonly database: string;
  readonly clock: Clock;
  /** Looks at a database that answers, before anything else is asked of it; what it throws is thrown to the asker. */
  readonly admit: (db: Db) => Promise<void>;
  /** Waits longer, for a command. */
  readonly patient: boolean;
}

/** A connection string or database name that the driver does not take. */
export class MongoSettingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MongoSettingError";
  }
}

/** The connections to one database, and the time limit of everything that is asked of it. */
export class MongoLink {
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #admit: (db: Db) => Promise<void>;
  readonly #limitMs: number;
  #isAdmitted = false;
  #entering: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Connects to nothing yet. Throws `MongoSettingError`, in which no part of the connection string appears. */
  constructor({ uri, database, clock, admit, patient }: MongoLinkOptions) {
    this.#clock = clock;
    this.#limitMs = patient ? patientOperationMs : operationMs;
    this.#admit = admit;
    this.#client = createClient(uri, this.#limitMs);
    this.#db = openDatabase(this.#client, database, this.#limitMs);
  }

  collection<T extends Document>(name: string): Collection<T> {
    return this.#db.collection<T>(name);
  }

  /**
   * Runs a request of the database and waits for it no longer than its limit: the driver's own limits are for each of
   * its steps, and do not bound their sum. Throws `StoreUnavailable` for faults of the database, others as they are.
   * What was given up may still come to pass; the next try of the same must take that well.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#within(this.#limitMs, this.unlimited(work));
    } catch (error) {
      throw translateFault(error);
    }
  }

  /** The same without the limit, and with the driver's own errors. */
  async unlimited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new StoreUnavailable(new Error("the store is closed"));
    if (!this.#isAdmitted) await this.#enter();
    return work();
  }

  async ping(): Promise<void> {
    await this.run(() => this.#db.command({ ping: 1 }));
  }

  /**
   * After a first connection that failed the driver never tries another by itself; after one that succeeded it does.
   */
  #enter(): Promise<void> {
    const entering = async () => {
      await this.#client.connect();
      await this.#admit(this.#db);
      this.#isAdmitted = true;
    };
    this.#entering ??= entering().finally(() => {
      this.#entering = undefined;
    });
    return this.#entering;
  }

  close(): Promise<void> {
    // A database that hangs does not hold up the end.
    this.#closing ??= this.#within(operationMs, this.#client.close(true)).catch(() => {});
    return this.#closing;
  }

  #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(limitMs, () => {
        reject(new StoreUnavailable(new Error(`no answer within ${limitMs} ms`)));
      });
      work.then(resolve, reject).finally(cancel);
    });
  }
}

function createClient(uri: string, limitMs: number): MongoClient {
  try {
    return new MongoClient(uri, clientOptions(uri, limitMs));
  } catch (error) {
    throw new MongoSettingError(
      `MONGODB_URI cannot be used: ${reasonOf(error, uri)}. It looks like mongodb+srv://user:password@host/ or` +
        " mongodb://host:27017/; in the user and the password, write other characters than letters and digits percent-encoded",
    );
  }
}

/** The driver's words, unless they repeat a piece of the connection string before its options. */
function reasonOf(error: unknown, uri: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  const pieces = (uri.split("?", 1)[0] ?? "").split(/[/:@,]+/).filter((piece) => piece.length > 2);
  return pieces.some((piece) => !/^mongodb/.test(piece) && reason.includes(piece)) ? "it is malformed" : reason;
}

function openDatabase(client: MongoClient, name: string, limitMs: number): Db {
  try {
    // The driver looks at the name only when something is asked, the server at its length.
    if (/[\s/\\."$*<>:|?\0]/.test(name) || Buffer.byteLength(name) > 63)
      throw new RangeError("the name is not allowed");
    return client.db(name, databaseOptions(limitMs));
  } catch {
    throw new MongoSettingError(
      `ECHOO_DB must be a database name of at most 63 letters, digits, dashes and underscores; it is '${name}'`,
    );
  }
}
