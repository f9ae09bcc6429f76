import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCircles } from "../tidy/rules/circles.ts";
import { checkFolderSizes } from "../tidy/rules/folder-sizes.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

test("two files that import each other are a circle, even where only types are needed", () => {
  const findings = checkCircles(
    madeUpTree({
      "packages/core/src/a.ts": `import { b } from "./deep/b.ts"; export const a = b;`,
      "packages/core/src/deep/b.ts": `import type { a } from "../a.ts"; export const b: typeof a = 1;`,
    }),
  );
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.problem ?? "", /a\.ts → packages\/core\/src\/deep\/b\.ts → packages\/core\/src\/a\.ts/);
});

test("a circle by way of a third file is found, from wherever it is entered", () => {
  const files = {
    "packages/core/src/d.ts": `import "./a.ts";`,
    "packages/core/src/a.ts": `export * from "./b.ts";`,
    "packages/core/src/b.ts": `export const load = () => import("./c.ts");`,
    "packages/core/src/c.ts": `import { x } from "./a.ts";`,
  };
  assert.equal(checkCircles(madeUpTree(files)).length, 1);
});

test("files that share a third are no circle, and tests may look at each other", () => {
  const findings = checkCircles(
    madeUpTree({
      "packages/core/src/a.ts": `import { c } from "./c.ts"; import { b } from "./b.ts";`,
      "packages/core/src/b.ts": `import { c } from "./c.ts";`,
      "packages/core/src/c.ts": `import { a } from "@echoo/protocol";`,
      "packages/core/test/a.ts": `import { b } from "./b.ts";`,
      "packages/core/test/b.ts": `import { a } from "./a.ts";`,
    }),
  );
  assert.deepEqual(findings, []);
});

const folder = (files: number) =>
  Object.fromEntries(Array.from({ length: files }, (_, n) => [`packages/core/src/room/f${n}.ts`, "export {};"]));

test("a folder of fifteen files is fine, one more is not", () => {
  assert.deepEqual(checkFolderSizes(madeUpTree(folder(15))), []);
  assert.deepEqual(places(checkFolderSizes(madeUpTree(folder(16)))), ["packages/core/src/room"]);
});

test("nothing but main.ts lies at the root of the server", () => {
  const files = { "packages/server/src/main.ts": "export {};", "packages/server/src/loose.ts": "export {};" };
  assert.deepEqual(places(checkFolderSizes(madeUpTree(files))), ["packages/server/src/loose.ts"]);
});
