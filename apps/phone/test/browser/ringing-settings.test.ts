import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  launchChromium,
  requireService,
  type ServerProcess,
  spawnServer,
  startTogether,
  WebPushService,
} from "@echoo/testkit";
import type { Browser } from "playwright-core";
import { stepDeadlineMs, Visitor } from "./visitor.ts";

/** What a page does about rings while it is open: in its settings, out of sight, and in a call. */
describe("a page that is open while its phone rings", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let service: WebPushService;
  let people = 0;

  before(async () => {
    [server, browser, service] = await startTogether([spawnServer(), launchChromium(), WebPushService.start()]);
  });
  after(async () => {
    await browser?.close();
    await service?.close();
    await server?.stop();
  });

  /** A callee who turned ringing on in the settings. */
  async function ringing() {
    people += 1;
    const context = { permissions: ["camera", "microphone", "notifications"] };
    const bob = await Visitor.open(browser, { phone: `555770${people}`, name: "Bob", url: server.url, context });
    const { webKey } = (await (await fetch(`${server.url}/api/push`)).json()) as { webKey: string };
    const given = service.subscribe(`settings${people}`, webKey);
    await bob.page.context().addInitScript({
      content: `{
        const given = ${JSON.stringify(given)};
        let isSubscribed = false;
        const subscription = { ...given, toJSON: () => given, unsubscribe: async () => { isSubscribed = false; return true; } };
        PushManager.prototype.subscribe = async () => { isSubscribed = true; return subscription; };
        PushManager.prototype.getSubscription = async () => isSubscribed ? subscription : null;
        window.isSubscribed = () => isSubscribed;
      }`,
    });
    await bob.page.reload();
    await bob.signIn();
    await bob.page.goto(`${server.url}/#/devices`);
    await bob.click("notifications-on");
    await bob.reads("notifications-state", "This browser rings although the page is closed.");
    await bob.at("push-device").waitFor();
    return bob;
  }

  it("is turned off in the settings: the browser's subscription and the server's device are gone, and stay so", async () => {
    const bob = await ringing();
    const isSubscribed = () =>
      bob.page.evaluate(() => (window as unknown as { isSubscribed(): boolean }).isSubscribed());
    assert.equal(await isSubscribed(), true);
    await bob.click("notifications-off");
    await bob.at("notifications-on").waitFor();
    await bob.at("push-device").waitFor({ state: "detached" });
    assert.equal(await isSubscribed(), false);
    await bob.page.reload();
    await bob.at("notifications-on").waitFor();
    assert.deepEqual(bob.complaints, []);
    await bob.close();
  });

  it("shows a ring as a notification where nobody looks at the page, and takes it away with its end", async () => {
    const bob = await ringing();
    const ann = await Visitor.signedIn(browser, { phone: `555660${people}`, name: "Ann", url: server.url });
    const titles = () =>
      bob.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ title }) => title);
      });
    // Asked from here: a promise counts as true for waitForFunction, whatever comes of it.
    const untilTitles = async (...wanted: readonly string[]) => {
      const deadlineMs = performance.now() + stepDeadlineMs;
      while (JSON.stringify(await titles()) !== JSON.stringify(wanted)) {
        if (performance.now() > deadlineMs) assert.fail(`not ${wanted}, but ${await titles()}`);
        await bob.page.waitForTimeout(20);
      }
    };
    await ann.call(bob.phone);
    await bob.at("incoming").waitFor();
    assert.deepEqual(await titles(), [], "who looks at the page needs none");
    await ann.click("hangup");
    await bob.at("incoming").waitFor({ state: "detached" });
    await ann.page.keyboard.press("Escape");
    await bob.page.evaluate(() => {
      Object.defineProperty(document, "hidden", { configurable: true, value: true });
    });
    await ann.call(bob.phone);
    await untilTitles("Ann");
    await ann.click("hangup");
    await untilTitles();
    await Promise.all([ann.close(), bob.close()]);
  });

  it("has the time of a call before the words of its title, and only these once it is over", async () => {
    people += 1;
    const [a, b] = [`555440${people}`, `555550${people}`];
    const bob = await Visitor.signedIn(browser, { phone: b, name: "Bob", url: server.url });
    const ann = await Visitor.signedIn(browser, { phone: a, name: "Ann", url: server.url });
    const words = await ann.page.title();
    await ann.call(b);
    await bob.click("accept");
    await ann.page.waitForFunction(() => /^00:\d\d · In a call with /.test(document.title));
    await ann.click("hangup");
    await ann.page.waitForFunction((wanted) => document.title === wanted, words);
    await Promise.all([ann.close(), bob.close()]);
  });

  it("says that a touch is needed where the browser allows no sound, and not once it was touched", async () => {
    people += 1;
    const [a, b] = [`555220${people}`, `555330${people}`];
    const bob = await Visitor.signedIn(browser, { phone: b, name: "Bob", url: server.url });
    const ann = await Visitor.signedIn(browser, { phone: a, name: "Ann", url: server.url });
    // A browser that has no sound for a page that was never touched.
    await bob.page.addInitScript({
      content: `{
        let isTouched = false;
        addEventListener("pointerdown", () => { isTouched = true; }, true);
        Object.defineProperty(AudioContext.prototype, "state", { get: () => isTouched ? "running" : "suspended" });
        const { resume } = AudioContext.prototype;
        AudioContext.prototype.resume = function () { return isTouched ? resume.call(this) : new Promise(() => {}); };
      }`,
    });
    await bob.page.reload();
    await bob.reads("status", "online");
    await ann.call(b);
    const hint = bob.page.getByText("The browser keeps this page silent until you touch it once.");
    await hint.waitFor();
    await bob.page.mouse.click(5, 5);
    await hint.waitFor({ state: "detached" });
    await Promise.all([ann.close(), bob.close()]);
  });

  it("tells of a newer version that its worker brings", async () => {
    const bob = await ringing();
    await bob.page.reload();
    await bob.at("notifications-off").waitFor();
    await bob.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    // A worker at another address is as new to the browser as one of other bytes, which an update of the server brings.
    await bob.page.evaluate(async () => void (await navigator.serviceWorker.register("/sw.js?newer")));
    await bob.page.getByText("There is a new version of this page. Reload it when it suits you.").waitFor();
    await bob.close();
  });
});
