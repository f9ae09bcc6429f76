import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { verdictRows } from "../../packages/core/src/verdict/verdict-rules.ts";
import { realFaults } from "../verdicts/real-faults.ts";

const root = new URL("../../", import.meta.url);

test("a row that is said to be shown by the real fault has a test of that title", () => {
  const rows = new Set(verdictRows.map(({ phase, code }) => `${phase}: ${code}`));
  for (const [row, { file, title }] of Object.entries(realFaults)) {
    assert.ok(rows.has(row), `${row} is no row of the table`);
    assert.ok(readFileSync(new URL(file, root), "utf8").includes(title), `${file} has no test "${title}"`);
  }
});

test("the guide explains every verdict", () => {
  const guide = readFileSync(new URL("docs/guide/why.md", root), "utf8");
  const codes = new Set([...verdictRows.map(({ code }) => code), "unknown"]);
  assert.deepEqual(
    [...codes].filter((code) => !guide.includes(`\`${code}\``)),
    [],
  );
});
