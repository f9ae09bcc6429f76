import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBannedCalls } from "../tidy/rules/banned-calls.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

const banned = [
  "Date.now();",
  "const now = Date.now;",
  "new Date();",
  "Date();",
  "setTimeout(f, 1);",
  "setInterval(f, 1);",
  "setImmediate(f);",
  "globalThis.setTimeout(f, 1);",
  "Math.random();",
  "crypto.randomUUID();",
  "crypto.getRandomValues(bytes);",
  "globalThis.x = crypto.randomBytes(8);",
  `import { randomBytes } from "node:crypto";`,
  `import { setTimeout as wait } from "node:timers/promises";`,
];

for (const code of banned) {
  test(`${code} is for platform.ts alone`, () => {
    const findings = checkBannedCalls(
      madeUpTree({
        "packages/core/src/a.ts": `\n${code}\n`,
        "packages/core/src/platform.ts": code,
        "packages/core/test/a.test.ts": code,
        "scripts/a.ts": code,
      }),
    );
    assert.deepEqual(places(findings), ["packages/core/src/a.ts:2"]);
  });
}

test("only the platform.ts directly in src/ is exempt", () => {
  const findings = checkBannedCalls(madeUpTree({ "apps/phone/src/deep/platform.ts": "Date.now();" }));
  assert.deepEqual(places(findings), ["apps/phone/src/deep/platform.ts:1"]);
});

test("times that are given, and names that only look alike, are fine", () => {
  const code = `new Date(atMs); clock.now(); port.setTimeout(f, 1); clearTimeout(t); const text = "Date.now()"; // Math.random()
    import { createHash } from "node:crypto"; ids.randomUUID();`;
  assert.deepEqual(places(checkBannedCalls(madeUpTree({ "packages/core/src/a.ts": code }))), []);
});
