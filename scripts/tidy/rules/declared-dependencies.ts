import { isBuiltin } from "node:module";
import type { Finding } from "../finding.ts";
import type { Import } from "../source-file.ts";
import { isShipped, type Tree, type Workspace, workspaceOf } from "../tree.ts";

/**
 * A workspace lists what it imports. npm hoists every package to one folder, so an import that is not listed works here
 * and fails for a user who installs the package by itself.
 */
export function checkDeclaredDependencies(tree: Tree): Finding[] {
  const root = tree.workspaces.find(({ folder }) => folder === "");
  return tree.sources.flatMap((file) => {
    const workspace = workspaceOf(tree, file.path);
    if (workspace === undefined) return [];
    return file.imports.flatMap((imported) => {
      const name = packageName(imported.specifier);
      if (name === undefined || name === workspace.name || isListed(name, imported, workspace, root, file.path))
        return [];
      const dev = !isShipped(file.path) && workspace.name !== "@echoo/testkit";
      return {
        rule: "declared-dependencies",
        file: file.path,
        line: imported.line,
        problem: `${name} is imported, but ${workspace.folder || "the root"}/package.json does not list it${dev ? "" : " under dependencies"}.`,
        remedy: `Run \`npm install ${workspace.folder === "" ? "" : `-w ${workspace.folder} `}${dev ? "-D " : ""}${name}\`, or import something else.`,
      };
    });
  });
}

function packageName(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier) || specifier.includes(":")) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isListed(
  name: string,
  { typeOnly }: Import,
  workspace: Workspace,
  root: Workspace | undefined,
  path: string,
): boolean {
  if (workspace.dependencies.has(name)) return true;
  const inTest = /^(packages|apps|examples)\/[^/]+\/(test\/|[^/]+$)/.test(path) || workspace.folder === "";
  // Types vanish, and an app is bundled: what only the build needs is listed for development.
  if ((typeOnly || workspace.isPrivate || inTest) && workspace.devDependencies.has(name)) return true;
  // Tests share the tools of the root and the other workspaces; npm links those for all.
  return inTest && (root?.devDependencies.has(name) === true || name.startsWith("@echoo/"));
}
