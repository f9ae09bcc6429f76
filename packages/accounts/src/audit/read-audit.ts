import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AuditEntry } from "./audit-entry.ts";
import { auditFileName, oldFilesIn } from "./audit-files.ts";

/**
 * Every entry there is, oldest first, one file after the other. Lines that hold no entry, such as half ones, are
 * skipped.
 */
export async function* readAudit(folder: string): AsyncIterable<AuditEntry> {
  for (const name of auditFilesIn(folder)) {
    const lines = createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      const entry = entryOf(line);
      if (entry !== undefined) yield entry;
    }
  }
}

/** The files of the log, oldest first; none where there is no log, or no such folder. */
export function auditFilesIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return [...oldFilesIn(names), ...names.filter((name) => name === auditFileName)];
}

export function entryOf(line: string): AuditEntry | undefined {
  try {
    const entry: Partial<AuditEntry> | null = JSON.parse(line);
    return typeof entry?.time === "string" && typeof entry.event === "string" ? (entry as AuditEntry) : undefined;
  } catch {
    return undefined;
  }
}
