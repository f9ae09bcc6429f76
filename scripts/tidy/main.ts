import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { checkTree } from "./check-tree.ts";
import { describeFinding } from "./finding.ts";
import { readCheckout } from "./read-checkout.ts";
import { findDeadExports } from "./rules/dead-exports.ts";
import { limits } from "./rules/sizes.ts";
import { readTree } from "./tree.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
// A name of one part, such as "/root" or "/app", is too common a word to look for.
const machineFolders = [root, homedir()].filter((folder) => folder.split(/[\\/]/).filter(Boolean).length > 1);

const tree = readTree(readCheckout(root));
const findings = [...checkTree(tree, machineFolders), ...findDeadExports(root)];
for (const finding of findings) console.log(describeFinding(finding));

const usual = tree.sources.filter(({ lines }) => lines <= limits.usualFileLines).length;
const share = Math.round((100 * usual) / Math.max(1, tree.sources.length));
console.log(
  `tidy: ${findings.length} findings in ${tree.sources.length} source files, ${share} % of them within ${limits.usualFileLines} lines`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
