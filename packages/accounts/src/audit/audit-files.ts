import type { Instant } from "@echoo/core";

/** The file that is written now, in the data folder. */
export const auditFileName = "audit.log";

const oldName = /^audit-\d{8}T\d{9}Z\.log$/;

/** What a file is called that was put away then. In the order of their names they are in the order of time. */
export function oldFileName(atMs: Instant): string {
  return `audit-${new Date(atMs).toISOString().replace(/[-:.]/g, "")}.log`;
}

/** Those of the names that are of files put away, oldest first. */
export function oldFilesIn(names: readonly string[]): string[] {
  return names.filter((name) => oldName.test(name)).sort();
}
