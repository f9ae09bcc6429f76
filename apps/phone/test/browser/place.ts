import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import {
  launchChromium,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  startTogether,
} from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

interface Place {
  readonly server: ServerProcess;
  readonly browser: SharedBrowser;
  /** Everybody signed in at a page of their own, with a number that nobody had before. */
  visit<const Names extends readonly string[]>(...names: Names): Promise<{ [At in keyof Names]: Visitor }>;
}

/** Where the tests of a file take place: one server and one browser. Who visits is gone after each, without a complaint. */
export function openPlace(firstNumber: number, flags: readonly string[] = []): Place {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let numbers = firstNumber;
  let visitors: Visitor[] = [];

  before(async () => {
    const launched = flags.length > 0 ? launchChromium(flags) : shareChromium();
    [server, browser] = await startTogether([spawnServer(), launched]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.map((visitor) => visitor.close()));
    visitors = [];
    assert.deepEqual(complaints, []);
  });

  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    async visit(...names) {
      const who = names.map((name) => ({ phone: String(numbers++), name, url: server.url }));
      const arrived = await Promise.all(who.map((each) => Visitor.signedIn(browser, each)));
      visitors.push(...arrived);
      return arrived as { [At in keyof typeof names]: Visitor };
    },
  };
}
