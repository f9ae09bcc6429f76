import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../setup/root.mjs";
import { run } from "../setup/run.mjs";
import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";

const sources = join(root, "packages/cluster/test/linearizability/checker");
const built = join(root, ".cache/services/porcupine/checker");

function findGo() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/go/bin"].filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "go")).find((file) => existsSync(file));
}

/**
 * Builds the checker of histories of locks, with Go, into the checkout's own cache; a moment where nothing has changed.
 * Where it cannot be had, the test itself says so: it is skipped aloud, or fails under CI=true.
 */
export async function ensurePorcupine() {
  if (findGo() === undefined && hasApt()) await aptInstall(["golang-go"], "the histories of locks");
  const go = findGo();
  mkdirSync(join(root, ".cache/services/porcupine"), { recursive: true });
  const code = go === undefined ? 1 : await run(go, ["build", "-C", sources, "-o", built, "."]);
  if (code !== 0) {
    say(
      "The checker of histories could not be built: it needs Go 1.24 or later, or the histories of locks cannot be checked.",
    );
  }
}
