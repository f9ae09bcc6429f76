import type { Finding } from "./finding.ts";
import { checkArrows } from "./rules/arrows.ts";
import { checkBannedCalls } from "./rules/banned-calls.ts";
import { checkCircles } from "./rules/circles.ts";
import { checkConstructors } from "./rules/constructors.ts";
import { checkDeclaredDependencies } from "./rules/declared-dependencies.ts";
import { checkFileNames } from "./rules/file-names.ts";
import { checkFolderSizes } from "./rules/folder-sizes.ts";
import { checkLocalTraces } from "./rules/local-traces.ts";
import { checkMoments } from "./rules/moments.ts";
import { checkSizes } from "./rules/sizes.ts";
import type { Tree } from "./tree.ts";

/** Everything the rules find in a tree. `machineFolders` are paths that no file may name, such as that of the checkout. */
export function checkTree(tree: Tree, machineFolders: readonly string[]): Finding[] {
  return [
    ...checkArrows(tree),
    ...checkCircles(tree),
    ...checkSizes(tree),
    ...checkFolderSizes(tree),
    ...checkBannedCalls(tree),
    ...checkConstructors(tree),
    ...checkMoments(tree),
    ...checkDeclaredDependencies(tree),
    ...checkFileNames(tree),
    ...checkLocalTraces(tree, machineFolders),
  ];
}
