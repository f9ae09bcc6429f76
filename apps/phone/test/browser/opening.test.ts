import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openPlace } from "./place.ts";
import { Visitor } from "./visitor.ts";

describe("opening the page", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_550_800);

  const newPage = async (): Promise<Page> => (await place.browser.newContext()).newPage();
  const start = (page: Page) => page.getByTestId("start-anew");

  it("paints before its script and styles have arrived, and lets nothing inline be blocked", async () => {
    const page = await newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    let goOn = () => {};
    const wanted = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route("**/assets/**", async (route) => {
      await wanted;
      await route.continue();
    });
    await page.goto(place.server.url, { waitUntil: "commit" });
    await page.getByTestId("shell").getByText("Echoo is opening…").waitFor();
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    assert.equal(await start(page).isVisible(), false);
    goOn();
    await page.getByTestId("phone-input").waitFor();
    assert.equal(await page.getByTestId("shell").count(), 0);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("says that a script did not load, and starts anew", async () => {
    const page = await newPage();
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.goto(place.server.url);
    await page.getByTestId("shell-failed").waitFor();
    await page.unroute("**/assets/*.js");
    await start(page).click();
    await page.getByTestId("phone-input").waitFor();
    await page.context().close();
  });

  it("says so where a module throws as it loads", async () => {
    const page = await newPage();
    await page.addInitScript(() => {
      Reflect.deleteProperty(Intl, "RelativeTimeFormat");
    });
    await page.goto(place.server.url);
    await page.getByTestId("shell-failed").waitFor();
    assert.equal(await start(page).isVisible(), true);
    await page.context().close();
  });

  it("says so where a screen throws as it is drawn, and starts anew with whoever is signed in", async () => {
    const ann = await Visitor.signedIn(place.browser, { phone: "5550801", name: "Ann", url: place.server.url });
    await ann.page.evaluate(() => {
      Object.defineProperty(Intl.DateTimeFormat.prototype, "format", {
        get() {
          throw new Error("this screen is broken");
        },
      });
      location.hash = "#/devices";
    });
    await ann.at("broken").getByText("Something went wrong").waitFor();
    await start(ann.page).click();
    await ann.reads("status", "online");
    assert.equal(new URL(ann.page.url()).hash, "");
    await ann.close();
  });

  it("at an address that cannot be decoded opens all the same, and others work after it", async () => {
    const ann = await Visitor.open(place.browser, {
      phone: "5550802",
      name: "Ann",
      url: place.server.url,
      search: "#/calls/%E4%B",
    });
    await ann.signIn();
    await ann.page.evaluate(() => {
      location.hash = "#/calls/%E4%B%";
    });
    await ann.page.evaluate(() => {
      location.hash = "#/devices";
    });
    await ann.at("devices").waitFor();
    assert.deepEqual(ann.complaints, []);
    await ann.close();
  });

  it("in a browser whose language is no language speaks English", async () => {
    const context = await place.browser.newContext();
    await context.addInitScript(() => {
      Object.defineProperty(navigator, "languages", { value: ["en-US@posix", "xx--"] });
    });
    const page = await context.newPage();
    await page.goto(place.server.url);
    await page.getByTestId("phone-input").waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await context.close();
  });
});
