import { existsSync } from "node:fs";
import { say } from "../setup/say.mjs";
import { aptInstall, hasApt } from "./apt-install.mjs";

const known = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

const hasFirefox = () => [process.env.FIREFOX_PATH, ...known].some((path) => path !== undefined && existsSync(path));

/** Gets Firefox for the tests of calls between browsers of two kinds, through apt where it may. */
export async function ensureFirefox() {
  if (hasFirefox()) return;
  if (hasApt()) await aptInstall(["firefox-esr"], "the tests of calls between two kinds of browsers");
  else {
    say(
      "Firefox is missing: install it (Debian: apt-get install firefox-esr) or set FIREFOX_PATH, or the tests of calls between two kinds of browsers cannot run.",
    );
  }
}
