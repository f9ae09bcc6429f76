import { statSync } from "node:fs";
import { join } from "node:path";

/** The size of a file; undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** What in the folder shows that a server has used it, in words. `isAudited` tells whether the audit log does. */
export function tracesOfUse(folder: string, names: readonly string[], isAudited: () => boolean): readonly string[] {
  const files = names.filter((name) => (sizeOf(join(folder, name)) ?? 0) > 0);
  return isAudited() ? [...files, "the audit log"] : files;
}
