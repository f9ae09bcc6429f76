import { existsSync } from "node:fs";
import { run } from "../setup/run.mjs";
import { say, seconds } from "../setup/say.mjs";

/** Whether packages can be installed here: this is Debian, and we are root. */
export const hasApt = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * Installs packages with apt-get. What they would start as services is not started: tests run servers of their own.
 * @param {readonly string[]} packages
 * @param {string} purpose ends the sentence "Installing … with apt-get for …"
 */
export async function aptInstall(packages, purpose) {
  const startedMs = Date.now();
  say(`Installing ${packages.join(", ")} with apt-get for ${purpose}…`);
  // RUNLEVEL: the packages' scripts start a service only in a runlevel that has services (invoke-rc.d(8)).
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["ignore", "ignore", "inherit"];
  await run("apt-get", ["update", "-qq"], { env, stdio });
  const code = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, stdio });
  say(
    code === 0
      ? `${packages.join(", ")} installed in ${seconds(startedMs)}.`
      : `apt-get could not install ${packages.join(", ")}: its messages above say why.`,
  );
}
