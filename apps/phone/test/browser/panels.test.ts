import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { requireService, shareChromium, spawnServer, startTogether } from "@echoo/testkit";
import { nora, seedPeople, tomas } from "./seed-people.ts";
import { Visitor } from "./visitor.ts";

const skip = requireService("chromium");

it("panels close by Escape and with the call, and none of them covers the controls of a phone", { skip }, async (t) => {
  const { me, peer } = await seeded(t);
  await me.call(tomas.phone);
  await peer.at("accept").click();
  await me.reads("call-state", "connected");
  for (const [hook, panel] of [
    ["quality", "quality-graph"],
    ["devices", "device-panel"],
    ["chat", "chat-panel"],
  ] as const) {
    await me.at(hook).click();
    await me.at(panel).waitFor();
    await me.at("mute").click();
    await me.page.keyboard.press("Escape");
    await me.at(panel).waitFor({ state: "detached" });
  }
  await peer.at("chat").click();
  await peer.at("chat-input").fill("Look: https://example.org/a.");
  await peer.at("chat-send").click();
  await me.at("chat").click();
  const link = me.at("chat-log").getByRole("link", { name: "https://example.org/a", exact: true });
  assert.match((await link.getAttribute("rel")) ?? "", /noopener/);
  await me.at("quality").click();
  await me.at("hangup").click();
  await me.at("end-reason").waitFor();
  for (const panel of ["quality-graph", "chat-panel"]) assert.equal(await me.at(panel).count(), 0);
  assert.deepEqual(me.complaints, []);
});

it("the history has days, a filter and a search, opens details at a tap, and contacts have a menu", {
  skip,
}, async (t) => {
  const { me } = await seeded(t);
  await me.at("recents").getByRole("heading").first().waitFor();
  await me.at("filter-missed").click();
  await me.page.waitForFunction(() => document.querySelectorAll('[data-testid="recent"]').length === 1);
  await me.at("filter-all").click();
  await me.at("recents-search-open").click();
  await me.at("recents-search").fill("aiko");
  await me.page.waitForFunction(() => document.querySelectorAll('[data-testid="recent"]').length === 1);
  await me.at("recent").getByRole("link").click();
  await me.at("details-back").waitFor();
  assert.equal(await me.at("hangup").count(), 0, "a tap calls nobody");
  await me.at("details-back").click();
  await me.page.getByRole("button", { name: /^Show all/ }).click();
  const row = me.at("contact").filter({ hasText: "Tomás" });
  await row.getByTestId("contact-menu").click();
  await me.at("contact-rename").click();
  await me.at("contact-new-name").fill("Tom");
  await me.at("contact-new-name-save").click();
  const tom = me.at("contact").filter({ hasText: tomas.phone });
  await tom.getByText("Tom", { exact: true }).waitFor();
  await tom.getByTestId("contact-menu").click();
  await me.at("contact-favourite").click();
  await me.at("contact").first().getByText("Tom", { exact: true }).waitFor();
  await tom.getByTestId("contact-menu").click();
  await me.at("contact-block").click();
  await tom.getByText("blocked").waitFor();
});

async function seeded(t: TestContext) {
  const [server, browser] = await startTogether([spawnServer({ test: t }), shareChromium()]);
  t.after(() => browser.close());
  await seedPeople(server);
  const context = { viewport: { width: 360, height: 740 } };
  const [me, peer] = await Promise.all([
    Visitor.signedIn(browser, { ...nora, url: server.url, context }),
    Visitor.signedIn(browser, { ...tomas, url: server.url }),
  ]);
  return { me, peer };
}
