import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { auditFilesIn } from "./read-audit.ts";

const lookedAtBytes = 64 * 1024;

/** Whether a server ran on this folder. An invitation can be made before the first start, so its entry alone says nothing. */
export function auditTellsOfServer(folder: string): boolean {
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
