import assert from "node:assert/strict";
import { test } from "node:test";
import { programArguments } from "@echoo/testkit";

const main = new URL("file:///checkout/packages/server/src/main.ts");
const sources = ["--conditions=source", "--import", "tsx"];

test("a program runs from its sources, and a package's own from the build where that was made just now", () => {
  assert.deepEqual(programArguments(main, {}), [...sources, "/checkout/packages/server/src/main.ts"]);
  assert.deepEqual(programArguments(main, { ECHOO_TEST_BUILT: "true" }), [
    "--enable-source-maps",
    "/checkout/packages/server/dist/main.js",
  ]);
});

test("what a test starts of its own runs from its sources always", () => {
  const own = new URL("file:///checkout/packages/testkit/test/fixtures/tiny-server.ts");
  assert.deepEqual(programArguments(own, { ECHOO_TEST_BUILT: "true" }), [...sources, own.pathname]);
});
