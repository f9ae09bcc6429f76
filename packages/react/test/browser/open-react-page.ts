import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "playwright-core";

interface Person {
  readonly url: string;
  readonly baseUrl: string;
  readonly userId: string;
  readonly token: string;
  readonly peer: string;
}

/** What the page offers to a test. */
export interface ReactPage {
  readonly sockets: readonly WebSocket[];
  readonly joins: readonly string[];
  readonly listeners: number;
  open(person: Person): void;
  mount(): void;
  unmount(): void;
  status(): string;
}

declare global {
  var reactPage: ReactPage;
}

let script: Promise<string> | undefined;

/** React in development mode, in which StrictMode mounts everything twice. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./react-page.tsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    conditions: ["source", "development"],
    define: { "process.env.NODE_ENV": '"development"' },
  });
  return outputFiles[0]?.text ?? "";
}

/** Opens the app in an empty page of the server's own origin. */
export async function openReactPage(page: Page, person: Person): Promise<void> {
  script ??= bundle();
  await page.goto(`${person.baseUrl}/livez`);
  await page.evaluate(await script);
  await page.evaluate((one) => reactPage.open(one), person);
}
