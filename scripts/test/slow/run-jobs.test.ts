import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

const runnerUrl = new URL("../../testing/run-jobs.mjs", import.meta.url).href;
const limits = { jobLimitMs: 60_000, runLimitMs: 120_000 };

interface MadeUpJob {
  readonly files: readonly string[];
  readonly cores?: number;
  readonly seconds?: number;
}

/** Runs jobs of made-up test files. In a process of its own: its output is not ours. */
function runMadeUp(t: TestContext, files: Readonly<Record<string, string>>, jobs: readonly MadeUpJob[], more = {}) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-jobs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, code] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { describe, test } from "node:test";\n${code}`);
  }
  const given = jobs.map((job) => ({
    ...{ name: job.files.join(" "), cores: 1, seconds: 1, ...job },
    files: job.files.map((file) => join(folder, file)),
  }));
  const program = `const { runJobs } = await import(${JSON.stringify(runnerUrl)});
    console.log("\\n" + JSON.stringify(await runJobs(${JSON.stringify(given)}, ${JSON.stringify({ ...limits, ...more })})));`;
  const options = { encoding: "utf8", env: { ...process.env, MADE_UP: folder } } as const;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], options);
  return { folder, stdout, counts: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") };
}

/** Of one file alone. */
function countsOf(t: TestContext, code: string, more = {}): unknown {
  return runMadeUp(t, { "made-up.test.ts": code }, [{ files: ["made-up.test.ts"] }], more).counts;
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
  const counts = countsOf(t, `test("hangs", () => { for (;;); });`, { jobLimitMs: 2000 });
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: [] });
});

test("a process that ends before its tests have is a failure", (t) => {
  assert.deepEqual(countsOf(t, `test("ends all", () => { process.exit(0); });`), {
    passed: 0,
    failed: 1,
    skipped: [],
  });
});

test("files that share a process are all counted, and one that does not load takes no other with it", (t) => {
  const files = {
    "a.test.ts": `test("a", () => {});`,
    "b.test.ts": `throw new Error("at load");`,
    "c.test.ts": `test("c", () => { throw new Error("wrong"); }); test("d", () => {});`,
  };
  const { counts } = runMadeUp(t, files, [{ files: Object.keys(files) }]);
  assert.deepEqual(counts, { passed: 2, failed: 2, skipped: [] });
});

test("what is left when the time of the whole run is over fails", (t) => {
  const files = { "hangs.test.ts": `test("hangs", () => { for (;;); });`, "next.test.ts": `test("next", () => {});` };
  const jobs = Object.keys(files).map((file) => ({ files: [file], cores: 2 }));
  assert.deepEqual(runMadeUp(t, files, jobs, { runLimitMs: 2000 }).counts, { passed: 0, failed: 2, skipped: [] });
});

test("jobs run side by side, and what each wrote comes in one piece", (t) => {
  // Each waits for the other, which must be running then.
  const waits = (own: string, other: string) => `import { existsSync, watch, writeFileSync } from "node:fs";
    const folder = process.env.MADE_UP;
    test("${own}", async () => {
      console.log("${own} begins");
      const watcher = watch(folder);
      const met = new Promise((resolve) => {
        const look = () => existsSync(folder + "/${other}") && resolve();
        watcher.on("change", look);
        setImmediate(look);
      });
      writeFileSync(folder + "/${own}", "");
      await met;
      watcher.close();
      console.log("${own} ends");
    });`;
  const files = { "x.test.ts": waits("x", "y"), "y.test.ts": waits("y", "x") };
  const jobs = Object.keys(files).map((file) => ({ files: [file] }));
  const { counts, stdout } = runMadeUp(t, files, jobs);
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: [] });
  const words = stdout.match(/\b[xy] (begins|ends)/g)?.join(", ");
  assert.ok(
    ["x begins, x ends, y begins, y ends", "y begins, y ends, x begins, x ends"].includes(String(words)),
    words,
  );
});
