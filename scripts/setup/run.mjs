import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./root.mjs";

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];
/** Commands that run now, for this process may run several at once. */
let running = 0;

/**
 * Runs a command in the checkout with this terminal and resolves with its exit code. A signal for this process goes on to
 * the command, and this process ends once all of its commands have: nothing is left running behind.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, limitMs?: number, stdio?: import("node:child_process").StdioOptions }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.stdio ?? "inherit",
    });
    running += 1;
    /** @type {NodeJS.Signals | undefined} */
    let stoppedBy;
    /** @param {NodeJS.Signals} signal */
    const onSignal = (signal) => {
      stoppedBy = signal;
      child.kill(signal);
    };
    for (const signal of passedOn) process.on(signal, onSignal);
    const limit = options.limitMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.limitMs);
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(limit);
      for (const signal of passedOn) process.off(signal, onSignal);
      running -= 1;
      if (stoppedBy === undefined) return resolve(code);
      if (running === 0) process.exit(128 + constants.signals[stoppedBy]);
    };
    child.once("error", (error) => {
      process.stderr.write(`[echoo] ${command} did not start: ${error.message}\n`);
      end(127);
    });
    child.once("exit", (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
