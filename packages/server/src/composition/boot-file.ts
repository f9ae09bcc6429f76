import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeId } from "@echoo/core";

const fileName = "node-boot";

/** Who the last process on this data folder was among several servers: it is no more, for the folder's lock is ours. */
export function readFormerBoot(dataDir: string): NodeId | undefined {
  try {
    const name = readFileSync(join(dataDir, fileName), "utf8").trim();
    return /^[a-z2-7]{13}$/.test(name) ? name : undefined;
  } catch {
    // Without it the others wait until the former process is missed.
    return undefined;
  }
}

export function keepBoot(dataDir: string, node: NodeId): void {
  const file = join(dataDir, fileName);
  writeFileSync(`${file}.new`, `${node}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
