import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findTests } from "../testing/test-files.mjs";
import { type ShownRow, shownRows } from "./limits/shown-rows.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const document = "docs/guide/limits.md";

/** The rows of the tables of bounds by the heading above them; what floods came to is no bound. */
function boundsIn(text: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const section of text.split(/^##+ /m).slice(1)) {
    const [heading = "", ...paragraphs] = section.split(/\n\n+/);
    if (heading === "What it comes to") continue;
    const rows = paragraphs.filter((paragraph) => paragraph.startsWith("|")).flatMap((table) => rowsOf(heading, table));
    if (rows.length === 0) continue;
    found[heading] = Object.fromEntries(rows.map((row) => [cellsOf(row)[0] ?? "", row]));
    assert.equal(Object.keys(found[heading]).length, rows.length, `${heading}: two rows have the same name`);
  }
  return found;
}

/** The rows of a table below its head. An empty line among them would end it. */
function rowsOf(heading: string, table: string): string[] {
  const [, line = "", ...rows] = table.trimEnd().split("\n");
  assert.match(line, /^\|-/, `${heading}: a row that no table has: ${table.slice(0, 60)}`);
  return rows;
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/** Whether a figure is there as it stands, and not as a part of a longer one. */
function says(row: string, figure: string): boolean {
  const quoted = figure.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\d.,])${quoted}(?!\\d|[.,]\\d)`).test(row);
}

const { fast, slow, browser } = findTests(root, []);
const run = new Set([...fast, ...slow, ...browser]);
const sources = new Map<string, string>();

function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(join(root, file), "utf8");
  sources.set(file, source);
  return source;
}

/** What every store, or every journal, is tested with is run by the test files that call it. */
const suites: Readonly<Record<string, string>> = {
  "packages/testkit/src/conformance/journal/": "journalConformance(",
  "packages/testkit/src/conformance/store/": "storeConformance(",
  "packages/cluster/test/conformance/": "scriptsConformance(",
  "packages/cluster/test/shared/shared-conformance.ts": "sharedConformance(",
};

function isRun(file: string): boolean {
  const [, suite] = Object.entries(suites).find(([folder]) => file.startsWith(folder)) ?? [];
  return suite === undefined ? run.has(file) : [...run].some((other) => sourceOf(other).includes(suite));
}

/** What is wrong with the tests of a row: a file that is not run, or a title that is not one test's in it. */
function faultsOf({ shown }: ShownRow): string[] {
  return Object.entries(shown).flatMap(([file, titles]) => {
    if (!isRun(file)) return [`${file} is not run`];
    return [titles].flat().flatMap((title) => {
      const written = ['"', "`"].map((quote) => `${quote}${title}${quote}`);
      const tests = sourceOf(file).matchAll(/^\s*(?:(?:test|it)\(\s*|check\(\s*)("[^"]*"|`[^`]*`)/gm);
      const count = [...tests].filter(([, text = ""]) => written.includes(text)).length;
      return count === 1 ? [] : [`${file} has ${count} tests "${title}"`];
    });
  });
}

const bounds = boundsIn(readFileSync(join(root, document), "utf8"));

test("every bound of the guide has a test of one past it, and no test stands for a bound that is gone", () => {
  const named = (of: Readonly<Record<string, object>>) =>
    Object.entries(of).flatMap(([heading, rows]) => Object.keys(rows).map((name) => `${heading}: ${name}`));
  const [told, shown] = [named(bounds), named(shownRows)];
  assert.ok(told.length > 80, `${told.length} rows were found`);
  assert.deepEqual(shown.toSorted(), told.toSorted());
  for (const [heading, rows] of Object.entries(shownRows)) {
    for (const [name, row] of Object.entries(rows)) {
      assert.ok(Object.values(row.shown).flat().length > 0, `${heading}: ${name} has no test`);
      assert.deepEqual(faultsOf(row), [], `${heading}: ${name}`);
    }
  }
});

test("the figures of the guide are those of the code", () => {
  const wrong = Object.entries(shownRows).flatMap(([heading, rows]) =>
    Object.entries(rows).flatMap(([name, { figures = [] }]) => {
      const row = bounds[heading]?.[name] ?? "";
      const untold = figures.filter((figure) => !says(row, figure)).map((figure) => `${heading}: ${name} is ${figure}`);
      // What a row says in digits is taken from the code.
      const said = heading === "Which end goes" ? name : (cellsOf(row)[1] ?? "");
      const isUntied = figures.length === 0 && /\d/.test(said);
      return isUntied ? [`${heading}: ${name} has no figures of the code`] : untold;
    }),
  );
  assert.deepEqual(wrong, []);
});

test("a row without a test, a test that is gone, and a figure that drifted are found out", () => {
  const text = "## A\n\n| what | limit |\n|---|---|\n| x | 12,000 |\n| y | 3 |\n\n## What it comes to\n\n| z | 1 |";
  assert.deepEqual(boundsIn(text), { A: { x: "| x | 12,000 |", y: "| y | 3 |" } });
  const head = "| what | limit |\n|---|---|\n";
  assert.throws(() => boundsIn(`${text}\n\n## B\n\n${head}| x | 1 |\n| x | 2 |`), /two rows/);
  assert.throws(() => boundsIn(`${text}\n\n## B\n\n${head}| x | 1 |\n\n| y | 2 |`), /no table/);
  assert.ok(says("| x | 12,000 |", "12,000") && says("| x | 2, then 5 |", "2"));
  for (const figure of ["2,000", "12", "000", "1.2"]) assert.ok(!says("| x | 12,000 and 1.25 |", figure), figure);
  const here = "scripts/test/limits-document.test.ts";
  const own = "the figures of the guide are those of the code";
  assert.deepEqual(faultsOf({ shown: { [here]: own } }), []);
  assert.deepEqual(faultsOf({ shown: { [here]: [own, "gone"] } }), [`${here} has 0 tests "gone"`]);
  assert.deepEqual(faultsOf({ shown: { "packages/gone.test.ts": "x" } }), ["packages/gone.test.ts is not run"]);
});
