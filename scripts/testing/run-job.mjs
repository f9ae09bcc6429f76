import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../setup/run.mjs";
import { readUsedCpu } from "./used-cpu.mjs";

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Counts */

/**
 * Test files that one process runs, one after the other, and what that takes: how many cores it keeps busy, and about how
 * long.
 * @typedef {{ name: string, files: readonly string[], cores: number, seconds: number, env?: Record<string, string> }} Job
 */

/** @param {string} path @returns {Counts | undefined} */
function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Runs one job under node:test and tells what came of it and what it wrote, which does not mix with what other jobs write
 * meanwhile. It cannot hang: it is killed at its limit.
 * @param {Job} job
 * @param {number} limitMs
 * @returns {Promise<{ counts: Counts, output: string, cpuSeconds: number | undefined }>} its CPU where the system tells it
 */
export async function runJob({ files, env }, limitMs) {
  const folder = mkdtempSync(join(tmpdir(), "echoo-job-"));
  const [counted, written, used] = [join(folder, "counts.json"), join(folder, "output.txt"), join(folder, "cpu.txt")];
  const output = openSync(written, "a");
  try {
    const code = await run(
      process.execPath,
      [
        ...["--conditions=source", "--import", "tsx", "--enable-source-maps"],
        ...["--test-reporter=./scripts/testing/spec-reporter.mjs", "--test-reporter-destination=stdout"],
        ...["--test-reporter=./scripts/testing/tally-reporter.mjs", `--test-reporter-destination=${counted}`],
        ...["scripts/testing/together.mjs", ...files],
      ],
      // A run started from inside a test must not report to that test: it would count nothing.
      {
        limitMs,
        env: { ...env, ECHOO_TEST_CPU_FILE: used, NODE_TEST_CONTEXT: undefined },
        stdio: ["inherit", output, output],
      },
    );
    const counts = readCounts(counted) ?? { passed: 0, failed: 1, skipped: [] };
    return {
      // A run that fails without a failing test (killed, out of memory) is a failure all the same.
      counts: code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts,
      output: readFileSync(written, "utf8"),
      cpuSeconds: readUsedCpu(used),
    };
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}
