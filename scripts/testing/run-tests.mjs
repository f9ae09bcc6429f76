import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../setup/run.mjs";

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Counts */

/** @param {string} path @returns {Counts | undefined} */
function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Runs test files under node:test and counts what came of them. Nothing can hang it: each file has a limit, and so has the
 * whole run.
 * @param {readonly string[]} files
 * @param {{ concurrency: number, fileLimitMs: number, runLimitMs: number, env?: Record<string, string> }} bounds
 * @returns {Promise<Counts>}
 */
export async function runTests(files, bounds) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-tally-"));
  const counted = join(folder, "counts.json");
  const code = await run(
    process.execPath,
    [
      ...["--conditions=source", "--import", "tsx", "--enable-source-maps", "--test"],
      ...[`--test-concurrency=${bounds.concurrency}`, `--test-timeout=${bounds.fileLimitMs}`],
      ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
      ...["--test-reporter=./scripts/testing/tally-reporter.mjs", `--test-reporter-destination=${counted}`],
      ...files,
    ],
    // Without NODE_TEST_CONTEXT a run started from inside a test would report to that test and count nothing.
    { limitMs: bounds.runLimitMs, env: { ...bounds.env, NODE_TEST_CONTEXT: undefined } },
  );
  const counts = readCounts(counted) ?? { passed: 0, failed: 1, skipped: [] };
  rmSync(folder, { recursive: true, force: true });
  // A run that fails without a failing test (killed, out of memory, nothing found) is a failure all the same.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
