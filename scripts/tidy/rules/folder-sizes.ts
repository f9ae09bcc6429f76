import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import { isShipped, type Tree } from "../tree.ts";

const folderLimits = { files: 15 } as const;

/** The files that a workspace is entered by may lie at its root; everything else has a room. */
const atRoot = /^packages\/server\/src\/(?!main\.ts$)[^/]+$/;

/** A folder of shipped code holds at most 15 source files, and nothing but `main.ts` lies at the server's root. */
export function checkFolderSizes(tree: Tree): Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of tree.sources) {
    if (!isShipped(path)) continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const full = [...counts]
    .filter(([, files]) => files > folderLimits.files)
    .map(([folder, files]) => ({
      rule: "folder-size",
      file: folder,
      problem: `The folder holds ${files} source files; ${folderLimits.files} is the most.`,
      remedy: "Group its files into rooms by what they are about.",
    }));
  const loose = tree.sources
    .filter(({ path }) => atRoot.test(path))
    .map(({ path }) => ({
      rule: "folder-size",
      file: path,
      problem: "The file lies loose at the root of the server.",
      remedy: "Put it into the room that it belongs to.",
    }));
  return [...full, ...loose];
}
