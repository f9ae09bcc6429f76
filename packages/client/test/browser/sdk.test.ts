import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  startTogether,
  TcpProxy,
} from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openSdkPage } from "./sdk-page.ts";

describe("the SDK in a real browser", { skip: requireService("chromium"), timeout: 120_000 }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let proxy: TcpProxy;
  let lastNumber = 5_560_000;

  before(async () => {
    [server, browser] = await startTogether([spawnServer(), shareChromium()]);
    proxy = await TcpProxy.start(server.port);
  });
  after(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.stop();
  });

  /** A page with Ann and Bob, whose connections to the server a proxy can break. */
  async function twoPeople(): Promise<{ page: Page; annNumber: string; bobNumber: string }> {
    const page = await browser.newPage();
    await openSdkPage(page, `http://127.0.0.1:${proxy.port}`);
    lastNumber += 2;
    const numbers = { annNumber: String(lastNumber), bobNumber: String(lastNumber + 1) };
    await page.evaluate(
      async ({ url, annNumber, bobNumber }) => {
        await Promise.all([sdk.join("ann", url, annNumber), sdk.join("bob", url, bobNumber)]);
      },
      { ...numbers, url: `ws://127.0.0.1:${proxy.port}/ws` },
    );
    return { page, ...numbers };
  }

  async function talking(video: boolean): Promise<Page> {
    const { page, bobNumber } = await twoPeople();
    await page.evaluate(
      async ({ bobNumber, video }) => {
        sdk.client("bob").on("incoming", (call) => void call.answer());
        await sdk.client("ann").call(bobNumber, { video });
        await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      },
      { bobNumber, video },
    );
    return page;
  }

  it("connects a video call: both sides decode frames, and samples have what Chromium knows", async () => {
    const page = await talking(true);
    const sample = await page.evaluate(async () => {
      await Promise.all([sdk.flows("ann", "video"), sdk.flows("bob", "video"), sdk.flows("ann", "audio")]);
      const call = sdk.call("ann");
      while (call.samples.length < 3) await new Promise((resolve) => call.on("sample", resolve));
      return call.samples.at(-1);
    });
    for (const field of ["rttMs", "lossPercent", "jitterMs", "sendKbps", "recvKbps", "fps", "width", "pair", "codec"]) {
      assert(sample && field in sample, `${field} in ${JSON.stringify(sample)}`);
    }
    await page.close();
  });

  it("makes one call of two people who dial each other, with sound in both directions", async () => {
    const { page, annNumber, bobNumber } = await twoPeople();
    const ids = await page.evaluate(
      async ({ annNumber, bobNumber }) => {
        const [one, other] = await Promise.all([
          sdk.client("ann").call(bobNumber, { video: false }),
          sdk.client("bob").call(annNumber, { video: false }),
        ]);
        await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
        await Promise.all([sdk.flows("ann", "audio"), sdk.flows("bob", "audio")]);
        return [one.id, other.id, sdk.client("ann").calls.length, sdk.client("bob").calls.length];
      },
      { annNumber, bobNumber },
    );
    assert.equal(ids[0], ids[1]);
    assert.deepEqual(ids.slice(2), [1, 1]);
    await page.close();
  });

  it("adds both cameras to an audio call at the same moment", async () => {
    const page = await talking(false);
    const flags = await page.evaluate(async () => {
      await Promise.all([sdk.call("ann").setVideo(true), sdk.call("bob").setVideo(true)]);
      await Promise.all([sdk.flows("ann", "video"), sdk.flows("bob", "video")]);
      return [sdk.call("ann").state, sdk.call("bob").state, sdk.call("ann").peerMedia, sdk.call("bob").peerMedia];
    });
    const both = { audio: true, video: true, screen: false };
    assert.deepEqual(flags, ["connected", "connected", both, both]);
    await page.close();
  });

  it("turns a camera off and on again, and the picture comes back", async () => {
    const page = await talking(true);
    await page.evaluate(async () => {
      await sdk.flows("bob", "video");
      await sdk.call("ann").setVideo(false);
      while (sdk.call("bob").peerMedia.video) await new Promise((resolve) => sdk.call("bob").on("media", resolve));
      await sdk.call("ann").setVideo(true);
      await sdk.flows("bob", "video");
    });
    await page.close();
  });

  it("answers a video call without a camera, and adds it later", async () => {
    const { page, bobNumber } = await twoPeople();
    const before = await page.evaluate(async (bobNumber) => {
      sdk.client("bob").on("incoming", (call) => void call.answer({ video: false }));
      await sdk.client("ann").call(bobNumber, { video: true });
      await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      await sdk.flows("bob", "video");
      const shown = sdk.call("ann").peerMedia.video;
      await sdk.call("bob").setVideo(true);
      await sdk.flows("ann", "video");
      return shown;
    }, bobNumber);
    assert.equal(before, false);
    await page.close();
  });

  it("restarts ICE after a lost link where ICE was down, and media flows on new candidates", async () => {
    const { page, bobNumber } = await twoPeople();
    const before = await page.evaluate(async (bobNumber) => {
      sdk.client("bob").on("incoming", (call) => void call.answer());
      await sdk.client("ann").call(bobNumber, { video: true });
      await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      sdk.pretendIceDown();
      return sdk.ufrag();
    }, bobNumber);
    const lost = page.evaluate(() =>
      Promise.all([sdk.inState("ann", "reconnecting"), sdk.inState("bob", "reconnecting")]),
    );
    proxy.cut();
    await lost;
    const after = await page.evaluate(async () => {
      await Promise.all([sdk.inState("ann", "connected"), sdk.inState("bob", "connected")]);
      await Promise.all([sdk.flows("ann", "video"), sdk.flows("bob", "video")]);
      return sdk.ufrag();
    });
    assert.notEqual(after, undefined);
    assert.notEqual(after, before);
    await page.close();
  });
});
