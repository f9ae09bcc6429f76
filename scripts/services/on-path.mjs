import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Whether a program is in one of the folders of the PATH, or in one of these besides.
 * @param {string} name
 * @param {readonly string[]} [folders]
 */
export function isOnPath(name, folders = []) {
  return [...(process.env.PATH ?? "").split(delimiter), ...folders]
    .filter((folder) => folder !== "")
    .some((folder) => existsSync(join(folder, name)));
}
