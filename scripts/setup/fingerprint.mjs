import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const skipped = new Set(["node_modules", "dist", "test", ".cache"]);

/**
 * Every file below the given files and folders, sorted; what is not there is left out.
 * @param {string} root
 * @param {readonly string[]} inputs paths below the root
 * @returns {string[]}
 */
export function listFiles(root, inputs) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} path */
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      found.push(path);
      return;
    }
    for (const name of readdirSync(join(root, path))) if (!skipped.has(name)) visit(`${path}/${name}`);
  };
  for (const input of inputs) visit(input);
  return found.sort();
}

/**
 * One string that changes when a file is edited, added or removed. Sizes and times, not contents: it is read at every start.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {string}
 */
export function fingerprint(root, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    hash.update(`${file}\0${stat?.size}\0${stat?.mtimeMs}\n`);
  }
  return hash.digest("hex");
}
