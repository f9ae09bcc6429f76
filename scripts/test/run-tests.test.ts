import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { findTests } from "../testing/test-files.mjs";

/** Runs one made-up test file and gives the counts. In a process of its own: its output is not ours. */
function countsOf(t: TestContext, code: string, fileLimitMs = 60_000): unknown {
  const folder = mkdtempSync(join(tmpdir(), "echoo-counts-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "made-up.test.ts");
  writeFileSync(file, `import { describe, test } from "node:test";\n${code}`);
  const runner = new URL("../testing/run-tests.mjs", import.meta.url).href;
  const bounds = JSON.stringify({ concurrency: 1, fileLimitMs, runLimitMs: 120_000 });
  const program = `const { runTests } = await import(${JSON.stringify(runner)});
    console.log("\\n" + JSON.stringify(await runTests([${JSON.stringify(file)}], ${bounds})));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

test("tests are counted, suites are not, and a skipped one keeps its reason", (t) => {
  const counts = countsOf(
    t,
    `describe("suite", () => { test("one", () => {}); test("two", { skip: "no browser" }, () => {}); });
     test("three", () => { throw new Error("wrong"); });`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: ["two (no browser)"] });
});

test("a file that fails before its first test is a failure", (t) => {
  assert.deepEqual(countsOf(t, `throw new Error("at load");`), { passed: 0, failed: 1, skipped: [] });
});

test("a file that never ends is stopped and is a failure", (t) => {
  const counts = countsOf(t, `test("hangs", () => { for (;;); });`, 2000);
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: [] });
});

test("the folder of a test file says when it runs, and filters are parts of paths", (t) => {
  const root = mkdtempSync(join(tmpdir(), "echoo-files-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const all = [
    "apps/phone/test/browser/c.test.ts",
    "packages/core/test/a.test.ts",
    "packages/core/test/slow/b.test.ts",
    "scripts/test/d.test.ts",
  ];
  for (const file of [...all, "packages/core/test/not-a-test.ts", "packages/core/src/e.test.ts"]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  const [browser, fast, slow, scripts] = all;
  assert.deepEqual(findTests(root, []), { fast: [fast, scripts], slow: [slow], browser: [browser] });
  assert.deepEqual(findTests(root, ["packages/core"]), { fast: [fast], slow: [slow], browser: [] });
  assert.deepEqual(findTests(root, ["nowhere"]), { fast: [], slow: [], browser: [] });
});
