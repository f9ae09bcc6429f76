import assert from "node:assert/strict";
import { test } from "node:test";
import { launchChromium, requireService, spawnServer } from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

const ann = "5550850";

test("a call beyond those that are shown opens by its address; one that is gone says so, and one out of reach may be tried again", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = await spawnServer({ test: t });
  const browser = await launchChromium();
  t.after(() => browser.close());
  const startMs = Date.UTC(2026, 0, 1);
  for (let i = 0; i < 35; i++) {
    const call = { callId: `c${i}`, caller: ann, callee: "5550851", status: "completed", duration: 5 };
    const response = await fetch(`${server.url}/api/calls`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...call, startTime: new Date(startMs - i * 60_000).toISOString() }),
    });
    assert.equal(response.status, 201);
  }
  const visitor = await Visitor.signedIn(browser, { phone: ann, name: "Ann", url: server.url });
  const details = visitor.page.locator(".details");
  const go = (callId: string) =>
    visitor.page.evaluate((id) => {
      location.hash = `#/calls/${id}`;
    }, callId);
  await go("c34");
  await details.getByText("5550851").first().waitFor();
  await visitor.page.reload();
  await details.getByText("5550851").first().waitFor();
  await visitor.page.route("**/api/calls/*/c33", (route) => route.abort());
  await go("c33");
  await details.getByTestId("error").getByText("This call could not be loaded.").waitFor();
  await visitor.page.unroute("**/api/calls/*/c33");
  await details.getByRole("button", { name: "Try again" }).click();
  await details.getByText("5550851").first().waitFor();
  await go("none");
  await details.getByText("This call is no longer in the history.").waitFor();
  await visitor.close();
});
