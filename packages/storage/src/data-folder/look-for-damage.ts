import { join } from "node:path";
import type { Clock, Log } from "@echoo/core";
import Database from "libsql";
import { checkInBackground } from "../sqlite/check-in-background.ts";
import { findDamage } from "../sqlite/find-damage.ts";
import type { Damage } from "./damage.ts";
import { sizeOf } from "./folder-traces.ts";

/** Up to this size a file is looked through before the server listens: it takes a fifth of a second (ADR 26). */
const atOnceBytes = 16 * 1024 * 1024;

interface LookedAt {
  readonly folder: string;
  /** Its name in the folder. It is open already: a second connection that reads and is closed changes nothing then. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Log<"info" | "warn">;
  readonly damage: Damage;
}

/**
 * Looks for damage that no request has met yet. A large file is looked through while the server serves; the result ends
 * that.
 */
export function lookForDamage({ folder, file, clock, logger, damage }: LookedAt): () => void {
  const path = join(folder, file);
  const tell = (findings: readonly string[]) => {
    if (findings.length > 0) damage.met(file, `${damageOf(path)}. Found: ${findings.join("; ")}`);
  };
  const bytes = (sizeOf(path) ?? 0) + (sizeOf(`${path}-wal`) ?? 0);
  if (bytes > atOnceBytes) {
    const onUnfinished = (why: string) => logger.warn({ file, why }, "whether the file is damaged was not found out");
    const onFindings = (findings: readonly string[]) => {
      tell(findings);
      if (findings.length === 0) logger.info({ file }, "the file was looked through and is sound");
    };
    return checkInBackground({ path, clock, onFindings, onUnfinished });
  }
  const database = new Database(path);
  try {
    tell(findDamage(database));
  } finally {
    database.close();
  }
  return () => {};
}

/** What the operator is told of a database that can be opened, and not be read whole. */
export function damageOf(path: string): string {
  return (
    `${path} is damaged: a part of it cannot be read, and whoever needs that part is told that the server cannot ` +
    "answer. Stop the server and restore a backup"
  );
}
