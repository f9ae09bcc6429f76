import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Finding } from "../finding.ts";

interface Place {
  readonly name: string;
  readonly line?: number;
}

type Kind = keyof typeof kinds;
type Issue = { readonly file: string } & { readonly [K in Kind]?: readonly Place[] };

const kinds = {
  files: {
    problem: () => "No program, test or index uses this file.",
    remedy: "Import it where it belongs, or delete it.",
  },
  exports: {
    problem: (name: string) => `${name} is exported and imported nowhere.`,
    remedy: "Drop the export, or delete it if nothing here uses it either.",
  },
  types: {
    problem: (name: string) => `The type ${name} is exported and imported nowhere.`,
    remedy: "Drop the export, or delete it if nothing here uses it either.",
  },
  dependencies: {
    problem: (name: string) => `${name} is listed as a dependency and used nowhere.`,
    remedy: "Remove it with `npm uninstall -w`, or move it to devDependencies if only tests use it.",
  },
} as const;

/**
 * Exports, files and dependencies that nothing uses, as knip finds them with the entries of knip.json. What the index of a
 * published package exports counts as used.
 */
export function findDeadExports(root: string): Finding[] {
  const knip = join(dirname(createRequire(import.meta.url).resolve("knip")), "../bin/knip.js");
  const args = [knip, "--reporter", "json", "--no-progress", "--include", Object.keys(kinds).join(",")];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  // 0 is nothing found, 1 is something found; anything else is knip failing, which must not pass for a clean result.
  if (status !== 0 && status !== 1) throw new Error(`knip failed: ${stderr || stdout}`);
  const { issues } = JSON.parse(stdout) as { issues: readonly Issue[] };
  return issues.flatMap(readIssue);
}

function readIssue(issue: Issue): Finding[] {
  return (Object.keys(kinds) as Kind[]).flatMap((kind) =>
    (issue[kind] ?? []).map(({ name, line }) => ({
      rule: kind === "dependencies" ? "unused-dependencies" : "dead-exports",
      file: issue.file,
      ...(line === undefined ? {} : { line }),
      problem: kinds[kind].problem(name),
      remedy: kinds[kind].remedy,
    })),
  );
}
