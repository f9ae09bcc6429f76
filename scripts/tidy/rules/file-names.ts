import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import type { Tree } from "../tree.ts";

const empty = /(^|-)(utils?|helpers?|managers?|types|misc|common)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A file is named in kebab-case for what it exports; a name that fits anything would collect everything. */
export function checkFileNames(tree: Tree): Finding[] {
  return tree.sources.flatMap(({ path }) => {
    const stem = posix.basename(path).split(".")[0] ?? "";
    const named = { rule: "file-names", file: path };
    if (empty.test(stem))
      return {
        ...named,
        problem: `The name "${stem}" says nothing.`,
        remedy: "Name the file for its main export, or split it.",
      };
    if (!kebab.test(stem))
      return {
        ...named,
        problem: "The name is not kebab-case.",
        remedy: "Rename it, such as ring-timeout.ts for ringTimeout.",
      };
    return [];
  });
}
