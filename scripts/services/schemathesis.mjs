import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/root.mjs";
import { run } from "../setup/run.mjs";
import { say, seconds } from "../setup/say.mjs";

const version = "4.32.5";
const home = join(root, `.cache/services/schemathesis-${version}`);
const venv = join(home, "venv");
/** Written last, so that a fetch that was cut short is not taken for a whole one: a venv cannot be moved. */
const whole = join(home, "whole");

const hasSchemathesis = () => existsSync(whole);

/**
 * Gets schemathesis for the test of the REST contract: with pip, into a Python environment in the checkout's own cache.
 * Where it cannot be had, the test itself says so: it is skipped aloud, or fails under CI=true.
 */
export async function ensureSchemathesis() {
  if (hasSchemathesis()) return;
  const startedMs = Date.now();
  say(`Fetching schemathesis ${version} (90 MB unpacked) with pip for the test of the REST contract…`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `schemathesis==${version}`];
  const isMade = (await run("python3", ["-m", "venv", venv])) === 0;
  const isFetched = isMade && (await run(join(venv, "bin/python"), pip)) === 0;
  if (isFetched) mkdirSync(whole);
  say(
    isFetched
      ? `schemathesis fetched in ${seconds(startedMs)}.`
      : "schemathesis could not be fetched: it needs Python 3.10 or later with venv and pip (Debian: apt-get install python3-venv), or the test of the REST contract cannot run.",
  );
}
