import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/root.mjs";
import { run } from "../setup/run.mjs";

/** @typedef {{ name: string, run: () => Promise<number> }} Step */

const typescript = ["--conditions=source", "--import", "tsx"];

/**
 * What must hold of the sources before any test runs.
 * @returns {Step[]}
 */
export function houseSteps() {
  return [
    {
      name: "format and lint",
      run: () => run(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "ci", "--max-diagnostics=50"]),
    },
    { name: "types", run: () => run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]) },
    { name: "tidy", run: () => run(process.execPath, [...typescript, "scripts/tidy/main.ts"]) },
    ...(existsSync(join(root, "scripts/generate.ts"))
      ? [
          {
            name: "generated files",
            run: () => run(process.execPath, [...typescript, "scripts/generate.ts", "--check"]),
          },
        ]
      : []),
  ];
}
