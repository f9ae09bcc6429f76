import { existsSync } from "node:fs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

const known = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

const hasChromium = () => [process.env.CHROMIUM_PATH, ...known].some((path) => path !== undefined && existsSync(path));

/**
 * Gets Chromium for the browser tests where this is Debian and we are root. Where it cannot be had, the tests themselves
 * say so: they skip aloud, or fail under CI=true.
 */
export async function ensureChromium() {
  if (hasChromium()) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say(
      "Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH, or the browser tests cannot run.",
    );
    return;
  }
  const startedMs = Date.now();
  say("Installing Chromium with apt-get for the browser tests…");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["ignore", "ignore", "inherit"];
  await run("apt-get", ["update", "-qq"], { env, stdio });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env, stdio });
  say(
    hasChromium()
      ? `Chromium installed in ${seconds(startedMs)}.`
      : "apt-get could not install Chromium: its messages above say why.",
  );
}
