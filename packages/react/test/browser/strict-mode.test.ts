import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { EchooRest } from "@echoo/client";
import { requireService, type ServerProcess, type SharedBrowser, shareChromium, spawnServer } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openReactPage } from "./open-react-page.ts";

const mounts = 100;

describe("a React app under StrictMode in development", { skip: requireService("chromium"), timeout: 120_000 }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  before(async () => {
    [server, browser] = await Promise.all([spawnServer(), shareChromium()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function open(userId: string, peer: string): Promise<Page> {
    const registered = await new EchooRest({ baseUrl: server.url }).register({ body: { phone: userId } });
    assert.ok("token" in registered);
    const page = await browser.newPage({ permissions: ["camera", "microphone"] });
    const { token } = registered;
    await openReactPage(page, { url: `${server.wsUrl}ws`, baseUrl: server.url, userId, token, peer });
    await page.evaluate(() => reactPage.mount());
    await shows(page, "status", "online");
    return page;
  }

  const shows = (page: Page, name: string, text: string) =>
    page
      .getByTestId(name)
      .and(page.getByText(text, { exact: true }))
      .waitFor({ state: "attached" });

  it("has one socket and one session, and shows a call from its ring to its end", async () => {
    const [ann, bob] = await Promise.all([open("5590001", "5590002"), open("5590002", "5590001")]);
    for (const page of [ann, bob]) {
      assert.deepEqual(await page.evaluate(() => [reactPage.sockets.length, reactPage.joins.length]), [1, 1]);
      await shows(page, "peer", "there");
    }
    await ann.getByTestId("add").dispatchEvent("click");
    await shows(ann, "contacts", "A friend");
    await ann.getByTestId("dial").dispatchEvent("click");
    await bob.getByTestId("accept").click();
    await Promise.all([ann, bob].map((page) => shows(page, "state", "connected")));
    const plays = () => document.querySelector<HTMLVideoElement>("[data-testid=remote-video]")?.videoWidth ?? 0;
    await Promise.all([ann, bob].map((page) => page.waitForFunction(plays)));
    await bob.getByTestId("hangup").dispatchEvent("click");
    for (const page of [ann, bob]) {
      await shows(page, "state", "none");
      await shows(page, "history", "1");
      const streams = await page.evaluate(() => [...document.querySelectorAll("video")].map((one) => one.srcObject));
      assert.deepEqual(streams, [null, null]);
      await page.close();
    }
  });

  it(`keeps nothing of ${mounts} mounts: no socket, no listener, and no page node`, async () => {
    const page = await open("5590003", "5590004");
    const count = () =>
      page.evaluate(() => ({ listeners: reactPage.listeners, nodes: document.querySelectorAll("*").length }));
    const remount = () =>
      page.evaluate(async () => {
        reactPage.unmount();
        await new Promise((resolve) => setTimeout(resolve));
        reactPage.mount();
      });
    // The first one took away what the empty page had of its own.
    await remount();
    await shows(page, "status", "online");
    const first = await count();
    for (let mount = 2; mount < mounts; mount += 1) await remount();
    await shows(page, "status", "online");
    assert.deepEqual(await count(), first);
    const openSockets = () => reactPage.sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
    assert.equal(await page.evaluate(openSockets), 1);
    await page.evaluate(() => reactPage.unmount());
    await page.waitForFunction(() => reactPage.sockets.every((socket) => socket.readyState === WebSocket.CLOSED));
    assert.equal(await page.evaluate(() => reactPage.listeners), 0);
    assert.equal(await page.evaluate(() => reactPage.status()), "offline");
    await page.close();
  });
});
