import { existsSync } from "node:fs";

/** Where systems put Firefox. FIREFOX_PATH comes before all of them. */
const knownPaths = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/** The system's Firefox. A FIREFOX_PATH that names no file counts as none, rather than as another browser than was asked for. */
export function findFirefox(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.FIREFOX_PATH) return existsSync(env.FIREFOX_PATH) ? env.FIREFOX_PATH : undefined;
  return knownPaths.find((path) => existsSync(path));
}
