import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { declareProtocol } from "./declare-protocol.ts";

const protocol = "@echoo/protocol";
const imported = new RegExp(`(?:import|export) (?:type )?\\{([^}]*)\\} from "${protocol}"`, "g");
const quoted = /((?:from|import\()\s*)"([^"]+)"/g;

/**
 * Copies the declarations that these entries reach, with what they take of the protocol beside them: a compiler finds
 * everything in the package itself.
 * @param built the workspace's `dist`
 * @param entries paths in it, such as `fake/index.d.ts`
 */
export function writeDeclarations(built: string, entries: readonly string[], target: string): void {
  const names = new Set<string>();
  const waiting = [...entries];
  const seen = new Set(waiting);
  for (const path of waiting) {
    const text = readFileSync(join(built, path), "utf8");
    for (const [, list = ""] of text.matchAll(imported)) for (const name of namesOf(list)) names.add(name);
    const standing = text.replace(quoted, (_, before: string, specifier: string) => {
      if (specifier === protocol) return `${before}"${protocolFrom(path)}"`;
      if (!specifier.startsWith(".")) return `${before}"${specifier}"`;
      const next = posix.join(posix.dirname(path), specifier).replace(/\.tsx?$/, ".d.ts");
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
      return `${before}"${specifier.replace(/\.tsx?$/, ".js")}"`;
    });
    write(join(target, path), standing.replace(/\n\/\/# sourceMappingURL=.*\n?/, "\n"));
  }
  if (names.size > 0) write(join(target, "protocol.d.ts"), declareProtocol(names));
}

function namesOf(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim().replace(/^type /, ""))
    .filter((name) => name !== "");
}

function protocolFrom(path: string): string {
  const way = relative(dirname(path), "protocol.js");
  return way.startsWith(".") ? way : `./${way}`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
