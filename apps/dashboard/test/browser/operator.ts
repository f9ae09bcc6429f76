import assert from "node:assert/strict";
import { EchooRest } from "@echoo/client";
import type { ServerProcess } from "@echoo/testkit";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const adminPhone = "+15550900";

/** The token of the administrator whom the first start's invitation makes. */
export async function becomeAdministrator(server: ServerProcess): Promise<string> {
  const [, invite = ""] = await server.said(/\?invite=([\w-]+)"/);
  const rest = new EchooRest({ baseUrl: server.url });
  const done = await rest.register({ body: { phone: adminPhone, name: "Ada Admin", invite } });
  assert.ok("token" in done);
  return done.token;
}

interface Opened {
  readonly url: string;
  readonly session?: { readonly phone: string; readonly name: string; readonly token: string };
  readonly width?: number;
  readonly theme?: "light" | "dark";
}

/** A person in front of the dashboard. */
export class Operator {
  readonly page: Page;
  /** Addresses that the page asked for, but its own server's. */
  readonly elsewhere: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, { url, session, width = 1440, theme = "light" }: Opened): Promise<Operator> {
    const viewport = { width, height: 900 };
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: "reduce", locale: "en" });
    const operator = new Operator(await context.newPage());
    operator.page.on("request", (request) => {
      if (!request.url().startsWith(url)) operator.elsewhere.push(request.url());
    });
    if (session) {
      await context.addInitScript((kept) => localStorage.setItem("echoo.session", kept), JSON.stringify(session));
    }
    await operator.page.goto(`${url}/admin/`);
    return operator;
  }

  at(id: string): Locator {
    return this.page.getByTestId(id);
  }

  /** Goes to a place by its address, as a shared link does. */
  async goes(fragment: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
  }

  /** No rule of accessibility is broken, and nothing sticks out sideways. */
  async isSound(name: string): Promise<void> {
    assert.deepEqual(await this.#barriers(), [], name);
    const overflows = await this.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(overflows, false, `${name} scrolls sideways`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #barriers(): Promise<string[]> {
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate((runOnly) => {
      const { axe: checker } = window as unknown as { axe: { run(options: object): Promise<AxeResult> } };
      return checker.run({ runOnly, resultTypes: ["violations"] });
    }, rules);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }
}

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { target: readonly string[] }[] }[];
}
