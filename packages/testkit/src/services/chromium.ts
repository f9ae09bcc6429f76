import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { smallFilm } from "./small-film.ts";

/** Where systems put Chromium, or Chrome, which serves as well. CHROMIUM_PATH comes before all of them. */
const knownPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A camera and a microphone that need no device and no question, and a browser that keeps to the test. */
const flags = [
  "--no-sandbox",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Features that are switched off: those that the driver does, whose list this one replaces, as far as they are in the way of
 * a test, and what loads pages of the browser's own surface, or of nothing yet, beside each page of a test.
 */
const switchedOff = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "PreloadTopChromeWebUI",
  "SpareRendererForSitePerProcess",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
];

/** A camera that asks little of the machine, unless the test chooses its devices. */
function cameraFlags(moreFlags: readonly string[]): readonly string[] {
  const chosen = moreFlags.some((flag) => /^--use-(fake-device|file)-for-/.test(flag));
  return chosen ? [] : [`--use-file-for-fake-video-capture=${smallFilm()}`];
}

/**
 * The system's Chromium. A CHROMIUM_PATH that names no file counts as none, rather than as another browser than was
 * asked for.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  return knownPaths.find((path) => existsSync(path));
}

/**
 * Starts the system's Chromium, headless, with fake media. The test that starts it closes it. `prefix`: what its
 * command line begins with, to run it in another network.
 */
export async function launchChromium(
  moreFlags: readonly string[] = [],
  prefix: readonly string[] = [],
): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium: ask requireService first.");
  // Imported late: most tests that use the test kit need no browser, and its driver is slow to load.
  const { chromium } = await import("playwright-core");
  const args = [...flags, `--disable-features=${switchedOff.join(",")}`, ...cameraFlags(moreFlags), ...moreFlags];
  if (prefix.length === 0) return chromium.launch({ executablePath, args });
  // The driver starts a file, and hands its arguments and pipes over: a script that passes both on.
  const folder = mkdtempSync(join(tmpdir(), "echoo-chromium-"));
  const script = join(folder, "chromium");
  writeFileSync(script, `#!/bin/sh\nexec ${prefix.join(" ")} ${executablePath} "$@"\n`, { mode: 0o755 });
  try {
    return await chromium.launch({ executablePath: script, args });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
