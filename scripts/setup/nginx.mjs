import { existsSync } from "node:fs";
import { aptInstall, hasApt } from "./apt-install.mjs";
import { say } from "./say.mjs";

const hasNginx = () =>
  [...(process.env.PATH ?? "").split(":"), "/usr/sbin"].some(
    (folder) => folder !== "" && existsSync(`${folder}/nginx`),
  );

/** Gets nginx for the test of the guide's configuration, through apt where it may. It is not started. */
export async function ensureNginx() {
  if (hasNginx()) return;
  if (hasApt()) await aptInstall(["nginx"], "the test of the guide's configuration");
  else say("nginx is missing: install it (Debian: apt-get install nginx), or its test cannot run.");
}
