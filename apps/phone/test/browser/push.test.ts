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
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { stepDeadlineMs, Visitor } from "./visitor.ts";

/**
 * The service worker in Chromium, with the page closed. What comes to the push service of the test kit, encrypted for the
 * browser's subscription, is read there and given to the worker over CDP (`ServiceWorker.deliverPushMessage`): a Chromium
 * without Google's service has no push service of its own. Clicks on notifications are events that the test dispatches, and
 * since a scripted click may open no window, the test opens it.
 */
describe("a phone whose page is closed", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let service: WebPushService;
  let people = 0;

  before(async () => {
    const env = { ECHOO_RING_MS: "40000" };
    [server, browser, service] = await startTogether([spawnServer({ env }), launchChromium(), WebPushService.start()]);
  });

  after(async () => {
    await browser?.close();
    await service?.close();
    await server?.stop();
  });

  /** One who calls, and one who turned ringing on in the settings and closed the page. */
  async function closedPhone() {
    people += 1;
    const [caller, callee] = [`555880${people}`, `555990${people}`];
    const ann = await Visitor.signedIn(browser, { phone: caller, name: "Ann", url: server.url });
    const context = { permissions: ["camera", "microphone", "notifications"] };
    const bob = await Visitor.open(browser, { phone: callee, name: "Bob", url: server.url, context });
    const { webKey } = (await (await fetch(`${server.url}/api/push`)).json()) as { webKey: string };
    const subscription = service.subscribe(`bob${people}`, webKey);
    await bob.page.context().addInitScript({ content: subscribingTo(subscription) });
    await bob.page.reload();
    await bob.signIn();
    await bob.page.goto(`${server.url}/#/devices`);
    await bob.click("notifications-on");
    await bob.reads("notifications-state", "This browser rings although the page is closed.");
    await bob.at("push-device").waitFor();
    assert.deepEqual(bob.complaints, []);
    const phone = await ClosedPhone.of(bob, server.url);
    return { ann, bob, phone, caller };
  }

  async function nextPush(): Promise<string> {
    const { payload } = await service.next();
    return JSON.stringify(payload);
  }

  it("shows who calls, is heard by the caller only then, and talks once its user has pressed Answer", async () => {
    const { ann, bob, phone } = await closedPhone();
    await ann.call(bob.phone);
    const push = await nextPush();
    await ann.reads("call-state", "calling");
    await phone.deliver(push);
    await ann.reads("call-state", "ringing");
    const [shown, ...others] = await phone.notifications();
    assert.deepEqual(others, []);
    assert.deepEqual([shown?.title, shown?.body, shown?.requireInteraction], ["Ann", "Incoming video call", true]);
    assert.deepEqual(shown?.actions, ["Answer", "Decline"]);
    await phone.press("answer");
    const page = await phone.open();
    await page.getByTestId("remote-video").waitFor();
    await ann.seesMoving();
    await page.getByTestId("hangup").click();
    await phone.shows();
    await Promise.all([ann.close(), bob.page.context().close()]);
  });

  it("opened by an address, or by a click beside Answer, rings on and answers nothing by itself", async () => {
    const { ann, bob, phone } = await closedPhone();
    await ann.call(bob.phone);
    await phone.deliver(await nextPush());
    await phone.press("");
    const page = await phone.open();
    await page.getByTestId("incoming").waitFor();
    await ann.reads("call-state", "ringing");
    await page.getByTestId("decline").click();
    await Promise.all([ann.close(), bob.page.context().close()]);
  });

  it("declines from the notification, with no page open", async () => {
    const { ann, bob, phone } = await closedPhone();
    await ann.call(bob.phone);
    await phone.deliver(await nextPush());
    await phone.press("decline");
    await ann.at("end-reason").waitFor();
    assert.match(await ann.at("end-reason").innerText(), /declined/i);
    await phone.shows();
    await Promise.all([ann.close(), bob.page.context().close()]);
  });

  it("has one notification of the calls that it missed from somebody, with how many there are", async () => {
    const { ann, bob, phone } = await closedPhone();
    for (const title of ["Missed call from Ann", "2 missed calls from Ann"]) {
      await ann.call(bob.phone);
      await phone.deliver(await nextPush());
      assert.equal((await phone.notifications()).filter(({ tag }) => !tag.startsWith("missed")).length, 1);
      // Who hung up before the worker has said that it rings would be missed by what the server tells it then.
      await ann.reads("call-state", "ringing");
      await ann.click("hangup");
      await phone.deliver(await nextPush());
      await phone.shows(title);
      await ann.page.keyboard.press("Escape");
    }
    await Promise.all([ann.close(), bob.page.context().close()]);
  });

  it("that is woken too late says how it ended, and leaves no ring on the screen", async () => {
    const { ann, bob, phone } = await closedPhone();
    await ann.call(bob.phone);
    const ring = await nextPush();
    await ann.click("hangup");
    await nextPush();
    await phone.deliver(ring);
    await phone.shows("Missed call from Ann");
    await Promise.all([ann.close(), bob.page.context().close()]);
  });

  it("opens without a connection, and says so", async () => {
    const { ann, bob, phone } = await closedPhone();
    await phone.context.setOffline(true);
    const page = await phone.open();
    await page.getByTestId("status").waitFor();
    assert.match(await page.getByTestId("status").innerText(), /connecting|offline/);
    await page.goto(`${server.url}/docs`).catch(() => undefined);
    await page.getByRole("heading", { name: "There is no connection" }).waitFor();
    await Promise.all([ann.close(), bob.page.context().close()]);
  });
});

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly requireInteraction: boolean;
  readonly actions: readonly string[];
}

/** A browser whose pages are closed, and its worker. */
class ClosedPhone {
  readonly context: BrowserContext;
  readonly #aside: Page;
  readonly #url: string;
  readonly #cdp: CDPSession;
  readonly #registrationId: string;

  private constructor(aside: Page, url: string, cdp: CDPSession, registrationId: string) {
    this.context = aside.context();
    this.#aside = aside;
    this.#url = url;
    this.#cdp = cdp;
    this.#registrationId = registrationId;
  }

  static async of({ page }: Visitor, url: string): Promise<ClosedPhone> {
    const context = page.context();
    // It keeps the browser open, and sees what is shown; of the phone itself it has nothing.
    const aside = await context.newPage();
    await aside.goto(`${url}/offline.html`);
    const cdp = await context.newCDPSession(aside);
    // A push for a worker that is still being installed is lost.
    const activated = new Promise<string>((resolve) => {
      cdp.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        const own = versions.find(({ scriptURL, status }) => scriptURL.startsWith(`${url}/`) && status === "activated");
        if (own) resolve(own.registrationId);
      });
    });
    await cdp.send("ServiceWorker.enable");
    const id = await activated;
    await page.close();
    return new ClosedPhone(aside, url, cdp, id);
  }

  async deliver(data: string): Promise<void> {
    const before = await this.#fingerprint();
    await this.#cdp.send("ServiceWorker.deliverPushMessage", {
      origin: this.#url,
      registrationId: this.#registrationId,
      data,
    });
    // The worker has taken it once something else is shown than before.
    await this.#until(async () => (await this.#fingerprint()) !== before, "something else");
  }

  async notifications(): Promise<readonly Shown[]> {
    return this.#aside.evaluate(listNotifications);
  }

  /** Waits until these and no others are shown. */
  async shows(...titles: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(titles);
    const isShown = async () => JSON.stringify((await this.notifications()).map(({ title }) => title)) === wanted;
    await this.#until(isShown, `${wanted} alone`);
  }

  /** Presses a button of the newest notification, or itself. */
  async press(action: string): Promise<void> {
    const workers = this.context.serviceWorkers();
    const asked = workers.length > 0 ? workers : [await this.context.waitForEvent("serviceworker")];
    // One that was stopped meanwhile may still be in the list, and never answers.
    await Promise.any(asked.map((worker) => worker.evaluate(pressNotification, action)));
  }

  async open(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.#url);
    return page;
  }

  async #fingerprint(): Promise<string> {
    return JSON.stringify(await this.notifications());
  }

  /** Looks again and again until it is so; what a worker shows is an event nowhere but there. */
  async #until(isSo: () => Promise<boolean>, what: string): Promise<void> {
    const deadlineMs = performance.now() + stepDeadlineMs;
    while (!(await isSo())) {
      if (performance.now() > deadlineMs) assert.fail(`not ${what}, but ${await this.#fingerprint()}`);
      await this.#aside.waitForTimeout(20);
    }
  }
}

/** For the page: a browser without a push service of its own gets the subscription of another one. */
function subscribingTo(subscription: object): string {
  return `{
    const given = ${JSON.stringify(subscription)};
    const subscription = { ...given, toJSON: () => given, unsubscribe: async () => true };
    PushManager.prototype.subscribe = async () => subscription;
  }`;
}

/** In a page beside the phone. */
async function listNotifications(): Promise<Shown[]> {
  const registration = await navigator.serviceWorker.getRegistration();
  const all = (await registration?.getNotifications()) ?? [];
  return all.map((shown) => {
    const { actions = [] } = shown as unknown as { actions?: { title: string }[] };
    const { title, body, tag, requireInteraction } = shown;
    return { title, body, tag, requireInteraction, actions: actions.map((action) => action.title) };
  });
}

/** In the worker. */
async function pressNotification(action: string): Promise<void> {
  const scope = globalThis as unknown as EventTarget & { registration: ServiceWorkerRegistration };
  const notification = (await scope.registration.getNotifications()).at(-1);
  const { NotificationEvent } = globalThis as unknown as {
    NotificationEvent: new (type: string, init: object) => Event;
  };
  scope.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}
