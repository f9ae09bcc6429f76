import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./root.mjs";

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command in the checkout with this terminal and resolves with its exit code. A signal for this process goes on to
 * the command, and this process ends once the command has: nothing is left running behind.
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
      if (stoppedBy !== undefined) process.exit(128 + constants.signals[stoppedBy]);
      resolve(code);
    };
    child.once("error", (error) => {
      process.stderr.write(`[echoo] ${command} did not start: ${error.message}\n`);
      end(127);
    });
    child.once("exit", (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
