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

describe("a call between two pages", { skip: requireService("chromium") }, () => {
  let server: ServerProcess;
  let browser: SharedBrowser;
  let ann: Visitor;
  let bob: Visitor;

  before(async () => {
    [server, browser] = await startTogether([spawnServer(), shareChromium()]);
    const { url } = server;
    [ann, bob] = await Promise.all([
      Visitor.signedIn(browser, { phone: "+15550101", name: "Ann", url }),
      Visitor.signedIn(browser, { phone: "+15550102", name: "Bob", url }),
    ]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("rings until it is answered, then both see the other move", async () => {
    await ann.call("+1 (555) 0102");
    await ann.reads("call-state", "ringing");
    await bob.at("incoming").getByText("Ann").waitFor();
    await bob.at("incoming").getByText("Incoming video call").waitFor();
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await Promise.all([ann.seesMoving(), bob.seesMoving()]);
    assert.match((await ann.at("timer").textContent()) ?? "", /^\d\d:\d\d$/);
    await ann.at("local-video").waitFor();
    await ann.at("remote-video").waitFor();
  });

  it("carries chat both ways", async () => {
    assert.equal(await ann.at("chat-panel").count(), 0, "nobody has asked for the chat");
    await Promise.all([ann.at("chat").click(), bob.at("chat").click()]);
    await ann.at("chat-input").fill("Do you see the harbour?");
    await ann.at("chat-send").click();
    await bob.at("chat-log").getByText("Do you see the harbour?").waitFor();
    await bob.at("chat-input").fill("I do!");
    await bob.at("chat-input").press("Enter");
    await ann.at("chat-log").getByText("I do!").waitFor();
  });

  it("tells the other side who is muted or has no camera on", async () => {
    await ann.at("mute").click();
    await bob.page.getByText("Ann is muted").waitFor();
    await ann.at("mute").click();
    await bob.page.getByText("Ann is muted").waitFor({ state: "detached" });
    await bob.at("camera").click();
    await ann.page.getByText("Bob's camera is off").waitFor();
    await bob.at("camera").click();
    await ann.page.getByText("Bob's camera is off").waitFor({ state: "detached" });
    await ann.seesMoving();
  });

  it("shows the quality in a word, and as figures and graphs on request", async () => {
    await ann
      .at("quality")
      .getByText(/^(Good|Moderate|Poor)$/)
      .waitFor();
    await ann.at("quality").click();
    await ann
      .at("quality-graph")
      .getByText(/^\d\.\d$/)
      .first()
      .waitFor();
    await ann
      .at("quality-graph")
      .getByRole("img", { name: /^Round trip/ })
      .waitFor();
    await ann
      .at("quality-graph")
      .getByRole("img", { name: /^Packet loss/ })
      .waitFor();
    await ann
      .at("quality-graph")
      .getByRole("img", { name: /^Bitrate: between/ })
      .waitFor();
    await ann.at("quality").click();
    await ann.at("quality-graph").waitFor({ state: "detached" });
  });

  it("moves one's own picture to another corner by keyboard", async () => {
    const self = ann.page.getByRole("group", { name: /Your own video/ });
    const before = await self.boundingBox();
    await self.press("ArrowDown");
    await self.press("ArrowLeft");
    const moved = await self.boundingBox();
    assert.ok(before && moved && moved.y > before.y && moved.x < before.x);
  });

  it("says on both sides who hung up, and lists it in both histories", async () => {
    await bob.at("hangup").click();
    await Promise.all([ann.reads("end-reason", "Bob hung up."), bob.reads("end-reason", "You hung up.")]);
    await ann.reads("call-state", "ended");
    await ann.at("call-close").click();
    await ann.at("recent").filter({ hasText: "Bob" }).getByText("Outgoing").waitFor();
    await bob.at("recent").filter({ hasText: "Ann" }).getByText("Incoming").waitFor();
  });

  it("has who ended it and the graphs of both sides in its details", async () => {
    await ann
      .at("recent")
      .getByRole("link", { name: /Details/ })
      .first()
      .click();
    await ann.reads("end-reason", "Bob hung up.");
    for (const side of ["Your side", "Bob's side"]) {
      await ann.page
        .getByRole("region", { name: side })
        .getByRole("img", { name: /^Bitrate: between/ })
        .waitFor();
    }
    await ann.at("details-back").click();
  });

  it("complains of nothing", () => {
    assert.deepEqual([...ann.complaints, ...bob.complaints, ...server.faults()], []);
  });
});
