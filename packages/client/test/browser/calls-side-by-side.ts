import type { TestContext } from "node:test";
import { launchChromium, type ServerProcess, spawnServer } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

export const numbers = { ann: "5590011", bob: "5590012" } as const;

/** Two people, each in a browser of their own on this machine, both online. */
export interface SideBySide {
  readonly server: ServerProcess;
  readonly annPage: Page;
  readonly bobPage: Page;
}

interface Differences {
  readonly env?: Readonly<Record<string, string>>;
  /** What the browser of that person is started with besides. */
  readonly annFlags?: readonly string[];
  readonly bobFlags?: readonly string[];
}

export async function sideBySide(t: TestContext, differences: Differences = {}): Promise<SideBySide> {
  const { env = {}, annFlags = [], bobFlags = [] } = differences;
  const server = await spawnServer({ env: { ECHOO_OPEN_ACCESS: "all", ...env }, test: t });
  const online = async (name: "ann" | "bob", flags: readonly string[]) => {
    const browser = await launchChromium(flags);
    t.after(() => browser.close());
    const page = await browser.newPage();
    await openSdkPage(page, server.url);
    const who = { name, url: `${server.wsUrl}ws`, number: numbers[name] };
    await page.evaluate(({ name, url, number }) => sdk.join(name, url, number), who);
    return page;
  };
  const [annPage, bobPage] = await Promise.all([online("ann", annFlags), online("bob", bobFlags)]);
  return { server, annPage, bobPage };
}

export function answersAll(bobPage: Page): Promise<void> {
  return bobPage.evaluate(() => void sdk.client("bob").on("incoming", (call) => void call.answer()));
}

/** Ann calls Bob, and hangs up after so many samples. Tells the call's id. */
export function talkFor(annPage: Page, samples: number): Promise<string> {
  return annPage.evaluate(
    async ({ number, samples }) => {
      const call = await sdk.client("ann").call(number, { video: false });
      await sdk.inState("ann", "connected");
      while (call.samples.length < samples) await new Promise((resolve) => call.on("sample", resolve));
      call.hangUp();
      return call.id;
    },
    { number: numbers.bob, samples },
  );
}

interface Verdict {
  readonly code: string;
  readonly side?: string;
  readonly confidence: string;
}

/** Reads a call as this person may know it, until its verdict is as wanted. */
export async function verdictFor(
  server: ServerProcess,
  name: "ann" | "bob",
  callId: string,
  wanted: string,
): Promise<Verdict | undefined> {
  const body = JSON.stringify({ phone: numbers[name] });
  const headers = { "content-type": "application/json" };
  const registered = await fetch(`${server.url}/api/auth/register`, { method: "POST", headers, body });
  const { token } = (await registered.json()) as { token: string };
  const read = async () => {
    const url = `${server.url}/api/stats/${numbers[name]}/calls/${callId}`;
    return (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as {
      verdict?: Verdict;
    };
  };
  return (await server.stored(read, ({ verdict }) => verdict?.code === wanted)).verdict;
}
