import { inSteps, type Pause } from "@echoo/core";
import type { Query } from "../sqlite/query.ts";
import type { SqliteFile } from "../sqlite/sqlite-file.ts";

/** Keys asked for in one statement. */
const keysPerStep = 50;

/** Reads the rows of many keys: a lot of keys in one question, and a pause between one lot and the next. */
export class KeyedQuery<Row> {
  readonly #query: Query<Row>;
  readonly #pause: Pause;

  /** `sqlOf` gives the statement for a list of marks, as it stands between the brackets of IN. */
  constructor(file: SqliteFile, pause: Pause, sqlOf: (marks: string) => string) {
    this.#query = file.prepare<Row>(sqlOf(Array.from({ length: keysPerStep }, () => "?").join(", ")));
    this.#pause = pause;
  }

  /** In no order. A key that is given twice counts once. */
  async all(keys: readonly string[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    await inSteps([...new Set(keys)], keysPerStep, this.#pause, (some) => {
      // The marks that are left are NULL, which no key equals.
      const none = Array.from({ length: keysPerStep - some.length }, () => null);
      rows.push(...this.#query.all(...some, ...none));
    });
    return rows;
  }
}
