import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  Firefox,
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  startTogether,
} from "@echoo/testkit";
import { FirefoxVisitor } from "./firefox-visitor.ts";
import { Visitor } from "./visitor.ts";

/** What a test does with somebody at a page, whichever browser it is. */
type Somebody = Pick<FirefoxVisitor, Exclude<keyof FirefoxVisitor, "goto">>;

describe("a call between browsers of two kinds", {
  skip: requireService("chromium") || requireService("firefox"),
}, () => {
  let server: ServerProcess;
  let chromium: SharedBrowser;
  let firefox: Firefox;
  let numbers = 5_570_000;

  before(async () => {
    [server, chromium, firefox] = await startTogether([spawnServer(), shareChromium(), Firefox.launch()]);
  });
  after(async () => {
    await Promise.all([chromium?.close(), firefox?.close()]);
    await server?.stop();
  });

  const who = (name: string) => {
    numbers += 1;
    return { phone: String(numbers), name, url: server.url };
  };
  const inChromium = (name: string): Promise<Somebody> => Visitor.signedIn(chromium, who(name));
  const inFirefox = (name: string): Promise<Somebody> => FirefoxVisitor.signedIn(firefox, who(name));

  const talking = async (ann: Somebody, bob: Somebody): Promise<void> => {
    await ann.call(bob.phone);
    await bob.click("accept");
    for (const one of [ann, bob]) await one.reads("call-state", "connected");
    await Promise.all([ann.seesMoving(), bob.seesMoving()]);
  };

  const pairs = [
    ["two Chromiums", inChromium, inChromium],
    ["Chromium calls Firefox", inChromium, inFirefox],
    ["Firefox calls Chromium", inFirefox, inChromium],
  ] as const;

  for (const [title, caller, callee] of pairs) {
    test(`goes on after either page was loaded anew, ${title}`, async () => {
      const [ann, bob] = [await caller("Ann"), await callee("Bob")];
      await talking(ann, bob);
      for (const one of [bob, ann, bob]) {
        await one.reload();
        for (const side of [ann, bob]) await side.reads("call-state", "connected");
        await Promise.all([ann.seesMoving(), bob.seesMoving()]);
      }
      await ann.click("hangup");
      await bob.reads("call-state", "ended");
      assert.deepEqual([...ann.complaints, ...bob.complaints], []);
      await Promise.all([ann.closeTab(), bob.closeTab()]);
    });

    test(`is left by a closed tab, ${title}, which the other side sees at once`, async () => {
      const [ann, bob] = [await caller("Ann"), await callee("Bob")];
      await talking(ann, bob);
      await bob.closeTab();
      await ann.reads("call-state", "reconnecting");
      await ann.click("hangup");
      await ann.closeTab();
    });
  }

  for (const [title, caller, callee] of pairs) {
    test(`has both cameras where both are switched on at once, and what goes away comes back, ${title}`, async () => {
      const [ann, bob] = [await caller("Ann"), await callee("Bob")];
      await ann.call(bob.phone, "audio");
      await bob.click("accept");
      for (const one of [ann, bob]) await one.reads("call-state", "connected");
      // Neither has heard of the other's offer when it makes its own.
      await Promise.all([ann, bob].map((one) => one.offersUnheard(() => one.click("camera"))));
      await Promise.all([ann.release(), bob.release()]);
      await Promise.all([ann.seesMoving(), bob.seesMoving()]);

      await bob.losesDevice("video");
      // More than what was on its way.
      await ann.seesMoving(30);

      await bob.click("hangup");
      for (const one of [ann, bob]) await one.reads("call-state", "ended");
      assert.deepEqual([...ann.complaints, ...bob.complaints], []);
      await Promise.all([ann.closeTab(), bob.closeTab()]);
    });
  }

  test("ends for who waits though the closed tab does not come back", async () => {
    const [ann, bob] = [await inChromium("Ann"), await inFirefox("Bob")];
    await talking(ann, bob);
    await bob.closeTab();
    await ann.reads("call-state", "ended");
    await ann.closeTab();
  });
});
