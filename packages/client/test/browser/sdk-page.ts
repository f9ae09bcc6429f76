import { fileURLToPath } from "node:url";
import type { Call, EchooClient } from "@echoo/client";
import { build } from "esbuild";
import type { Page } from "playwright-core";

/** What the page offers to a test: two people with the real SDK, in one document. */
export interface SdkPage {
  join(name: "ann" | "bob", url: string, userId: string): Promise<void>;
  client(name: "ann" | "bob"): EchooClient;
  /** The newest call of that person, ended or not. */
  call(name: "ann" | "bob"): Call;
  inState(name: "ann" | "bob", state: string): Promise<void>;
  /** Frames of video, or packets of sound, that arrived so far. */
  received(name: "ann" | "bob", kind: "audio" | "video"): Promise<number>;
  /** Which types of candidates that person has gathered, or was sent by the peer, as the browser's statistics have them. */
  candidateTypes(name: "ann" | "bob", whose?: "local" | "remote"): Promise<string[]>;
  /** The ICE user name of the page's first connection. */
  ufrag(): string | undefined;
  /** Loopback never fails: makes the first connection say that ICE did, until a restart is under way. */
  pretendIceDown(): void;
  /** More of them arrive. */
  flows(name: "ann" | "bob", kind: "audio" | "video"): Promise<void>;
}

declare global {
  var sdk: SdkPage;
}

/** Loads the SDK, as a bundler ships it, into an empty page of that origin. */
export async function openSdkPage(page: Page, origin: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./sdk-page-script.ts", import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    conditions: ["source"],
  });
  // A page of the server itself, so that its socket is of the same origin; any will do.
  await page.goto(`${origin}/livez`);
  await page.evaluate(outputFiles[0]?.text ?? "");
}
