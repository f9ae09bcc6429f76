import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.mjs";

const graceMs = 5000;

/**
 * Runs Node programs side by side until one of them ends or a signal comes; then stops the others too. Resolves with the
 * exit code of the one that ended first, 0 after a signal.
 * @param {readonly { args: string[], cwd: string, env?: Record<string, string> }[]} programs
 * @returns {Promise<number>}
 */
export async function runTogether(programs) {
  const children = programs.map(({ args, cwd, env }) =>
    spawn(process.execPath, args, { cwd: join(root, cwd), env: { ...process.env, ...env }, stdio: "inherit" }),
  );
  /** @type {Promise<number>[]} */
  const ends = children.map((child) => new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1))));
  /** @type {Promise<number>} */
  const stopped = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve(0));
  });
  const code = await Promise.race([stopped, ...ends]);
  for (const child of children) child.kill("SIGTERM");
  const impatience = setTimeout(() => {
    for (const child of children) child.kill("SIGKILL");
  }, graceMs);
  await Promise.all(ends);
  clearTimeout(impatience);
  return code;
}
