import assert from "node:assert/strict";
import { test } from "node:test";
import { checkTree } from "../tidy/check-tree.ts";
import { describeFinding } from "../tidy/finding.ts";
import { checkDeclaredDependencies } from "../tidy/rules/declared-dependencies.ts";
import { checkFileNames } from "../tidy/rules/file-names.ts";
import { checkLocalTraces } from "../tidy/rules/local-traces.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

test("a package that is not listed is found, in sources and in tests", () => {
  const findings = checkDeclaredDependencies(
    madeUpTree({
      "packages/client/src/a.ts": `import ws from "ws";`,
      "packages/client/test/a.test.ts": `import { x } from "jose/errors";`,
      "scripts/a.ts": `import { x } from "zod";`,
    }),
  );
  assert.deepEqual(places(findings), [
    "packages/client/src/a.ts:1",
    "packages/client/test/a.test.ts:1",
    "scripts/a.ts:1",
  ]);
  assert.match(findings[1]?.remedy ?? "", /npm install -w packages\/client -D jose/);
});

test("shipped code may not rest on what is listed for development, except for its types", () => {
  const findings = checkDeclaredDependencies(
    madeUpTree({
      "packages/server/src/a.ts": `import { x } from "@echoo/testkit";`,
      "packages/server/src/b.ts": `import type { x } from "@echoo/testkit";`,
    }),
  );
  assert.deepEqual(places(findings), ["packages/server/src/a.ts:1"]);
});

test("tests share the tools of the root and the other workspaces", () => {
  const findings = checkDeclaredDependencies(
    madeUpTree({
      "packages/client/test/a.test.ts": `import fc from "fast-check"; import { x } from "@echoo/testkit"; import "node:fs";`,
    }),
  );
  assert.deepEqual(places(findings), []);
});

test("names that fit anything, and names that are not kebab-case, are found", () => {
  const bad = ["utils.ts", "string-helpers.ts", "call-manager.ts", "types.ts", "ringTimeout.ts", "Avatar.tsx"];
  const files = [...bad, "ring-timeout.ts", "ring-timeout.test.ts", "vite.config.ts"].map((name) => [
    `packages/core/src/${name}`,
    "",
  ]);
  assert.deepEqual(
    places(checkFileNames(madeUpTree(Object.fromEntries(files)))),
    bad.map((name) => `packages/core/src/${name}`),
  );
});

test("folders of a machine and hosts of registries are found in any text", () => {
  // Put together here, or this file would be a finding itself.
  const home = ["", "home", "ann", "echoo"].join("/");
  const registry = ["https:/", "registry.example.org", "zod.tgz"].join("/");
  const findings = checkLocalTraces(
    madeUpTree({
      "docs/a.md": `see\n${home}`,
      "b.json": `"${registry}"`,
      "c.md": "in /srv/checkout/x",
      "fine.md": "see ./docs and /var/lib/echoo",
    }),
    ["/srv/checkout"],
  );
  assert.deepEqual(places(findings), ["docs/a.md:2", "b.json:1", "c.md:1"]);
});

test("a finding says where it is, what is wrong and what to do, in one line", () => {
  const [finding] = checkTree(madeUpTree({ "packages/core/src/a.ts": "\nDate.now();\n" }), []);
  assert.ok(finding);
  assert.match(
    describeFinding(finding),
    /^packages\/core\/src\/a\.ts:2 {2}\[banned-calls\] Date\.now is used .*\. Take a Clock/,
  );
});
