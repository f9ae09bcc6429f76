import { existsSync } from "node:fs";
import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";

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
  if (!hasApt()) {
    say(
      "Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH, or the browser tests cannot run.",
    );
    return;
  }
  await aptInstall(["chromium"], "the browser tests");
}
