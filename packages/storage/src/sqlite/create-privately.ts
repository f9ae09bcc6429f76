import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the file, and its folder, for their owner alone: numbers, hashes and who called whom are in it. */
export function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Only where it is new: closing a descriptor of a file that SQLite has open would drop SQLite's locks.
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST" && !isFolderInTheWay(error)) return;
    throw error;
  }
}

function isFolderInTheWay(error: Error): boolean {
  return "syscall" in error && error.syscall === "mkdir";
}
