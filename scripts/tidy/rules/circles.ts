import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import { isShipped, type Tree } from "../tree.ts";

/**
 * No shipped file imports itself by way of others, types included: where two files need each other, what they share
 * belongs into a third, or they are one.
 */
export function checkCircles(tree: Tree): Finding[] {
  const imports = importsOf(tree);
  const findings: Finding[] = [];
  const done = new Set<string>();
  for (const path of imports.keys()) {
    for (const circle of circlesFrom(path, imports, done)) {
      findings.push({
        rule: "circles",
        file: circle[0] ?? path,
        problem: `These files import each other: ${circle.join(" → ")}.`,
        remedy: "Move what they share into a file that imports neither.",
      });
    }
  }
  return findings;
}

function importsOf(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const shipped = tree.sources.filter(({ path }) => isShipped(path));
  const known = new Set(shipped.map(({ path }) => path));
  const targets = (path: string, specifiers: readonly string[]) =>
    specifiers.map((specifier) => posix.join(posix.dirname(path), specifier)).filter((target) => known.has(target));
  return new Map(
    shipped.map(({ path, imports }) => [
      path,
      targets(
        path,
        imports.map(({ specifier }) => specifier).filter((specifier) => specifier.startsWith(".")),
      ),
    ]),
  );
}

/** Depth first; a file whose imports were all gone through is in no circle that was not found. */
function circlesFrom(start: string, imports: ReadonlyMap<string, readonly string[]>, done: Set<string>): string[][] {
  const circles: string[][] = [];
  const way: string[] = [];
  const visit = (path: string): void => {
    const at = way.indexOf(path);
    if (at >= 0) circles.push([...way.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    way.push(path);
    for (const target of imports.get(path) ?? []) visit(target);
    way.pop();
    done.add(path);
  };
  visit(start);
  return circles;
}
