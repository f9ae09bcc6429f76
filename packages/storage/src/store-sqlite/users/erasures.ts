import type { Erasure } from "@echoo/core";
import type { SqliteFile } from "../../sqlite/sqlite-file.ts";

export interface ErasureRow {
  readonly user_id: string;
  readonly replacement: string;
}

export function toErasure(row: ErasureRow): Erasure {
  return { userId: row.user_id, replacement: row.replacement };
}

/** The notes of erasures that are not whole yet. */
export class Erasures {
  readonly #find;
  readonly #begin;
  readonly #end;
  readonly #list;

  constructor(file: SqliteFile) {
    this.#find = file.prepare<ErasureRow>("SELECT * FROM erasures WHERE user_id = ?");
    this.#begin = file.prepare(
      "INSERT INTO erasures (user_id, replacement) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING",
    );
    this.#end = file.prepare("DELETE FROM erasures WHERE user_id = ?");
    this.#list = file.prepare<ErasureRow>("SELECT * FROM erasures ORDER BY user_id LIMIT ?");
  }

  has(id: string): boolean {
    return this.#find.get(id) !== undefined;
  }

  /** Tells the name that takes the number's place: that of the erasure under way, where there is one. */
  begin(id: string, replacement: string): string {
    this.#begin.run(id, replacement);
    return this.#find.get(id)?.replacement ?? replacement;
  }

  end(id: string): void {
    this.#end.run(id);
  }

  list(limit: number): readonly Erasure[] {
    return this.#list.all(limit).map(toErasure);
  }
}
