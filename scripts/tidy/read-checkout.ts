import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const largestBytes = 2_000_000;

/** The texts of all files that git knows or would take, by path. Binary and huge ones are left out. */
export function readCheckout(root: string): Map<string, string> {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const texts = new Map<string, string>();
  for (const path of list.split("\0").filter(Boolean).sort()) {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > largestBytes) continue;
    const text = readFileSync(join(root, path), "utf8");
    if (!text.includes("\0")) texts.set(path, text);
  }
  return texts;
}
