import { closeSync, fstatSync, openSync, statSync } from "node:fs";

/**
 * A file that is written to at its end, and stays open meanwhile: a process that has no descriptor left, because of its
 * clients, can go on writing.
 */
export class HeldFile {
  readonly #path: string;
  #held: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * What has the name now: made for its owner alone where there is none, and opened anew where the operator moved or
   * deleted what was open. Throws where it can neither be opened nor made.
   */
  open(): { readonly file: number; readonly isAnother: boolean } {
    const held = this.#held;
    if (held !== undefined && isNamed(held, this.#path)) return { file: held, isAnother: false };
    let file: number;
    try {
      file = openSync(this.#path, "a+", 0o600);
    } catch (error) {
      if (held === undefined || !isOutOfDescriptors(error)) throw error;
      // There is one, which nothing else needs any more.
      this.close();
      file = openSync(this.#path, "a+", 0o600);
    }
    this.close();
    this.#held = file;
    return { file, isAnother: true };
  }

  close(): void {
    if (this.#held !== undefined) closeSync(this.#held);
    this.#held = undefined;
  }
}

function isNamed(file: number, path: string): boolean {
  const named = statSync(path, { bigint: true, throwIfNoEntry: false });
  const own = fstatSync(file, { bigint: true });
  return named?.ino === own.ino && named.dev === own.dev;
}

/** The process, or the system, has no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EMFILE" || code === "ENFILE";
}
