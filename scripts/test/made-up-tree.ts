import { readTree, type Tree } from "../tidy/tree.ts";

const manifests = {
  "package.json": { name: "echoo-workspace", private: true, devDependencies: { "fast-check": "^4" } },
  "packages/protocol/package.json": { name: "@echoo/protocol", dependencies: { zod: "^4", ws: "^8" } },
  "packages/core/package.json": { name: "@echoo/core", dependencies: { "@echoo/protocol": "^0" } },
  "packages/server/package.json": {
    name: "@echoo/server",
    dependencies: { "@echoo/core": "^0", "@echoo/protocol": "^0", ws: "^8" },
    devDependencies: { "@types/ws": "^8", "@echoo/testkit": "^0" },
  },
  "packages/client/package.json": { name: "@echoo/client", dependencies: { "@echoo/protocol": "^0" } },
  "packages/testkit/package.json": { name: "@echoo/testkit", dependencies: { "@echoo/core": "^0" } },
  "apps/phone/package.json": { name: "@echoo/phone", private: true, dependencies: { "@echoo/client": "^0" } },
};

/** A checkout in memory: the workspaces as they are, and the given files. */
export function madeUpTree(files: Readonly<Record<string, string>>): Tree {
  const texts = Object.entries(manifests).map(([path, manifest]) => [path, JSON.stringify(manifest)] as const);
  return readTree(new Map([...texts, ...Object.entries(files)]));
}

/** The findings as "file:line", which is what tests compare. */
export function places(findings: readonly { readonly file: string; readonly line?: number }[]): string[] {
  return findings.map(({ file, line }) => (line === undefined ? file : `${file}:${line}`));
}
