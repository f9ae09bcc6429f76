import { type MemberExpression, Visitor } from "oxc-parser";
import type { Finding } from "../finding.ts";
import type { SourceFile } from "../source-file.ts";
import type { Tree } from "../tree.ts";

const timers = new Set(["setTimeout", "setInterval", "setImmediate"]);
const members = new Set(["Date.now", "Math.random"]);
const randomness = /^(randomUUID|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues)$/;

/** Time and chance come in through ports: only a package's `platform.ts` touches the real ones. */
export function checkBannedCalls(tree: Tree): Finding[] {
  return tree.sources
    .filter(
      ({ path }) =>
        /^(packages|apps)\/[^/]+\/src\//.test(path) && !/^[^/]+\/[^/]+\/src\/(composition\/)?platform\.ts$/.test(path),
    )
    .flatMap(bannedIn);
}

function bannedIn(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, what: string) => {
    findings.push({
      rule: "banned-calls",
      file: file.path,
      line,
      problem: `${what} is used outside platform.ts.`,
      remedy: "Take a Clock, Ids or another port as an argument; only platform.ts reads the real ones.",
    });
  };
  for (const { specifier, names, line, typeOnly } of file.imports) {
    if (typeOnly) continue;
    if (/^(node:)?timers(\/promises)?$/.test(specifier)) add(line, specifier);
    if (/^(node:)?crypto$/.test(specifier)) for (const name of names) if (randomness.test(name)) add(line, name);
  }
  new Visitor({
    CallExpression: ({ callee, start }) => {
      if (callee.type === "Identifier" && (timers.has(callee.name) || callee.name === "Date"))
        add(file.lineOf(start), `${callee.name}()`);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0)
        add(file.lineOf(start), "new Date()");
    },
    MemberExpression: (node) => {
      const name = bannedMember(node);
      if (name !== undefined) add(file.lineOf(node.start), name);
    },
  }).visit(file.program);
  return findings;
}

/** Also without a call: `const now = Date.now` would be the same clock under another name. */
function bannedMember({ object, property, computed }: MemberExpression): string | undefined {
  if (computed || property.type !== "Identifier" || object.type !== "Identifier") return undefined;
  const name = `${object.name}.${property.name}`;
  if (members.has(name)) return name;
  if (timers.has(property.name) && /^(globalThis|window|self|global)$/.test(object.name)) return name;
  return randomness.test(property.name) && /crypto$/i.test(object.name) ? name : undefined;
}
