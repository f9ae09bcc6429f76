import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openPlace } from "./place.ts";
import { Visitor } from "./visitor.ts";

const devices = /\/assets\/own-devices-[^/]+\.js$/;

describe("the screens that are fetched apart", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_550_800);
  let numbers = 5_550_800;

  const visitor = () => Visitor.open(place.browser, { phone: String(numbers++), name: "Ann", url: place.server.url });
  const sentence = (page: Page) => page.getByTestId("error").getByText("This part of the page could not be loaded.");
  const retry = (page: Page) => page.getByTestId("error").getByRole("button", { name: "Try again" });
  /** The names of the scripts that the page has fetched. */
  const scriptsOf = async (page: Page) => {
    const fetched = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    return fetched.flatMap((address) => /\/assets\/([^/]+)-.{8}\.js$/.exec(address)?.[1] ?? []).sort();
  };
  /** What a page that is loaded anew has no more. */
  const mark = (page: Page) => page.evaluate(() => document.body.setAttribute("data-marked", ""));
  const isMarked = (page: Page) => page.evaluate(() => document.body.hasAttribute("data-marked"));

  /** Waits until the page of devices, opened by its address, says that its script did not come. */
  const opensInVain = async ({ page }: Visitor) => {
    await mark(page);
    await page.evaluate(() => {
      location.hash = "#/devices";
    });
    await sentence(page).waitFor();
  };
  /** Signed in, at the page of devices, whose script does not come. */
  const visitorInVain = async () => {
    const ann = await visitor();
    await ann.page.route(devices, (route) => route.abort());
    await ann.signIn();
    await opensInVain(ann);
    return ann;
  };

  it("come once the page has nothing else to do, so that they open without the server; the invitation for administrators", async () => {
    const ann = await visitor();
    await ann.at("phone-input").waitFor();
    assert.deepEqual(await scriptsOf(ann.page), ["index"], "before the sign-in");
    const answer = ann.page.waitForResponse((response) => devices.test(response.url()));
    await ann.signIn();
    const headers = await (await answer).allHeaders();
    assert.match(headers["cache-control"] ?? "", /immutable/);
    assert.match(headers["content-encoding"] ?? "", /^(br|gzip)$/);
    await ann.page.waitForFunction(
      (wanted) =>
        wanted.every((name) => performance.getEntriesByType("resource").some((entry) => entry.name.includes(name))),
      ["/call-details-", "/own-devices-", "/quality-graphs-"],
    );
    assert.deepEqual(await scriptsOf(ann.page), [
      "call-details",
      "index",
      "own-devices",
      "quality-graphs",
      "report-calls",
      "rolldown-runtime",
    ]);
    await ann.page.route("**/*.js", (route) => route.abort());
    await ann.page.getByRole("button", { name: "Your account" }).click();
    await ann.at("signed-in-devices").click();
    await ann.at("device").waitFor();
    assert.equal(await ann.page.evaluate(() => document.activeElement?.id), "devices-heading");
    assert.deepEqual(ann.complaints, []);
    await ann.close();
  });

  it("have their head, the way back and a sentence where their script does not come, and open when tried again", async () => {
    const ann = await visitorInVain();
    await ann.page.getByRole("heading", { name: "Signed-in devices" }).waitFor();
    await ann.page.getByRole("button", { name: "Back" }).click();
    await ann.page.waitForFunction(() => location.hash === "#/");
    await ann.page.goBack();
    await sentence(ann.page).waitFor();
    await ann.page.unroute(devices);
    await retry(ann.page).click();
    await ann.at("device").waitFor();
    assert.ok(await isMarked(ann.page), "the page was not loaded anew for it");
    await ann.close();
  });

  it("are opened by the page of today where an update took the script of yesterday's away", async () => {
    const ann = await visitor();
    let isUpdated = true;
    await ann.page.route(devices, (route) =>
      isUpdated ? route.fulfill({ status: 404, body: "gone" }) : route.continue(),
    );
    await ann.signIn();
    await opensInVain(ann);
    ann.page.on("framenavigated", () => {
      isUpdated = false;
    });
    await retry(ann.page).click();
    await ann.at("device").waitFor();
    assert.equal(await isMarked(ann.page), false);
    await ann.close();
  });

  it("leave the page as it is while the server is away", async () => {
    const ann = await visitorInVain();
    await ann.page.context().setOffline(true);
    const asked = ann.page.waitForEvent("requestfailed", (request) => request.method() === "HEAD");
    await retry(ann.page).click();
    await asked;
    await sentence(ann.page).waitFor();
    assert.equal(await ann.page.evaluate(() => document.activeElement?.id), "late-heading");
    assert.ok(await isMarked(ann.page));
    await ann.close();
  });
});
