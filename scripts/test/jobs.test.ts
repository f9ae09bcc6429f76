import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allJobs, fastJobs, slowJobs } from "../testing/jobs.mjs";
import { fits, inOrder } from "../testing/run-jobs.mjs";
import { endToEnd, findTests } from "../testing/test-files.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("jobs run beside each other as far as two cores reach, and six of them at most", () => {
  const job = (cores: number) => ({ name: "", files: [], cores, seconds: 1 });
  assert.equal(fits(job(3), []), true);
  assert.equal(fits(job(1), [job(1)]), true);
  assert.equal(fits(job(0.25), [job(1), job(1)]), false);
  assert.equal(fits(job(1.25), [job(1)]), false);
  assert.equal(fits(job(0.25), Array(5).fill(job(0.25))), true);
  assert.equal(fits(job(0.25), Array(6).fill(job(0.25))), false);
});

test("the folder of a test file says when it runs, and filters are parts of paths", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "echoo-files-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const all = [
    "apps/phone/test/browser/c.test.ts",
    "packages/core/test/a.test.ts",
    "packages/core/test/slow/b.test.ts",
    "scripts/test/d.test.ts",
  ];
  for (const file of [...all, "packages/core/test/not-a-test.ts", "packages/core/src/e.test.ts"]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
  const [browser, fast, slow, scripts] = all;
  assert.deepEqual(findTests(folder, []), { fast: [fast, scripts], slow: [slow], browser: [browser] });
  assert.deepEqual(findTests(folder, ["packages/core"]), { fast: [fast], slow: [slow], browser: [] });
  assert.deepEqual(findTests(folder, ["nowhere"]), { fast: [], slow: [], browser: [] });
});

test("the fast tests of a workspace share processes", () => {
  const fast = Array.from({ length: 41 }, (_, n) => `packages/server/test/${n}.test.ts`);
  const jobs = fastJobs(["packages/core/test/a.test.ts", ...fast]);
  assert.deepEqual(
    jobs.map(({ name, files }) => [name, files.length]),
    [
      ["fast tests of packages/core", 1],
      ["fast tests of packages/server (1 of 2)", 21],
      ["fast tests of packages/server (2 of 2)", 20],
    ],
  );
  assert.deepEqual(jobs.flatMap(({ files }) => files).slice(1), fast);
});

test("slow files of a folder share a process where that folder allows it, for a minute at most", () => {
  const socket = Array.from({ length: 20 }, (_, n) => `packages/server/test/ws/${10 + n}.test.ts`);
  const files = [
    "bench/test/slow/a.test.ts",
    "bench/test/slow/b.test.ts",
    ...socket,
    "packages/server/test/app/c.test.ts",
  ];
  const jobs = slowJobs(files);
  assert.deepEqual(
    jobs.map(({ name }) => name),
    [
      "bench/test/slow/a.test.ts",
      "bench/test/slow/b.test.ts",
      "16 files of packages/server/test/ws, from 10 to 25",
      "4 files of packages/server/test/ws, from 26 to 29",
      "packages/server/test/app/c.test.ts",
    ],
  );
  assert.deepEqual(
    jobs.flatMap((job) => job.files),
    files,
  );
  for (const { seconds, cores } of jobs) assert.ok(seconds <= 60 && cores > 0, `${seconds} s, ${cores} cores`);
});

test("files that may share do so past others of their folder, and browser files for longer", () => {
  const slow = ["canaries", "every-column", "growth", "store-check"].map(
    (name) => `packages/server/test/slow/${name}.test.ts`,
  );
  const browser = Array.from({ length: 10 }, (_, n) => `apps/phone/test/browser/${n}.test.ts`);
  assert.deepEqual(
    slowJobs([...slow, ...browser]).map(({ files }) => files),
    [[slow[0], slow[1], slow[3]], [slow[2]], browser],
  );
});

test("everything runs once, and what must hold on any store once more on MongoDB", () => {
  const found = findTests(root, []);
  const jobs = allJobs(found, { onMongodb: true });
  const files = (wanted: typeof jobs) => wanted.flatMap((job) => job.files).sort();
  const onMongodb = jobs.filter(({ env }) => env?.ECHOO_TEST_STORE === "mongodb");
  const { server, browser } = endToEnd(found);
  assert.deepEqual(files(onMongodb), [...server, ...browser].sort());
  assert.ok(server.length > 0 && browser.length > 0);
  const rest = jobs.filter((job) => !onMongodb.includes(job));
  assert.deepEqual(files(rest), [...found.fast, ...found.slow, ...found.browser].sort());
  assert.deepEqual(files(allJobs(found, { onMongodb: false })), files(rest));
});

test("browsers come first and never two at once, then the longest", () => {
  const jobs = inOrder(allJobs(findTests(root, []), { onMongodb: true }));
  const isBrowser = jobs.map(({ files }) => files.some((file) => file.includes("/test/browser/")));
  const firstOther = isBrowser.indexOf(false);
  assert.equal(isBrowser.lastIndexOf(true), firstOther - 1);
  const [one, two, ...others] = jobs;
  assert.ok(one && two && !fits(two, [one]));
  const lengths = jobs.slice(firstOther).map(({ seconds }) => seconds);
  assert.deepEqual(
    lengths,
    lengths.toSorted((a, b) => b - a),
  );
  assert.ok(
    others.some((job) => fits(job, [one])),
    "nothing runs beside a browser",
  );
});
