import { type SourceFile, sourceFile } from "./source-file.ts";

/** What a package.json says about the packages it uses. */
export interface Workspace {
  /** Its folder, such as "packages/core"; empty for the root. */
  readonly folder: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

/** The part of a checkout a rule looks at, all of it in memory, so that tests can make one up. */
export interface Tree {
  readonly workspaces: readonly Workspace[];
  /** TypeScript and JavaScript. */
  readonly sources: readonly SourceFile[];
  /** Every text file, those of `sources` too, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads a tree out of the texts of its files. */
export function readTree(texts: ReadonlyMap<string, string>): Tree {
  const workspaces: Workspace[] = [];
  const sources: SourceFile[] = [];
  for (const [path, text] of texts) {
    if (/^((packages|apps|examples)\/[^/]+\/|bench\/)?package\.json$/.test(path))
      workspaces.push(workspace(path, text));
    if (/^(packages|apps|examples|scripts|bench)\/.*\.(ts|tsx|mts|mjs|js)$/.test(path))
      sources.push(sourceFile(path, text));
  }
  return { workspaces, sources, texts };
}

/** The workspace a file belongs to: the root's where no other holds it. */
export function workspaceOf(tree: Tree, path: string): Workspace | undefined {
  const inner = tree.workspaces.find(({ folder }) => folder !== "" && path.startsWith(`${folder}/`));
  return inner ?? tree.workspaces.find(({ folder }) => folder === "");
}

/** Whether a file is shipped: the sources of a workspace, as against its tests and the scripts. */
export function isShipped(path: string): boolean {
  return /^(packages|apps)\/[^/]+\/src\//.test(path) && !path.startsWith("packages/testkit/");
}

function workspace(path: string, text: string): Workspace {
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  return {
    folder: path.replace(/\/?package\.json$/, ""),
    name: String(manifest.name),
    isPrivate: Boolean(manifest.private),
    dependencies: new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
    ),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}
