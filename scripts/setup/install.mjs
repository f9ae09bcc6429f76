import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} Locked */

/**
 * The locked packages, or nothing where the file is missing or half-written.
 * @param {string} path
 * @returns {Record<string, Locked> | undefined}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Says whether node_modules holds what package-lock.json asks for. It compares contents, not times: a checkout touches
 * files without changing them. npm writes its own record of node_modules last, so an interrupted installation counts as none.
 * @param {string} folder
 * @returns {"missing" | "stale" | "current"}
 */
export function stateOfInstall(folder) {
  const present = readLock(join(folder, "node_modules/.package-lock.json"));
  if (present === undefined) return "missing";
  const wanted = readLock(join(folder, "package-lock.json"));
  if (wanted === undefined) return "current";
  for (const [path, locked] of Object.entries(wanted)) {
    if (!path.includes("node_modules/")) continue;
    const found = present[path];
    if (found === undefined && !locked.optional && !locked.devOptional && !locked.peer) return "stale";
    if (found !== undefined && found.version !== locked.version) return "stale";
  }
  return "current";
}

/** Installs what package-lock.json asks for where it is not there yet. */
export async function ensureInstalled() {
  const state = stateOfInstall(root);
  if (state === "current") return;
  const startedMs = Date.now();
  // A stale folder is brought up to date in place: `npm ci` would delete it under a server that runs from it.
  const exact = state === "missing" && existsSync(join(root, "package-lock.json"));
  say(state === "missing" ? "Installing the packages (a minute the first time)…" : "Bringing the packages up to date…");
  let code = await npm([exact ? "ci" : "install"]);
  if (code !== 0 && exact) {
    say("`npm ci` failed; trying `npm install`, which accepts a package.json that is ahead of the lock file…");
    code = await npm(["install"]);
  }
  if (code !== 0)
    throw new Error(
      "The packages could not be installed: npm's message above says why. Run `npm install` to see it again.",
    );
  say(`Packages installed in ${seconds(startedMs)}.`);
}

/** @param {readonly string[]} args */
function npm(args) {
  // npm tells where it is: the one that runs us is the right one, even where another is first on PATH.
  const cli = process.env.npm_execpath;
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // NODE_ENV=production would leave out the compiler that the build needs.
  const env = { NODE_ENV: "development" };
  if (cli?.endsWith(".js")) return run(process.execPath, [cli, ...args, ...quiet], { env });
  return run(process.platform === "win32" ? "npm.cmd" : "npm", [...args, ...quiet], { env });
}
