import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { realClock } from "../platform.ts";
import { launchChromium } from "./chromium.ts";

/** How long the browser is kept for the next test file of the process, which asks for it at once if there is one. */
const keptMs = 500;

/** A browser that is shared: what a test opens in it is a person's own, and is gone once the test closes its share. */
export interface SharedBrowser {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  newPage(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

let launched: Promise<Browser> | undefined;
let shares = 0;
let cancelClosing = () => {};

/**
 * The Chromium that `launchChromium` starts without flags, one for all test files of this process: starting it costs as much
 * as a test.
 */
export async function shareChromium(): Promise<SharedBrowser> {
  shares += 1;
  cancelClosing();
  try {
    launched ??= launch();
    return share(await launched);
  } catch (error) {
    release();
    throw error;
  }
}

async function launch(): Promise<Browser> {
  const browser = await launchChromium();
  // One that died by itself is the fault of the test that used it, and of no other.
  browser.once("disconnected", () => {
    launched = undefined;
  });
  return browser;
}

function share(browser: Browser): SharedBrowser {
  const opened = new Set<BrowserContext>();
  const newContext = async (options?: BrowserContextOptions) => {
    const context = await browser.newContext(options);
    opened.add(context);
    context.once("close", () => opened.delete(context));
    return context;
  };
  return {
    newContext,
    newPage: async (options) => (await newContext(options)).newPage(),
    close: async () => {
      await Promise.all([...opened].map((context) => context.close()));
      release();
    },
  };
}

function release(): void {
  shares -= 1;
  if (shares > 0) return;
  cancelClosing = realClock.after(keptMs, () => {
    const unused = launched;
    launched = undefined;
    void unused?.then((browser) => browser.close()).catch(() => {});
  });
}
