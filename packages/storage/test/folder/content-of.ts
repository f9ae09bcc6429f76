import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Each file of a folder with what is in it. Shared memory, empty logs and the lock are not content. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => !/-shm$|^lock\./.test(name));
  return Object.fromEntries(
    names
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))] as const)
      .filter(([name, content]) => content.length > 0 || !name.endsWith("-wal"))
      .map(([name, content]) => [name, createHash("sha256").update(content).digest("hex")]),
  );
}
