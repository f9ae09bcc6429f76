import assert from "node:assert/strict";
import { it } from "node:test";
import { requireService, shareChromium, spawnServer, startTogether } from "@echoo/testkit";
import { Visitor } from "./visitor.ts";

const ann = "5550870";
const bobs = ["5550871", "5550872"] as const;
const longName = "عبد الرحمن بن محمد بن عبد الله الطويل جدا من مدينة بعيدة";

it("calls of two people of one name are told apart, and a name written from the right is cut at its own end", {
  skip: requireService("chromium"),
}, async (t) => {
  const [server, browser] = await startTogether([spawnServer({ test: t }), shareChromium()]);
  t.after(() => browser.close());
  const headers = { "Content-Type": "application/json" };
  for (const [index, callee] of [...bobs, "5550873"].entries()) {
    const startTime = new Date(Date.UTC(2026, 0, 1, index)).toISOString();
    const call = { callId: `names-${index}`, caller: ann, callee, status: "completed", duration: 5, startTime };
    const response = await fetch(`${server.url}/api/calls`, { method: "POST", headers, body: JSON.stringify(call) });
    assert.equal(response.status, 201);
  }
  const context = { viewport: { width: 320, height: 568 } };
  const visitor = await Visitor.signedIn(browser, { phone: ann, name: "Ann", url: server.url, context });
  for (const [phone, name] of [...bobs.map((phone) => [phone, "Bob"] as const), ["5550873", longName] as const]) {
    await visitor.at("add-contact").click();
    await visitor.at("contact-number").fill(phone);
    await visitor.at("contact-name").fill(name);
    await visitor.at("contact-save").click();
    await visitor.at("contact").filter({ hasText: name }).first().waitFor();
  }
  for (const phone of bobs) await visitor.at("recent").filter({ hasText: phone }).getByText("Bob").waitFor();
  const look = (hook: string) =>
    visitor
      .at(hook)
      .locator(".cut", { hasText: longName })
      .evaluate((name) => {
        const { direction, textAlign } = getComputedStyle(name);
        return { direction, textAlign, isCut: name.scrollWidth > name.clientWidth };
      });
  const cutAtItsEnd = { direction: "rtl", textAlign: "left", isCut: true };
  assert.deepEqual(await look("contact"), cutAtItsEnd);
  assert.deepEqual(await look("recent"), cutAtItsEnd);
  assert.deepEqual(visitor.complaints, []);
});
