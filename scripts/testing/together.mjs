import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { leaveUsedCpu } from "./used-cpu.mjs";

process.once("exit", leaveUsedCpu);

// Runs the test files of its arguments in this one process, which loads what they share once.
for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    // A file that does not load takes no other with it, and is a failed test by its name.
    test(file, () => {
      throw error;
    });
  }
}
