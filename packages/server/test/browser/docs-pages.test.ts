import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService, shareChromium, spawnServer, startTogether } from "@echoo/testkit";

declare global {
  interface Window {
    /** What the policy of the page blocked. */
    blocked: string[];
  }
}

describe("the pages of the documentation", { skip: requireService("chromium") }, () => {
  it("work under the policy that all pages have, and break it nowhere", async (t) => {
    const [server, browser] = await startTogether([spawnServer({ test: t }), shareChromium()]);
    t.after(() => browser.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    const elsewhere: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(server.url)) elsewhere.push(request.url());
    });
    await page.addInitScript(() => {
      window.blocked = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.blocked.push(`${event.effectiveDirective}: ${event.blockedURI}`),
      );
    });

    await page.goto(`${server.url}/docs`);
    const health = page.locator("#operations-Service-getHealth");
    await health.locator("button").first().click();
    await health.getByRole("button", { name: "Try it out" }).click();
    await health.getByRole("button", { name: "Execute" }).click();
    await health.locator(".live-responses-table").getByText('"activeCalls"').first().waitFor();
    assert.deepEqual(await page.evaluate(() => window.blocked), []);

    await page.goto(`${server.url}/docs/messages`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.deepEqual(await page.evaluate(() => window.blocked), []);
    // The test would notice: a script of the page's own is blocked.
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'broken into'";
      document.body.append(script);
    });
    assert.notEqual(await page.title(), "broken into");
    assert.deepEqual(await page.evaluate(() => window.blocked), ["script-src-elem: inline"]);
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(
      complaints.filter((text) => !text.includes("inline script")),
      [],
    );
  });
});
