import type Database from "libsql";
import { DamagedText } from "./sound-select.ts";

/** What may be bound. The binding aborts the whole process on anything else, so it is checked at run time as well. */
export type SqlValue = string | number | null | Uint8Array;

/** How a file guards and words what its statements do. */
export interface QueryGuard {
  assertOpen(): void;
  /** The error that callers of the port know, for one of SQLite's. */
  translate(error: unknown): unknown;
  /** Runs a write that is not in a transaction in one of its own. */
  inTransaction<T>(run: () => T): T;
  /** Runs a write that is a transaction by itself. */
  alone<T>(run: () => T): T;
}

function bindable(value: SqlValue): SqlValue {
  if (typeof value === "string") {
    // The binding reads a text only up to its first NUL. A lone surrogate becomes U+FFFD by itself.
    return value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;
  }
  if (typeof value === "number" || value === null || value instanceof Uint8Array) return value;
  throw new TypeError(`a value of type ${typeof value} cannot be stored`);
}

/** A statement as the binding has it, and how a row is made of what it gives. */
export interface Prepared {
  readonly statement: Database.Statement;
  readonly toRow: (given: unknown) => unknown;
}

/** A row that is not whole: a table's own number is there, for SQLite has it outside of the row. */
export type Damaged<Row> = Readonly<{
  [K in keyof Row]: K extends "id" | "seq" ? Row[K] : undefined;
}>;

/** A prepared statement. */
export class Query<Row> {
  readonly #prepare: () => Prepared;
  readonly #guard: QueryGuard;
  #prepared: Prepared | undefined;

  constructor(prepare: () => Prepared, guard: QueryGuard) {
    this.#prepare = prepare;
    this.#guard = guard;
    this.#prepared = prepare();
  }

  /** Writes; tells how many rows changed. */
  run(...values: SqlValue[]): number {
    const bound = values.map(bindable);
    return this.#guard.inTransaction(() => this.#guarded(({ statement }) => statement.run(bound)).changes);
  }

  /** The same where nothing else belongs to it: a statement is a transaction by itself, and needs no other around it. */
  runAlone(...values: SqlValue[]): number {
    const bound = values.map(bindable);
    return this.#guard.alone(() => this.#guarded(({ statement }) => statement.run(bound)).changes);
  }

  get(...values: SqlValue[]): Row | undefined {
    return this.#guarded(({ statement, toRow }) => {
      const given = statement.get(values.map(bindable));
      return given === undefined ? undefined : toRow(given);
    }) as Row | undefined;
  }

  all(...values: SqlValue[]): Row[] {
    return this.#guarded(({ statement, toRow }) => statement.all(values.map(bindable)).map(toRow)) as Row[];
  }

  /** Like `all`. Of a row in which damage made a text into none only its numbers come. */
  allWithDamaged(...values: SqlValue[]): (Row | Damaged<Row>)[] {
    return this.#guarded(({ statement, toRow }) =>
      statement.all(values.map(bindable)).map((given) => {
        try {
          return toRow(given) as Row;
        } catch (error) {
          if (error instanceof DamagedText) return error.numbers as Damaged<Row>;
          throw error;
        }
      }),
    );
  }

  #guarded<T>(run: (prepared: Prepared) => T): T {
    this.#guard.assertOpen();
    try {
      this.#prepared ??= this.#prepare();
      return run(this.#prepared);
    } catch (error) {
      // The binding goes on reporting an old failure each time the statement is used: it needs a new one.
      this.#prepared = undefined;
      throw this.#guard.translate(error);
    }
  }
}
