import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { DataFolderInUse, describeHolder, FolderLock } from "@echoo/storage";
import { systemClock } from "../../composition/platform.ts";

/** The folders that a command works in. Each is held as a server holds it, so that neither begins beside the other. */
export class HeldFolders {
  readonly #command: string;
  readonly #locks = new Map<string, FolderLock>();

  constructor(command: string) {
    this.#command = command;
  }

  /** Holds the folder of this file until `release`. Throws while another process has it. One that is missing is not made. */
  hold(file: string): void {
    const named = dirname(file);
    if (!existsSync(named)) return;
    const folder = realpathSync(named);
    if (this.#locks.has(folder)) return;
    try {
      this.#locks.set(folder, FolderLock.take(folder, this.#command, systemClock.now()));
    } catch (error) {
      if (!(error instanceof DataFolderInUse)) throw error;
      const holder = describeHolder(error.holder);
      throw new Error(`${file} is in use by another process: ${holder}. Stop it first.`, { cause: error });
    }
  }

  release(): void {
    for (const lock of this.#locks.values()) lock.release();
    this.#locks.clear();
  }
}
