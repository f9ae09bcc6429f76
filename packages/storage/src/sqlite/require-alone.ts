import Database from "libsql";
import { openingError } from "./opening-error.ts";
import { isBusy } from "./sqlite-fault.ts";
import { wasOpenedHere } from "./sqlite-file.ts";

/** A reader such as a backup is waited for that long. */
const patienceMs = 2_000;

/**
 * Throws while another process has the file open, and for no other reason. It finds what the lock of the folder cannot:
 * a server of a version without that lock, and one whose lock file was deleted. Statements that are run at once leave
 * nothing that keeps the file open. A file that this process itself has had open is not looked at: the binding lets go
 * of it only when its statements are collected.
 */
export function requireAlone(path: string): void {
  if (wasOpenedHere(path)) return;
  const database = new Database(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; ROLLBACK`);
  } catch (error) {
    if (isBusy(error)) throw openingError(path, error);
  } finally {
    database.close();
  }
}
