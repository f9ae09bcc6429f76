import { test } from "node:test";
import { CurrentPeer, requireService, shareChromium, spawnServer } from "@echoo/testkit";
import { asker } from "./seed-people.ts";
import { Visitor } from "./visitor.ts";

const ann = { phone: "5550900", name: "Ann" };
const contacts = 205;
const numberOf = (at: number) => String(5_551_000 + at);

test("a contact past those whose presence can be followed at once has it when scrolled into view", {
  skip: requireService("chromium"),
}, async (t) => {
  const server = await spawnServer({ test: t });
  const browser = await shareChromium();
  t.after(() => browser.close());
  const ask = asker(server);
  const { token } = await ask("POST", "/api/auth/register", { phone: ann.phone, displayName: ann.name });
  const last = numberOf(contacts - 1);
  const late = await ask("POST", "/api/auth/register", { phone: last, displayName: "Zoe" });
  for (let at = 0; at < contacts; at++) {
    // More than one may get to know in a day.
    if (at === 150) await server.restart();
    await ask("PUT", `/api/users/${ann.phone}/contacts/${numberOf(at)}`, { name: `Person ${at + 100}` }, token);
  }
  const visitor = await Visitor.signedIn(browser, { ...ann, url: server.url });
  await visitor.page.getByRole("button", { name: /^Show all/ }).click();
  const row = visitor.at("contact").filter({ hasText: last });
  await row.scrollIntoViewIfNeeded();
  await row.getByText("offline", { exact: false }).waitFor();
  // Who comes after the list was read is seen only where presence is followed.
  await CurrentPeer.connect(server.wsUrl, { userId: last, token: late.token ?? "", test: t });
  await row.getByText("online", { exact: false }).waitFor();
});
