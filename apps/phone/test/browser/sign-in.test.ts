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
import type { Page } from "playwright-core";
import { Visitor } from "./visitor.ts";

describe("signing in", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;

  before(async () => {
    [server, browser] = await startTogether([spawnServer(), shareChromium()]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("is refused in words for something that is no number", async () => {
    const me = await Visitor.open(browser, { phone: "12", name: "Ann", url: server.url });
    await me.at("phone-input").fill("12");
    await me.at("sign-in").click();
    await me.at("error").getByText("3 to 15 digits").waitFor();
    await me.close();
  });

  it("lasts over a reload, until one signs out", async () => {
    const me = await Visitor.signedIn(browser, { phone: "+15550201", name: "Ann", url: server.url });
    await me.page.reload();
    await me.reads("status", "online");
    await me.page.getByRole("button", { name: "Your account" }).click();
    await me.at("sign-out").click();
    await me.at("phone-input").waitFor();
    await me.page.reload();
    await me.at("phone-input").waitFor();
    await me.close();
  });

  it("ends in words when the token is revoked elsewhere", async () => {
    const me = await Visitor.signedIn(browser, { phone: "+15550202", name: "Ann", url: server.url });
    const status = await me.page.evaluate(async () => {
      const { token } = JSON.parse(localStorage.getItem("echoo.session") ?? "{}") as { token: string };
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      return (await fetch("/api/auth/logout", { method: "POST", headers })).status;
    });
    assert.equal(status, 200);
    await me.at("error").getByText("You were signed out").waitFor();
    await me.close();
  });

  it("makes two people of two tabs, where the address says as whom, who can call each other", async () => {
    const ann = await Visitor.signedIn(browser, { phone: "+15550203", name: "Ann", url: server.url });
    const bob = await ann.anotherTab({ phone: "+15550204", name: "Bob", search: "?as=%2B15550204" });
    assert.equal(await bob.at("phone-input").inputValue(), "+15550204");
    await bob.signIn();
    await Promise.all([ann.page.reload(), bob.page.reload()]);
    await Promise.all([ann.reads("status", "online"), bob.reads("status", "online")]);
    await ann.call(bob.phone, "audio");
    await bob.at("incoming").getByText("Incoming audio call").waitFor();
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await ann.close();
  });
});

describe("signing in with a code", { skip: requireService("chromium") }, () => {
  it("asks for the code, shows the one of a server in development, and says when it is wrong", async (t) => {
    const [server, browser] = await startTogether([spawnServer({ test: t }), shareChromium()]);
    t.after(() => browser.close());
    const me = await Visitor.open(browser, { phone: "+15550205", name: "Ann", url: server.url });
    await askForCode(me.page);
    await me.at("phone-input").fill(me.phone);
    await me.at("sign-in").click();
    await me.at("code-input").waitFor();
    assert.equal(await me.at("code-input").inputValue(), rightCode);
    await me.at("code-input").fill("000000");
    await me.at("sign-in").click();
    await me.at("error").getByText("That code is not right").waitFor();
    await me.at("code-input").fill(rightCode);
    await me.at("sign-in").click();
    await me.reads("status", "online");
  });
});

const rightCode = "482913";

/** A development start needs no code where it could show one, so the contract's answers stand before its own. */
async function askForCode(page: Page): Promise<void> {
  await page.route("**/api/auth/register", (route) => {
    const { otp, ...rest } = route.request().postDataJSON() as { otp?: string };
    if (otp === undefined) {
      return route.fulfill({ status: 202, json: { status: "otp_sent", expiresInSec: 300, devOtp: rightCode } });
    }
    if (otp !== rightCode)
      return route.fulfill({ status: 401, json: { error: "That is not it.", code: "wrong_code" } });
    return route.continue({ postData: JSON.stringify(rest) });
  });
}
