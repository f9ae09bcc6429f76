import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { swallowEchoedSignals } from "./one-signal.mjs";
import { root } from "./root.mjs";
import { giveUp } from "./say.mjs";
import { stopWithParent } from "./stop-with-parent.mjs";

/**
 * Runs the built server in this very process: signals, the exit code, the arguments and the terminal are its own, and
 * nothing outlives a kill.
 */
export async function becomeServer() {
  const main = join(root, "packages/server/dist/main.js");
  if (!existsSync(main))
    giveUp("There is no server to start: packages/server/src/main.ts is missing from this checkout.");
  process.argv[1] = main;
  process.setSourceMapsEnabled(true);
  if (process.env.npm_lifecycle_event !== undefined) {
    swallowEchoedSignals(process, () => performance.now());
    stopWithParent(process);
  }
  await import(pathToFileURL(main).href);
}
