import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  requireService,
  type ServerProcess,
  type SharedBrowser,
  shareChromium,
  spawnServer,
  startTogether,
} from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

const firefox = "Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0";

describe("the signed-in devices", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let numbers = 5_550_700;

  before(async () => {
    [server, browser] = await startTogether([spawnServer(), shareChromium()]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** One person at two browsers, the second of which has the page of devices open. */
  async function twoDevices(): Promise<{ phone: Visitor; desk: Visitor }> {
    const person = { phone: String(numbers++), name: "Ann", url: server.url };
    const phone = await Visitor.signedIn(browser, { ...person, context: { userAgent: firefox } });
    const desk = await Visitor.signedIn(browser, person);
    await desk.page.getByRole("button", { name: "Your account" }).click();
    await desk.at("signed-in-devices").click();
    await desk.at("device").nth(1).waitFor();
    return { phone, desk };
  }

  it("are listed with this one first, and another one is signed out by keyboard alone", async () => {
    const { phone, desk } = await twoDevices();
    const rows = await desk.at("device").allInnerTexts();
    assert.match(rows[0] ?? "", /^Chrome · Linux\s+This device\s+Signed in since .*\d/);
    assert.match(rows[1] ?? "", /^Firefox · Android\s+Last used .*\s+Signed in since .*\d/);
    assert.equal(await desk.at("device").first().getByTestId("device-end").count(), 0, "its own menu signs it out");

    await desk.at("device-end").focus();
    await desk.page.keyboard.press("Enter");
    await phone.at("error").getByText("You were signed out").waitFor();
    await desk.page.getByText("Firefox · Android is signed out.").waitFor();
    await desk.page.getByText("You are not signed in on any other device.").waitFor();
    assert.equal(await desk.at("device").count(), 1);
    assert.equal(await desk.page.evaluate(() => document.activeElement?.id), "devices-heading");
    await desk.page.reload();
    await desk.at("device").waitFor();
    await desk.reads("status", "online");
    assert.deepEqual(desk.complaints, []);
    await Promise.all([phone.close(), desk.close()]);
  });

  it("are all signed out at once, this one too, after a question that can be taken back", async () => {
    const { phone, desk } = await twoDevices();
    await desk.at("devices-end-all").click();
    await desk.at("devices-end-all-confirm").waitFor();
    await desk.page.keyboard.press("Escape");
    await desk.at("devices-end-all").waitFor();
    const focused = () => desk.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    assert.equal(await focused(), "devices-end-all");
    await desk.at("devices-end-all").click();
    await desk.at("devices-end-all-confirm").click();
    await desk.at("error").getByText("You are signed out on every device.").waitFor();
    await desk.at("phone-input").waitFor();
    await phone.at("error").getByText("You were signed out").waitFor();
    await desk.page.reload();
    await desk.at("phone-input").waitFor();
    await desk.signIn();
    assert.equal(await desk.at("devices").count(), 0, "the next sign-in begins at home");
    await Promise.all([phone.close(), desk.close()]);
  });

  it("say in words that the server cannot be reached, and are there once it can", async () => {
    const { phone, desk } = await twoDevices();
    await desk.page.route("**/api/auth/sessions**", (route) => route.abort());
    await desk.at("device-end").click();
    await desk.at("error").getByText("The server cannot be reached").waitFor();
    await desk.at("devices-end-all").click();
    await desk.at("devices-end-all-confirm").click();
    await desk.page.getByRole("alertdialog").getByTestId("error").getByText("The server cannot be reached").waitFor();
    await phone.reads("status", "online");

    await desk.page.reload();
    await desk.at("error").getByText("Your devices could not be loaded. The server cannot be reached").waitFor();
    await desk.page.unroute("**/api/auth/sessions**");
    await desk.page.getByRole("button", { name: "Try again" }).click();
    await desk.at("device").nth(1).waitFor();
    assert.equal(await desk.at("error").count(), 0);
    await Promise.all([phone.close(), desk.close()]);
  });

  it("do not name the page where a session that is not listed here signed it in", async () => {
    const { phone, desk } = await twoDevices();
    await desk.page.route("**/api/auth/sessions", async (route) => {
      const reply = await route.fetch();
      const { sessions } = (await reply.json()) as { sessions: { current: boolean }[] };
      await route.fulfill({ json: { sessions: sessions.filter(({ current }) => !current) } });
    });
    await desk.page.reload();
    await desk.page.getByText("Another product signed this page in").waitFor();
    await desk.at("device").getByText("Firefox · Android").waitFor();
    await Promise.all([phone.close(), desk.close()]);
  });
});
