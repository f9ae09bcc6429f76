import assert from "node:assert/strict";
import { test } from "node:test";
import { requireService, shareChromium, spawnServer } from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

const ann = "5550850";
const startMs = Date.UTC(2026, 0, 1);

test("a call beyond those that are shown opens by its address; one that is gone says so, and one out of reach may be tried again", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = await spawnServer({ test: t });
  const browser = await shareChromium();
  t.after(() => browser.close());
  for (let i = 0; i < 35; i++) await postCall(server.url, i, "5550851");
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

test("a search goes into older calls by itself, as far as thirty pages, and then says so", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = await spawnServer({ test: t });
  const browser = await shareChromium();
  t.after(() => browser.close());
  for (let i = 0; i < 100; i++) await postCall(server.url, i, i === 95 ? "5550852" : "5550851");
  const visitor = await Visitor.signedIn(browser, { phone: ann, name: "Ann", url: server.url });
  await visitor.at("recent").first().waitFor();
  await visitor.click("recents-search-open");
  await visitor.at("recents-search").fill("5550852");
  await visitor.at("recent").getByText("5550852").first().waitFor();
  assert.equal(await visitor.at("recent").count(), 1);
  await visitor.at("recents-search").fill("5550853");
  await visitor.page.getByText("No call with “5550853”.").waitFor();

  // A history without end. Made of what was fetched before: what a page asks for while it is loaded anew is thrown away.
  const page = (await (await fetch(`${server.url}/api/calls/${ann}`)).json()) as { calls: readonly object[] };
  let pages = 0;
  await visitor.page.route("**/api/calls/*?*", async (route) => {
    const startTime = new Date(startMs - ++pages * 3_600_000).toISOString();
    const calls = [{ ...page.calls[0], callId: `more${pages}`, startTime }];
    await route.fulfill({ json: { ...page, calls, nextCursor: `next${pages}` } });
  });
  await visitor.page.reload();
  await visitor.at("recent").first().waitFor();
  const first = pages;
  await visitor.click("recents-search-open");
  await visitor.at("recents-search").fill("5550853");
  await visitor.page.getByText("Searching older calls…").waitFor();
  await visitor.page.getByText("No call with “5550853” among those searched so far.").waitFor();
  assert.equal(pages - first, 30);
  await visitor.page.getByRole("button", { name: "Show older calls" }).click();
  await visitor.page.getByText("No call with “5550853” among those searched so far.").waitFor();
  await visitor.close();
});

async function postCall(url: string, i: number, callee: string): Promise<void> {
  const call = { callId: `c${i}`, caller: ann, callee, status: "completed", duration: 5 };
  const response = await fetch(`${url}/api/calls`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...call, startTime: new Date(startMs - i * 60_000).toISOString() }),
  });
  assert.equal(response.status, 201);
}
