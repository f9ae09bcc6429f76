import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withDeadline } from "../platform.ts";
import { findFirefox } from "../services/programs/find-firefox.ts";
import { BidiConnection } from "./bidi-connection.ts";
import { FirefoxPage } from "./firefox-page.ts";

/** A slow machine takes its time to start a browser. */
const startDeadlineMs = 60_000;
const stopDeadlineMs = 5_000;

/** A camera and a microphone that need no device and no question, and a browser that keeps to the test. */
const preferences: Readonly<Record<string, boolean | number | string>> = {
  "app.normandy.enabled": false,
  "app.update.auto": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "dom.disable_beforeunload": false,
  "extensions.update.enabled": false,
  "media.autoplay.default": 0,
  "media.devices.insecure.enabled": true,
  "media.getusermedia.insecure.enabled": true,
  "media.navigator.permission.disabled": true,
  "media.navigator.streams.fake": true,
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
};

/** The system's Firefox, headless, with fake media, in a profile of its own. The test that starts it closes it. */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #bidi: BidiConnection;

  private constructor(process: ChildProcess, profile: string, bidi: BidiConnection) {
    this.#process = process;
    this.#profile = profile;
    this.#bidi = bidi;
  }

  /** With preferences besides, or instead. */
  static async launch(more: Readonly<Record<string, boolean | number | string>> = {}): Promise<Firefox> {
    const path = findFirefox();
    if (path === undefined) throw new Error("There is no Firefox: ask requireService first.");
    const profile = mkdtempSync(join(tmpdir(), "echoo-firefox-"));
    const lines = Object.entries({ ...preferences, ...more }).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
    );
    writeFileSync(join(profile, "user.js"), lines.join("\n"));
    const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"];
    const child = spawn(path, args, { stdio: ["ignore", "ignore", "pipe"] });
    try {
      const bidi = await BidiConnection.open(`${await listeningAt(child)}/session`);
      await bidi.command("session.new", { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
      await bidi.command("session.subscribe", { events: ["log.entryAdded"] });
      return new Firefox(child, profile, bidi);
    } catch (error) {
      await end(child, profile);
      throw error;
    }
  }

  /** Opens a page in a window of its own. */
  async newPage(): Promise<FirefoxPage> {
    const { context } = await this.#bidi.command<{ context: string }>("browsingContext.create", { type: "window" });
    return new FirefoxPage(this.#bidi, context);
  }

  async close(): Promise<void> {
    await this.#bidi.command("browser.close").catch(() => undefined);
    this.#bidi.close();
    await end(this.#process, this.#profile);
  }
}

/** Where it listens, which it says on its standard error. */
function listeningAt(child: ChildProcess): Promise<string> {
  let said = "";
  const found = new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      const url = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`Firefox did not start: ${said}`)));
  });
  return withDeadline(found, startDeadlineMs, () => `Firefox did not listen: ${said}`);
}

async function end(child: ChildProcess, profile: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await withDeadline(gone, stopDeadlineMs, () => "").catch(() => child.kill("SIGKILL"));
    await gone;
  }
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
