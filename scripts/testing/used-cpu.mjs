import { readFileSync, writeFileSync } from "node:fs";

/** The unit of times in /proc: USER_HZ, 100 on every Linux. */
const ticksPerSecond = 100;

/** What this process took of the cores so far, with all that it started and that has ended; nothing where no /proc says so. */
function usedSeconds() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The second field is a name in brackets that may hold anything; the third comes after its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / ticksPerSecond;
}

/** Leaves the seconds in the file that the runner of this process has named, if it has. */
export function leaveUsedCpu() {
  const file = process.env.ECHOO_TEST_CPU_FILE;
  if (file === undefined) return;
  try {
    writeFileSync(file, String(usedSeconds()));
  } catch {
    // A system without /proc: the line of this job has no cores.
  }
}

/** @param {string} file @returns {number | undefined} the seconds that were left there */
export function readUsedCpu(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
