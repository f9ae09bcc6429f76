import { join } from "node:path";
import type { FreshProject } from "./fresh-project.ts";

interface Compiler {
  readonly name: string;
  /** Resolves with its file below `node_modules`, there or in the checkout. */
  readonly compiler: (project: FreshProject) => Promise<string>;
}

/**
 * The TypeScript of this checkout, the newest; and the versions that `ECHOO_TEST_TYPESCRIPT` names, such as `5.4,6.0`, which are
 * fetched.
 */
export function compilers(): readonly Compiler[] {
  const others = process.env.ECHOO_TEST_TYPESCRIPT?.split(",") ?? [];
  return [
    { name: "the newest TypeScript", compiler: async () => "typescript/bin/tsc" },
    ...others.map((version) => ({
      name: `TypeScript ${version}`,
      compiler: async (project: FreshProject) => {
        await project.npm("install", "--no-save", "--legacy-peer-deps", `typescript@${version}`);
        return join(project.folder, "node_modules/typescript/bin/tsc");
      },
    })),
  ];
}

/** Fails with what publint and attw have to say against a package of modules alone. */
export async function lint(project: FreshProject, name: string, tarball: string): Promise<void> {
  await project.tool("publint/src/cli.js", "run", "--strict", join(project.folder, "node_modules", name));
  await project.tool("@arethetypeswrong/cli/dist/index.js", "--profile", "esm-only", tarball);
}
