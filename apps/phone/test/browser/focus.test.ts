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
import { nora, seedPeople, tomas } from "./seed-people.ts";
import { Visitor } from "./visitor.ts";

describe("somebody who works with the keyboard", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let me: Visitor;

  before(async () => {
    [server, browser] = await startTogether([spawnServer(), shareChromium()]);
    await seedPeople(server);
    me = await Visitor.signedIn(browser, { ...nora, url: server.url });
    await me.page.getByRole("button", { name: /^Show all/ }).click();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const press = (key: string) => me.page.keyboard.press(key);
  const focused = (selector: string) => me.page.waitForFunction((at) => document.activeElement?.matches(at), selector);
  const contact = () => me.at("contact").filter({ hasText: tomas.phone });
  const choose = async (hook: string) => {
    await contact().getByTestId("contact-menu").focus();
    await press("Enter");
    await me.at(hook).focus();
    await press("Enter");
  };
  const isAtMenu = async () => {
    await focused('[data-testid="contact-menu"]');
    assert.equal(await contact().locator(":focus").count(), 1, "of the same contact");
  };

  it("stays at a contact whose menu was left, or that became a favourite, was blocked or renamed", async () => {
    await contact().getByTestId("contact-menu").focus();
    await press("Enter");
    await me.at("contact-rename").focus();
    await press("Escape");
    await isAtMenu();
    await choose("contact-favourite");
    await contact().getByText("favourite").waitFor();
    await isAtMenu();
    await choose("contact-block");
    await contact().getByText("blocked").waitFor();
    await isAtMenu();
    await choose("contact-rename");
    await focused('[data-testid="contact-new-name"]');
    await press("Escape");
    await isAtMenu();
    await choose("contact-rename");
    await me.at("contact-new-name").fill("Tom");
    await press("Enter");
    await contact().getByText("Tom", { exact: true }).waitFor();
    await isAtMenu();
  });

  it("is at the way to take it back once a contact is removed", async () => {
    await choose("contact-remove");
    await me.page.locator("button:focus", { hasText: "Undo" }).waitFor();
    await press("Enter");
    await contact().waitFor();
  });

  it("is at the field of a number that cannot be taken, and at the opener of a form that is done", async () => {
    await me.at("add-contact").focus();
    await press("Enter");
    await me.at("contact-number").fill("12");
    await me.at("contact-save").focus();
    await press("Enter");
    await focused('[data-testid="contact-number"]');
    await me.at("contact-number").fill("5550990");
    await press("Enter");
    await focused('[data-testid="add-contact"]');
    await me.at("contact").getByText("5550990 · not here yet").waitFor();
  });

  it("is at the opener of a search that Escape closed; an open one takes it from nobody who types elsewhere", async () => {
    await me.at("recents-search-open").focus();
    await press("Enter");
    await focused('[data-testid="recents-search"]');
    await press("Escape");
    await focused('[data-testid="recents-search-open"]');
    await press("Enter");
    await me.at("dial-input").focus();
    const calls = await me.at("recent").count();
    const call = { caller: tomas.phone, callee: nora.phone, status: "missed", endReason: "no_answer", duration: 0 };
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ ...call, callId: "later", startTime: new Date().toISOString() });
    assert.equal((await fetch(`${server.url}/api/calls`, { method: "POST", headers, body })).status, 201);
    await me.at("filter-missed").evaluate((button) => (button as HTMLElement).click());
    await me.page.waitForFunction(
      (before) => document.querySelectorAll('[data-testid="recent"]').length < before,
      calls,
    );
    await focused('[data-testid="dial-input"]');
    await me.at("filter-all").evaluate((button) => (button as HTMLElement).click());
    await press("Tab");
  });

  it("writes at once in a chat that was opened", async () => {
    await me.call("echo");
    await me.reads("call-state", "connected");
    await me.at("chat").focus();
    await press("Enter");
    await focused('[data-testid="chat-input"]');
    await press("Escape");
    await focused('[data-testid="chat"]');
    await me.at("hangup").click();
    assert.deepEqual(me.complaints, []);
  });
});
