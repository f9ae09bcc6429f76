import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";

/** Makes a checkout ready to run: packages installed, everything built. A few milliseconds where it is. */
export async function prepare() {
  await ensureInstalled();
  await ensureBuilt();
}
