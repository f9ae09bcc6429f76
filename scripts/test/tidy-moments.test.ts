import assert from "node:assert/strict";
import { test } from "node:test";
import { checkMoments } from "../tidy/rules/moments.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

const plain = [
  "interface A { readonly createdAtMs: number }",
  "interface A { lostAtMs?: number }",
  "class A { #readAtMs: number | undefined }",
  "function f(nowMs: number): void {}",
  "const f = (provenAtMs?: number) => provenAtMs;",
  "type F = (atMs: number) => void;",
];

for (const code of plain) {
  test(`${code} names a moment of no clock`, () => {
    const findings = checkMoments(
      madeUpTree({
        "packages/core/src/a.ts": `\n${code}\n`,
        "apps/phone/src/a.ts": code,
        "packages/core/test/a.ts": code,
        "bench/src/a.ts": code,
      }),
    );
    assert.deepEqual(places(findings), ["packages/core/src/a.ts:2", "apps/phone/src/a.ts:1"]);
  });
}

test("a moment of either clock is fine, and so is a length", () => {
  const code = "interface A { atMs: Instant; lostAtMs?: Steady; ringMs: number; delayMs: number | undefined }";
  assert.deepEqual(checkMoments(madeUpTree({ "packages/core/src/a.ts": code })), []);
});
