/**
 * SQLite's primary result codes that say the file cannot be used now, rather than that a statement was wrong:
 * busy, locked, out of memory, read-only, input/output, corrupt, full, cannot open, protocol, not a database.
 * Source: https://www.sqlite.org/rescode.html
 */
const environmental: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);
const corruptCodes: ReadonlySet<number> = new Set([11, 26]);

/** The primary result code; the binding reports the extended one, whose low byte it is. */
function primaryCode(error: unknown): number | undefined {
  const raw = error instanceof Error && "rawCode" in error ? error.rawCode : undefined;
  return typeof raw === "number" ? raw & 0xff : undefined;
}

/** Whether the file or its disk failed, not the statement. */
export function isSqliteFault(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== undefined && environmental.has(code);
}

/** Whether another connection has what this one needs. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5;
}

/** Whether the file is damaged, or no database at all. */
export function isCorrupt(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== undefined && corruptCodes.has(code);
}
