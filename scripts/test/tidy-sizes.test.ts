import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSizes, limits } from "../tidy/rules/sizes.ts";
import { madeUpTree, places } from "./made-up-tree.ts";

const lines = (count: number) => "x;\n".repeat(count);
/** A function of exactly this many lines. */
const functionOf = (count: number, body = lines(count - 2)) => `export function f() {\n${body}}\n`;

test("a file of 400 lines is fine, one line more is not", () => {
  const findings = checkSizes(
    madeUpTree({
      "packages/core/src/fits.ts": lines(limits.fileLines),
      "packages/core/src/long.ts": lines(limits.fileLines + 1),
      "apps/phone/src/long.css": lines(limits.fileLines + 1),
    }),
  );
  assert.deepEqual(places(findings), ["packages/core/src/long.ts", "apps/phone/src/long.css"]);
});

test("a function of 60 lines is fine, one line more is not", () => {
  const findings = checkSizes(
    madeUpTree({
      "packages/core/src/fits.ts": functionOf(limits.functionLines),
      "packages/core/src/long.ts": `\n${functionOf(limits.functionLines + 1)}`,
    }),
  );
  assert.deepEqual(places(findings), ["packages/core/src/long.ts:2"]);
});

test("arrow functions and methods have the same limit", () => {
  const body = lines(limits.functionLines);
  const findings = checkSizes(
    madeUpTree({
      "packages/core/src/arrow.ts": `export const f = () => {\n${body}};\n`,
      "packages/core/src/method.ts": `export class A {\n  f() {\n${body}  }\n}\n`,
    }),
  );
  assert.deepEqual(places(findings), ["packages/core/src/arrow.ts:1", "packages/core/src/method.ts:2"]);
});

test("a suite may hold many tests, a shipped function may not hide its length in closures", () => {
  const inner = `function g() {\n${lines(40)}}\nfunction h() {\n${lines(40)}}\n`;
  const findings = checkSizes(
    madeUpTree({
      "packages/core/src/closures.ts": functionOf(0, inner),
      "packages/core/test/suite.test.ts": functionOf(0, inner),
    }),
  );
  assert.deepEqual(places(findings), ["packages/core/src/closures.ts:1"]);
});
