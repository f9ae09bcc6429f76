import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import type { Import, SourceFile } from "../source-file.ts";
import type { Tree } from "../tree.ts";

/** What the sources of a workspace may import of the others; an app may have what "apps" has. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  core: ["protocol"],
  accounts: ["protocol", "core"],
  storage: ["protocol", "core"],
  cluster: ["protocol", "core"],
  server: ["protocol", "core", "accounts", "storage", "cluster"],
  client: ["protocol"],
  react: ["client"],
  admin: ["protocol"],
  testkit: ["protocol", "core", "client"],
  apps: ["protocol", "client"],
};

/** The packages from npm that the two lowest layers may use: anything more would reach every browser and every test. */
const outside: Readonly<Record<string, readonly string[]>> = { protocol: ["zod"], core: [] };

/**
 * Imports go one way: protocol ← core ← accounts, storage, cluster ← server; protocol ← client ← react, apps;
 * protocol ← admin. The test kit, and the entry
 * `testing` of a package, are for tests alone.
 */
export function checkArrows(tree: Tree): Finding[] {
  return tree.sources.flatMap((file) => {
    const layer = layerOf(file.path);
    if (layer === undefined) return [];
    return file.imports.flatMap((imported) => [
      ...(imported.specifier.startsWith(".") ? relative(file, imported) : named(file, layer, imported)),
    ]);
  });
}

function layerOf(path: string): string | undefined {
  if (/^apps\/[^/]+\/src\//.test(path)) return "apps";
  return /^packages\/([^/]+)\/src\//.exec(path)?.[1];
}

function finding(file: SourceFile, { line }: Import, problem: string, remedy: string): Finding {
  return { rule: "arrows", file: file.path, line, problem, remedy };
}

function* named(file: SourceFile, layer: string, imported: Import): Iterable<Finding> {
  const { specifier } = imported;
  const workspace = /^@echoo\/([^/]+)/.exec(specifier)?.[1];
  if (workspace === "testkit" && layer !== "testkit") {
    yield finding(
      file,
      imported,
      "Shipped code imports the test kit.",
      "Use it from a test; move what is needed here into core.",
    );
  } else if (/^@echoo\/[^/]+\/testing$/.test(specifier) && layer !== "testkit") {
    yield finding(
      file,
      imported,
      `Shipped code imports ${specifier}.`,
      "That entry is for tests: export what is needed here from the index of the package.",
    );
  } else if (workspace !== undefined && !allowed[layer]?.includes(workspace)) {
    const may = allowed[layer]?.map((name) => `@echoo/${name}`).join(" and ") || "no other workspace";
    yield finding(
      file,
      imported,
      `${layer} imports ${specifier}.`,
      `It may import ${may}: move the code down, or pass it in through a port.`,
    );
  } else if (workspace === undefined && outside[layer]?.includes(packageOf(specifier)) === false) {
    const may = outside[layer]?.join(", ") || "nothing from outside";
    yield finding(
      file,
      imported,
      `${layer} imports ${specifier}.`,
      `It may use ${may}: put a port here and the import into an adapter.`,
    );
  }
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function* relative(file: SourceFile, imported: Import): Iterable<Finding> {
  const target = posix.join(posix.dirname(file.path), imported.specifier);
  const home = file.path.split("/").slice(0, 3).join("/");
  if (!target.startsWith(`${home}/`) && target !== `${file.path.split("/").slice(0, 2).join("/")}/package.json`) {
    yield finding(
      file,
      imported,
      `The import ${imported.specifier} leaves ${home}.`,
      "Import the other workspace by its name.",
    );
    return;
  }
  const from = adapterOf(file.path);
  const to = adapterOf(target);
  if (to === undefined || from === to) return;
  if (from !== undefined) {
    yield finding(
      file,
      imported,
      `${from} imports ${to}.`,
      "Give both what they share through a port, or put it where both may look.",
    );
  } else if (!isComposition(file.path)) {
    yield finding(
      file,
      imported,
      `${file.path} imports ${to}.`,
      "Only main.ts, composition/ and commands/ put the parts together: take a port instead.",
    );
  }
}

/** The parts of the server that talk to the outside, and of the storage that keep things: none knows another. */
const adapters =
  /^packages\/(?:server\/src\/(ws|http|docs|turn|code-gateway|push)|storage\/src\/(store-sqlite|store-mongo|journal))\//;

function adapterOf(path: string): string | undefined {
  const [, server, storage] = adapters.exec(path) ?? [];
  return server ?? storage;
}

/** The files that choose adapters and put them together. */
function isComposition(path: string): boolean {
  return (
    /^packages\/(server\/src\/(main\.ts|(composition|commands)\/.*)|storage\/src\/(index|mongodb|testing)\.ts)$/.test(
      path,
    ) && !path.endsWith("/platform.ts")
  );
}
