import assert from "node:assert/strict";
import { test } from "node:test";
import { checkArrows } from "../tidy/rules/arrows.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

const wrong: Readonly<Record<string, readonly [path: string, text: string]>> = {
  "protocol may not import core": ["packages/protocol/src/a.ts", `import { x } from "@echoo/core";`],
  "protocol depends on zod alone": ["packages/protocol/src/a.ts", `import { x } from "ws";`],
  "core may not import the server": ["packages/core/src/a.ts", `import { x } from "@echoo/server";`],
  "core may not import a package from outside": ["packages/core/src/a.ts", `import { x } from "zod";`],
  "core may not import a module of Node": ["packages/core/src/a.ts", `import { x } from "node:fs";`],
  "the client may not import core": ["packages/client/src/a.ts", `import type { x } from "@echoo/core";`],
  "an app may not import the server": ["apps/phone/src/a.tsx", `import { x } from "@echoo/server";`],
  "shipped code may not import the test kit": ["packages/server/src/a.ts", `import { x } from "@echoo/testkit";`],
  "shipped code may not import what is for tests": [
    "packages/server/src/commands/a.ts",
    `import { x } from "@echoo/storage/testing";`,
  ],
  "an adapter may not import another adapter": ["packages/server/src/ws/a.ts", `import { x } from "../http/b.ts";`],
  "accounts may not import storage": ["packages/accounts/src/a.ts", `import type { x } from "@echoo/storage";`],
  "storage may not import accounts": ["packages/storage/src/a.ts", `import type { x } from "@echoo/accounts";`],
  "accounts may not import the server": ["packages/accounts/src/a.ts", `import type { x } from "@echoo/server";`],
  "a store may not import another store": [
    "packages/storage/src/store-mongo/calls/a.ts",
    `import { x } from "../../store-sqlite/b.ts";`,
  ],
  "only the composition imports adapters": ["packages/server/src/web/a.ts", `import { x } from "../ws/a.ts";`],
  "platform.ts imports no adapter": ["packages/server/src/composition/platform.ts", `import { x } from "../ws/a.ts";`],
  "a relative import may not leave the sources": [
    "packages/core/src/a.ts",
    `import { x } from "../../protocol/src/b.ts";`,
  ],
  "a re-export is an import": ["packages/core/src/a.ts", `export * from "@echoo/server";`],
  "a dynamic import is an import": ["packages/core/src/a.ts", `export const x = () => import("@echoo/server");`],
  "an import of a type in passing is an import": [
    "packages/core/src/a.ts",
    `export type X = import("@echoo/server").X;`,
  ],
};

for (const [name, [path, text]] of Object.entries(wrong)) {
  test(name, () => {
    const findings = checkArrows(madeUpTree({ [path]: `\n${text}\n` }));
    assert.deepEqual(places(findings), [`${path}:2`]);
    assert.ok(findings[0]?.remedy);
  });
}

test("imports along the arrows are fine", () => {
  const findings = checkArrows(
    madeUpTree({
      "packages/protocol/src/a.ts": `import { z } from "zod"; import { b } from "./b.ts";`,
      "packages/core/src/a.ts": `import { a } from "@echoo/protocol";`,
      "packages/accounts/src/a.ts": `import { a } from "@echoo/core"; import { jwtVerify } from "jose";`,
      "packages/storage/src/a.ts": `import { a } from "@echoo/core"; import { b } from "./records/b.ts";`,
      "packages/storage/src/testing.ts": `export { a } from "./journal/a.ts"; export { b } from "./store-mongo/b.ts";`,
      "packages/storage/src/index.ts": `export { a } from "./store-sqlite/a.ts"; export { b } from "./store-mongo/b.ts";`,
      "packages/server/src/ws/a.ts": `import { b } from "./deep/b.ts"; import { c } from "../web/c.ts"; import ws from "ws";`,
      "packages/server/src/main.ts": `import { a } from "./ws/a.ts"; import { b } from "./http/b.ts";`,
      "packages/server/src/composition/a.ts": `import { a } from "@echoo/storage"; import { b } from "../ws/b.ts";`,
      "packages/server/test/a.test.ts": `import { clock } from "@echoo/testkit"; import { a } from "../src/ws/a.ts";`,
      "packages/server/test/b.test.ts": `import { a } from "@echoo/storage/testing";`,
      "packages/client/src/a.ts": `import { a } from "@echoo/protocol";`,
      "packages/testkit/src/a.ts": `import { a } from "@echoo/core"; import { b } from "node:net";`,
      "apps/phone/src/a.tsx": `import { a } from "@echoo/client"; import { b } from "preact";`,
    }),
  );
  assert.deepEqual(places(findings), []);
});
