import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findDeadExports } from "../../tidy/rules/dead-exports.ts";
import { places } from "../made-up-tree.ts";

const manifest = {
  name: "@echoo/thing",
  version: "0.1.0",
  type: "module",
  exports: { ".": { source: "./src/index.ts", default: "./dist/index.js" } },
};

/** A checkout on disk with the knip.json of this one. */
function checkout(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "echoo-tidy-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const manifests = {
    "package.json": JSON.stringify({ name: "root", private: true, type: "module", workspaces: ["packages/*"] }),
    "packages/thing/package.json": JSON.stringify(manifest),
  };
  for (const [path, text] of Object.entries({ ...manifests, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  copyFileSync(fileURLToPath(new URL("../../../knip.json", import.meta.url)), join(root, "knip.json"));
  return root;
}

test("an export that no file imports is found, and so are a type and a file", (t) => {
  const root = checkout(t, {
    "packages/thing/src/index.ts": `export { used } from "./used.ts";\n`,
    "packages/thing/src/used.ts": "export const used = 1;\n\nexport const dead = 2;\nexport type Dead = string;\n",
    "packages/thing/src/lonely.ts": "export const lonely = 1;\n",
  });
  assert.deepEqual(places(findDeadExports(root)).sort(), [
    "packages/thing/src/lonely.ts",
    "packages/thing/src/used.ts:3",
    "packages/thing/src/used.ts:4",
  ]);
});

test("what a package's index exports, and what a test imports, is used", (t) => {
  const root = checkout(t, {
    "packages/thing/src/index.ts": `export * from "./all.ts";\n`,
    "packages/thing/src/all.ts": "export const one = 1;\nexport const two = 2;\n",
    "packages/thing/src/tested.ts": "export const tested = 1;\n",
    "packages/thing/test/tested.test.ts": `import { tested } from "../src/tested.ts";\nconsole.log(tested);\n`,
  });
  assert.deepEqual(places(findDeadExports(root)), []);
});
