import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { deviceEndReasons } from "@echoo/protocol";
import { requireService } from "@echoo/testkit";
import { openPlace } from "./place.ts";
import type { Visitor } from "./visitor.ts";

describe("an incoming call", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_550_300);
  let ann: Visitor;
  let bob: Visitor;

  beforeEach(async () => {
    [ann, bob] = await place.visit("Ann", "Bob");
  });

  it("leaves the caret with somebody who types", async () => {
    await bob.at("dial-input").pressSequentially("55");
    await ann.call(bob.phone);
    await bob.at("incoming").waitFor();
    await bob.page.keyboard.type("50");
    assert.equal(await bob.at("dial-input").inputValue(), "5550");
    await bob.at("decline").click();
    await ann.reads("end-reason", "Bob declined the call.");
  });

  it("can be answered by keyboard alone by somebody who does not type", async () => {
    await ann.call(bob.phone);
    await bob.at("incoming").waitFor();
    assert.equal(await bob.page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "accept");
    assert.match(await bob.page.title(), /Ann is calling/);
    await bob.page.keyboard.press("Enter");
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
  });

  it("can be answered without a camera, and the camera added later", async () => {
    await ann.call(bob.phone);
    await bob.at("accept-audio").click();
    await ann.reads("call-state", "connected");
    await ann.page.getByText("Bob's camera is off").waitFor();
    await bob.seesMoving();
    await bob.at("camera").click();
    await ann.seesMoving();
  });

  it("stops on the other device when one answers, which says so", async () => {
    const other = await bob.anotherTab();
    await other.reads("status", "online");
    await ann.call(bob.phone);
    await Promise.all([bob.at("incoming").waitFor(), other.at("incoming").waitFor()]);
    await other.at("accept").click();
    await bob.at("incoming").waitFor({ state: "detached" });
    await bob.at("notice").getByText(deviceEndReasons.answered_elsewhere.sentence).waitFor();
    await other.reads("call-state", "connected");
  });

  it("that nobody took is counted in the title until it is looked at", async () => {
    await ann.call(bob.phone, "audio");
    await bob.at("incoming").waitFor();
    await ann.at("hangup").click();
    await bob.at("recent").getByText("Missed audio call").waitFor();
    await bob.page.waitForFunction(() => document.title.startsWith("(1)"));
    // Nobody has touched the page yet: whoever moves the mouse over it has seen it.
    await bob.page.waitForFunction(() => {
      dispatchEvent(new Event("pointermove"));
      return !document.title.startsWith("(1)");
    });
    await bob.page.reload();
    await bob.at("recent").getByText("Missed audio call").waitFor();
    assert.doesNotMatch(await bob.page.title(), /^\(1\)/);
  });

  it("of somebody with another call elsewhere can be dialled all the same, after a question", async () => {
    const other = await ann.anotherTab();
    await other.reads("status", "online");
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await ann.reads("call-state", "connected");
    await other.call(bob.phone, "audio");
    await other.page.getByText("You already have a call").waitFor();
    await other.page.getByRole("button", { name: "End it and call" }).click();
    await ann.reads("end-reason", "You began another call.");
    await bob.at("accept").click();
    await other.reads("call-state", "connected");
  });
});
