import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";
import { isOnPath } from "./on-path.mjs";

/** Gets nginx for the test of the guide's configuration, through apt where it may. It is not started. */
export async function ensureNginx() {
  if (isOnPath("nginx", ["/usr/sbin"])) return;
  if (hasApt()) await aptInstall(["nginx"], "the test of the guide's configuration");
  else say("nginx is missing: install it (Debian: apt-get install nginx), or its test cannot run.");
}
