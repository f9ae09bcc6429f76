import { setPriority } from "node:os";
import Database from "libsql";
import { findDamage } from "./find-damage.ts";

/** What this process, which is begun by `check-in-background`, says to it. */
export interface CheckAnswer {
  readonly findings: readonly string[];
}

const [, , path = ""] = process.argv;

/**
 * Reads one database while the server serves, and behind everything else that the machine has to do. It never writes:
 * the connection is not closed, for its last act would be to empty the log into the file.
 */
setPriority(19);
const database = new Database(path);
database.exec("PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192");
const answer: CheckAnswer = { findings: findDamage(database) };
process.send?.(answer, () => process.exit(0));
