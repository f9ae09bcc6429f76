import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium, requireService, type ServerProcess, spawnServer, startTogether } from "@echoo/testkit";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { type Scene, scenes, writeScene } from "./scene.ts";
import { maya, nora, seedPeople, tomas } from "./seed-people.ts";
import { Visitor } from "./visitor.ts";

/** `ECHOO_PICTURES=docs/pictures` renews the pictures that the README shows; without it none is taken. */
const { ECHOO_PICTURES: wanted } = process.env;
const folder = wanted && fileURLToPath(new URL(`../../../../${wanted}/`, import.meta.url));
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };
const androidAgent =
  "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
const narrowest = { width: 320, height: 568 };

describe("the look of every screen", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let ours: Browser;
  let theirs: Browser;
  let films: string;

  before(async () => {
    if (folder) mkdirSync(folder, { recursive: true });
    films = mkdtempSync(join(tmpdir(), "echoo-film-"));
    let plain: Promise<Browser> | undefined;
    const launch = (name: string, scene: Scene) => {
      const flags = ["--host-resolver-rules=MAP phone.test 127.0.0.1"];
      // Two browsers are needed for two cameras alone.
      if (!folder) {
        plain ??= launchChromium(flags);
        return plain;
      }
      const file = join(films, `${name}.y4m`);
      writeScene(file, scene);
      return launchChromium([...flags, `--use-file-for-fake-video-capture=${file}`]);
    };
    [server, ours, theirs] = await startTogether([spawnServer(), launch("ann", scenes.ann), launch("bob", scenes.bob)]);
    await seedPeople(server);
  });

  after(async () => {
    await Promise.all([ours?.close(), theirs?.close()]);
    await server?.stop();
    rmSync(films, { recursive: true, force: true });
  });

  for (const [sizeName, viewport] of Object.entries(sizes)) {
    it(`has no barrier and fits, signed out, at ${viewport.width} px`, async () => {
      const me = await Visitor.open(ours, { ...nora, url: server.url, context: { viewport, reducedMotion: "reduce" } });
      await me.at("phone-input").fill("+1 555 0100");
      await me.at("name-input").fill(nora.name);
      await pictured(me.page, `sign-in-${sizeName}`);
      await me.at("phone-input").fill("12");
      await me.at("sign-in").click();
      await me.at("error").waitFor();
      await pictured(me.page, `sign-in-refused-${sizeName}`);
      await me.close();
    });

    it(`has no barrier and fits, invited and inviting, at ${viewport.width} px`, async (t) => {
      const closed = await spawnServer({ env: { NODE_ENV: "production" }, test: t });
      const [, search = ""] = await closed.said(/"link":"http[^"]+\/(\?invite=[\w-]+)"/);
      const ada = { phone: "+15550900", name: "Ada Admin", url: closed.url, search };
      const me = await Visitor.open(ours, { ...ada, context: { viewport, reducedMotion: "reduce" } });
      await me.at("invitation").waitFor();
      await pictured(me.page, `invited-${sizeName}`);
      await me.signIn();
      await me.page.getByRole("button", { name: "Your account" }).click();
      await me.at("invite-somebody").click();
      await me.at("invite-make").click();
      await me.at("invite-qr").waitFor();
      await pictured(me.page, `invite-${sizeName}`);
      await me.close();
    });

    it(`has no barrier and fits, with the devices one is signed in on, at ${viewport.width} px`, async () => {
      const someone = { phone: `+1555030${sizeName.length}`, name: "Dana Devices", url: server.url };
      const phone = { ...someone, context: { userAgent: androidAgent } };
      const [other, me] = await Promise.all([
        Visitor.signedIn(theirs, phone),
        Visitor.signedIn(ours, { ...someone, context: { viewport, reducedMotion: "reduce" } }),
      ]);
      await me.page.getByRole("button", { name: "Your account" }).click();
      await me.at("signed-in-devices").waitFor();
      await checked(me.page, `account-${sizeName}`);
      await me.at("signed-in-devices").click();
      await me.at("device-end").waitFor();
      await pictured(me.page, `signed-in-devices-${sizeName}`);
      await me.at("devices-end-all").click();
      await me.at("devices-end-all-confirm").waitFor();
      await pictured(me.page, `sign-out-everywhere-${sizeName}`);
      await me.page.context().setOffline(true);
      await me.at("devices-end-all-confirm").click();
      await me.at("error").first().waitFor();
      await checked(me.page, `sign-out-everywhere-offline-${sizeName}`);
      await Promise.all([me.close(), other.close()]);
    });

    it(`has no barrier and fits, called where there is no microphone, at ${viewport.width} px`, async (t) => {
      const insecure = await spawnServer({ env: { ECHOO_HOSTS: "phone.test", ECHOO_DEV_HTTPS_PORT: "0" }, test: t });
      const context = { viewport, reducedMotion: "reduce" } as const;
      const url = `http://phone.test:${insecure.port}`;
      const me = await Visitor.signedIn(ours, { ...nora, url, context });
      const peer = await Visitor.signedIn(theirs, { ...tomas, url: insecure.url });
      await peer.call(nora.phone);
      await me
        .at("incoming")
        .getByRole("link", { name: /^https:/ })
        .waitFor();
      await pictured(me.page, `incoming-insecure-${sizeName}`);
      await me.at("accept").click();
      await me.at("end-reason").waitFor();
      await me.page
        .locator(".call-end")
        .getByRole("link", { name: /^https:/ })
        .waitFor();
      await pictured(me.page, `not-answered-${sizeName}`);
      await Promise.all([me.close(), peer.close()]);
    });

    it(`has no barrier and fits, with nobody known yet, at ${viewport.width} px`, async () => {
      const someone = { phone: `+1555020${sizeName.length}`, name: "Sam Newcomer" };
      const me = await Visitor.signedIn(ours, {
        ...someone,
        url: server.url,
        context: { viewport, reducedMotion: "reduce" },
      });
      await me.page.getByText("No calls yet").waitFor();
      await pictured(me.page, `first-${sizeName}`);
      await me.close();
    });

    it(`has no barrier and fits at home, at ${viewport.width} px`, async () => {
      const me = await Visitor.signedIn(ours, {
        ...nora,
        url: server.url,
        context: { viewport, reducedMotion: "reduce" },
      });
      await me.at("recent").first().waitFor();
      await me.at("contact").getByText("online").first().waitFor();
      await pictured(me.page, `home-${sizeName}`);
      await me.at("dial-input").fill("555010");
      await me.page.getByRole("listbox").waitFor();
      await me.page.keyboard.press("ArrowDown");
      await pictured(me.page, `dial-${sizeName}`);
      await me.at("dial-input").fill("");
      await me.at("contact-menu").first().click();
      await pictured(me.page, `contact-menu-${sizeName}`);
      await me.page.keyboard.press("Escape");
      await me.at("add-contact").click();
      await me.at("contact-number").waitFor();
      await pictured(me.page, `add-contact-${sizeName}`);
      await me.page.keyboard.press("Escape");
      await me.at("recent").filter({ hasText: "Aiko" }).getByRole("link").click();
      await me.page
        .getByRole("img", { name: /^Bitrate: between/ })
        .nth(1)
        .waitFor();
      await pictured(me.page, `details-${sizeName}`);
      await me.close();
    });
  }

  // Last, for calls add to the history that the others show.
  for (const [sizeName, viewport] of Object.entries(sizes)) {
    it(`has no barrier and fits from the ring to the end of a call, at ${viewport.width} px`, async () => {
      const context = { viewport, reducedMotion: "reduce" } as const;
      const me = await Visitor.signedIn(ours, { ...nora, url: server.url, context });
      const peer = await Visitor.signedIn(theirs, { ...tomas, url: server.url });
      await peer.call(nora.phone);
      await me.at("incoming").waitFor();
      await pictured(me.page, `incoming-${sizeName}`);
      await me.at("decline").click();
      await peer.at("call-close").click();
      await peer.call(nora.phone);
      await me.at("incoming").waitFor();
      await peer.at("hangup").click();
      await me.at("notice").waitFor();
      await peer.at("call-close").click();
      await pictured(me.page, `notice-${sizeName}`);

      await me.call(tomas.phone);
      await me.reads("call-state", "ringing");
      await me.page.waitForFunction(
        () => (document.querySelector("video[data-testid=local-video]") as HTMLVideoElement).readyState > 2,
      );
      await pictured(me.page, `ringing-${sizeName}`, "jpeg");
      await peer.at("accept").click();
      await Promise.all([me.seesMoving(), peer.seesMoving()]);
      // How good it is depends on what else the machine does: a picture has to show a good one, the rules hold for each.
      await me
        .at("quality")
        .getByText(folder ? "Good" : /Good|Moderate|Poor/)
        .waitFor();
      await pictured(me.page, `call-${sizeName}`, "jpeg");
      await talk(me, peer);
      await pictured(me.page, `chat-${sizeName}`, "jpeg");
      await me.page.keyboard.press("Escape");
      await me.at("chat-panel").waitFor({ state: "detached" });
      const third = await Visitor.signedIn(theirs, { ...maya, url: server.url });
      await third.call(nora.phone, "audio");
      await me.at("other-caller").waitFor();
      await third.close();
      await pictured(me.page, `called-meanwhile-${sizeName}`, "jpeg");
      await me.at("quality").click();
      await me
        .at("quality-graph")
        .getByRole("img", { name: /^Bitrate: between/ })
        .waitFor();
      await pictured(me.page, `quality-${sizeName}`, "jpeg");
      await me.at("quality").click();
      await me.at("devices").click();
      await me.page.getByLabel("Microphone").waitFor();
      await checked(me.page, `devices-${sizeName}`);
      await peer.at("hangup").click();
      await me.at("end-reason").waitFor();
      await pictured(me.page, `ended-${sizeName}`, "jpeg");
      await Promise.all([me.close(), peer.close()]);
    });
  }
});

async function talk(me: Visitor, peer: Visitor): Promise<void> {
  for (const { page } of [me, peer]) await page.getByTestId("chat").click();
  const lines = [
    [peer, "Can you hear me all right?"],
    [me, "Loud and clear. You look well!"],
    [peer, "The train leaves at 18:40, platform 7."],
    [me, "I will be there."],
  ] as const;
  for (const [speaker, line] of lines) {
    await speaker.at("chat-input").fill(line);
    await speaker.at("chat-send").click();
    await me.at("chat-log").getByText(line).waitFor();
  }
}

/** Holds the screen to the rules in both themes, and takes a picture of each where that is wanted. */
async function pictured(page: Page, name: string, type: "png" | "jpeg" = "png"): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Controls of a call that nobody has touched for a while are not to be seen, and come back by and by.
    await page.evaluate(async () => {
      dispatchEvent(new Event("pointermove"));
      while (document.querySelector(".idle")) await new Promise(requestAnimationFrame);
      const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.all(changes.map(({ finished }) => finished.catch(() => undefined)));
    });
    if (folder) {
      // Pictures with a film in them would be large otherwise.
      const quality = type === "jpeg" ? { quality: 86 } : {};
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.${type}`), type, ...quality });
    }
    await checked(page, `${name}-${colorScheme}`);
  }
}

/** No rule of accessibility is broken, and nothing sticks out sideways, not even on the narrowest screen. */
async function checked(page: Page, name: string): Promise<void> {
  assert.deepEqual(await barriers(page), [], name);
  assert.equal(await overflows(page), false, `${name} scrolls sideways`);
  const viewport = page.viewportSize();
  await page.setViewportSize(narrowest);
  assert.equal(await overflows(page), false, `${name} scrolls sideways at ${narrowest.width} px`);
  if (viewport) await page.setViewportSize(viewport);
}

function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

interface AxeResult {
  readonly violations: readonly { id: string; impact: string; nodes: readonly { target: readonly string[] }[] }[];
}

/** What axe-core finds wrong, by rule and place. It is large, and brought into a page once. */
async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((runOnly) => {
    const { axe: checker } = window as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    return checker.run({ runOnly, resultTypes: ["violations"] });
  }, rules);
  return violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}
