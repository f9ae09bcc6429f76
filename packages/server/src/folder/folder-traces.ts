import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { auditFilesIn } from "../audit/read-audit.ts";

/** The size of a file; undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** What in the folder shows that a server has used it, in words. */
export function tracesOfUse(folder: string, names: readonly string[]): readonly string[] {
  const files = names.filter((name) => (sizeOf(join(folder, name)) ?? 0) > 0);
  return hasAuditedServer(folder) ? [...files, "the audit log"] : files;
}

const lookedAtBytes = 64 * 1024;

/** An invitation can be made before the first start, so its entry alone says nothing. */
function hasAuditedServer(folder: string): boolean {
  const [oldest] = auditFilesIn(folder);
  if (oldest === undefined) return false;
  const file = openSync(join(folder, oldest), "r");
  try {
    const head = Buffer.alloc(lookedAtBytes);
    const text = head.toString("utf8", 0, readSync(file, head, 0, head.length, 0));
    return /"event":"(?!invitation_made")/.test(text);
  } finally {
    closeSync(file);
  }
}
