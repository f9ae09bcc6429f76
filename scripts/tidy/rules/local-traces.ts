import type { Finding } from "../finding.ts";
import type { Tree } from "../tree.ts";

/** Folders of one person's machine, under the usual systems. */
const homes = /(\/home\/[a-z][\w.-]*\/|\/Users\/[A-Za-z][\w.-]*\/|[A-Z]:\\+Users\\|(?<![\w.$}-])\/root\/)/;
/** Where packages are fetched from is for each installation to decide. */
const registries = /https?:\/\/[\w.-]*(registry|artifactory|nexus|verdaccio|pypi|npm-proxy|goproxy)[\w.-]*[:/]/i;

/** No file names a folder of the machine it was written on, or the registry its packages came from. */
export function checkLocalTraces(tree: Tree, machineFolders: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree.texts) {
    for (const [index, line] of text.split("\n").entries()) {
      const folder = machineFolders.find((name) => line.includes(name)) ?? homes.exec(line)?.[0];
      const place = { rule: "local-traces", file: path, line: index + 1 };
      if (folder !== undefined) {
        findings.push({
          ...place,
          problem: `It holds the path ${folder} of one machine.`,
          remedy: "Make it relative to the checkout.",
        });
      }
      const registry = registries.exec(line)?.[0];
      if (registry !== undefined) {
        findings.push({
          ...place,
          problem: `It names the package registry ${registry}.`,
          remedy: "Leave the registry to npm's configuration; lock files here keep no addresses.",
        });
      }
    }
  }
  return findings;
}
