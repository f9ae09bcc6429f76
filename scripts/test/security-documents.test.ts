import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findTests } from "../testing/test-files.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = ["SECURITY.md", "docs/security/asvs.md"];

/** Where a document's links lead within the project, as paths from its root. */
function linked(document: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const files = targets.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*$/, ""));
  return files.map((file) => normalize(join(dirname(document), file)));
}

/** What is wrong with these paths: not there, or a test that `npm test` does not run. */
function faultsOf(paths: readonly string[], run: ReadonlySet<string>): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(join(root, path))) return [`${path} does not exist`];
    return path.endsWith(".test.ts") && !run.has(path) ? [`${path} is not run`] : [];
  });
}

function read(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The rows of the tables with so many columns, without their heads. */
function rowsOf(text: string, columns: number): string[][] {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) => row.slice(1, -1).split("|"));
  const full = cells.filter((row) => row.length === columns && !row.every((cell) => /^-+$/.test(cell.trim())));
  return full.map((row) => row.map((cell) => cell.trim()));
}

const { fast, slow, browser } = findTests(root, []);
const run = new Set([...fast, ...slow, ...browser]);

for (const document of documents) {
  test(`every file that ${document} names is there, and every test in it is run`, () => {
    const paths = linked(document, read(document));
    assert.ok(paths.filter((path) => path.endsWith(".test.ts")).length > 40, `${paths.length} links were found`);
    assert.deepEqual(faultsOf(paths, run), []);
  });
}

test("a test that was renamed, or that is not run, is found out", () => {
  const text = "[a](packages/gone.test.ts) [b](../scripts/test/setup.test.ts#x) [c](https://a.example/) [d](#here)";
  const paths = linked("docs/a.md", text);
  assert.deepEqual(paths, ["docs/packages/gone.test.ts", "scripts/test/setup.test.ts"]);
  assert.deepEqual(faultsOf(paths, run), ["docs/packages/gone.test.ts does not exist"]);
  assert.deepEqual(faultsOf(paths.slice(1), new Set()), ["scripts/test/setup.test.ts is not run"]);
});

test("each promise, and each adversary, has a test", () => {
  const text = read("SECURITY.md");
  for (const [heading, columns, least] of [
    ["## Promises", 3, 12],
    ["## What each adversary", 4, 20],
  ] as const) {
    const section = text.slice(text.indexOf(heading)).split("\n## ")[0] ?? "";
    const [, ...rows] = rowsOf(section, columns);
    assert.ok(rows.length >= least, `${heading} has ${rows.length} rows`);
    for (const row of rows) assert.match(row.at(-1) ?? "", /\.test\.ts\)/, row[0]);
  }
});

/** Level 1 of ASVS 5.0.0, by section. */
const levelOne: Readonly<Record<string, readonly number[]>> = {
  ...{ "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2], "1.5": [1], "2.1": [1], "2.2": [1, 2], "2.3": [1], "3.2": [1, 2] },
  ...{ "3.3": [1], "3.4": [1, 2], "3.5": [1, 2, 3], "4.1": [1], "4.4": [1], "5.2": [1, 2], "5.3": [1, 2], "6.1": [1] },
  ...{ "6.2": [1, 2, 3, 4, 5, 6, 7, 8], "6.3": [1, 2], "6.4": [1, 2], "7.2": [1, 2, 3, 4], "7.4": [1, 2], "8.1": [1] },
  ...{ "8.2": [1, 2], "8.3": [1], "9.1": [1, 2, 3], "9.2": [1], "10.4": [1, 2, 3, 4, 5], "11.3": [1, 2], "11.4": [1] },
  ...{ "12.1": [1], "12.2": [1, 2], "13.4": [1], "14.2": [1], "14.3": [1], "15.1": [1], "15.2": [1], "15.3": [1] },
};

test("the table of ASVS has all of level 1, each requirement once, with a verdict", () => {
  const rows = rowsOf(read("docs/security/asvs.md"), 5).filter(([number]) => number !== "#");
  const numbers = rows.flatMap(([number = ""]) => {
    const [, section = "", first = "", last = first] = /^(\d+\.\d+)\.(\d+)(?: – \1\.(\d+))?$/.exec(number) ?? [];
    assert.notEqual(section, "", `${number} is no number of a requirement`);
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => `${section}.${Number(first) + at}`);
  });
  assert.equal(new Set(numbers).size, numbers.length, "a requirement is there twice");
  const wanted = Object.entries(levelOne).flatMap(([section, each]) => each.map((number) => `${section}.${number}`));
  assert.equal(wanted.length, 70);
  assert.deepEqual(
    wanted.filter((number) => !numbers.includes(number)),
    [],
  );
  for (const [number, , , verdict = "", how = ""] of rows) {
    assert.match(verdict, /^\*\*(met|operator|partly|not met|n\/a)\*\*$/, number);
    assert.ok(how.length > 3, `${number} says nothing of how`);
  }
});
