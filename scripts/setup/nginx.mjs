import { existsSync } from "node:fs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

const hasNginx = () =>
  [...(process.env.PATH ?? "").split(":"), "/usr/sbin"].some(
    (folder) => folder !== "" && existsSync(`${folder}/nginx`),
  );

/** Gets nginx for the test of the guide's configuration where this is Debian and we are root. It is not started. */
export async function ensureNginx() {
  if (hasNginx()) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say("nginx is missing: install it (Debian: apt-get install nginx), or its test cannot run.");
    return;
  }
  const startedMs = Date.now();
  say("Installing nginx with apt-get for the test of the guide's configuration…");
  // Its package would start a service on port 80 otherwise.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["ignore", "ignore", "inherit"];
  await run("apt-get", ["update", "-qq"], { env, stdio });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "nginx"], { env, stdio });
  say(
    hasNginx()
      ? `nginx installed in ${seconds(startedMs)}.`
      : "apt-get could not install nginx: its messages above say why.",
  );
}
