import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import { openPlace } from "./place.ts";
import type { Visitor } from "./visitor.ts";

describe("several calls at once", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_551_300);
  let ann: Visitor;
  let bob: Visitor;
  let cid: Visitor;

  beforeEach(async () => {
    [ann, bob, cid] = await place.visit("Ann", "Bob", "Cid");
  });

  const inFront = (name: string) => bob.page.locator(".incoming-name").getByText(name, { exact: true }).waitFor();

  /** What is in front has been there for long enough to be decided about. */
  const decidable = () =>
    bob.page.waitForFunction(
      () => document.querySelector('[data-testid="accept"]')?.getAttribute("aria-disabled") === "false",
    );

  /** Both ring at Bob's; the later one, Cid's, is in front. */
  async function bothRing(): Promise<void> {
    await ann.call(bob.phone);
    await inFront("Ann");
    await cid.call(bob.phone);
    await inFront("Cid");
    await bob.at("also-ringing").getByText("Ann is calling as well").waitFor();
    await Promise.all([ann.reads("call-state", "ringing"), cid.reads("call-state", "ringing")]);
  }

  it("ring side by side, and declining one brings the other back", async () => {
    await bothRing();
    await bob.at("decline").click();
    await cid.reads("end-reason", "Bob declined the call.");
    await inFront("Ann");
    assert.equal(await bob.at("also-ringing").count(), 0);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
  });

  it("a press on its way to the one that was in front decides nothing about the other, which can be decided soon", async () => {
    await bothRing();
    await decidable();
    // The second press comes as fast as one can be: as soon as the other is drawn in the place of the first.
    await bob.page.evaluate(async () => {
      document.querySelector<HTMLElement>('[data-testid="decline"]')?.click();
      while (document.querySelector(".incoming-name")?.textContent !== "Ann") {
        await new Promise(requestAnimationFrame);
      }
      for (const hook of ["decline", "accept"]) {
        document.querySelector<HTMLElement>(`[data-testid="${hook}"]`)?.click();
      }
    });
    await cid.reads("end-reason", "Bob declined the call.");
    await decidable();
    await ann.reads("call-state", "ringing");
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
  });

  it("ring side by side, and one whose caller gives up leaves the other", async () => {
    await bothRing();
    const whereIs = async () => (await bob.at("dial-input").boundingBox())?.y;
    const before = await whereIs();
    await cid.at("hangup").click();
    await inFront("Ann");
    await bob.at("notice").getByText("Cid hung up before the call was answered.").waitFor();
    assert.equal(await whereIs(), before, "what is told moves nothing of the page");
  });

  it("can be brought in front one by one, and answering one tells the other why not", async () => {
    await bothRing();
    await bob.at("also-ringing").getByRole("button").click();
    await inFront("Ann");
    await bob.at("also-ringing").getByText("Cid is calling as well").waitFor();
    await bob.at("accept").click();
    await ann.reads("call-state", "connected");
    await cid.reads("end-reason", "Bob is on another call.");
    await bob.at("incoming").waitFor({ state: "detached" });
    await bob.at("hangup").click();
    await bob.at("meanwhile").getByText("Cid called while you were on this call.").waitFor();
  });

  it("are told apart in both histories: busy, not reachable and not answered", async () => {
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await ann.reads("call-state", "connected");
    await cid.call(bob.phone, "audio");
    await cid.reads("end-reason", "Bob is on another call.");
    // Who talks hears of it while the call goes on, and nothing rings.
    await bob.reads("other-caller", "Cid called you, and is told that you are on another call.");
    assert.equal(await bob.at("incoming").count(), 0);
    await bob.reads("call-state", "connected");
    await bob.at("other-caller").getByRole("button").click();
    await bob.at("other-caller").waitFor({ state: "detached" });
    await cid.at("call-close").click();
    await cid.at("recent").getByText("Audio call, on another call").waitFor();
    await bob.at("hangup").click();
    await bob.at("meanwhile").getByText("Cid called while you were on this call.").waitFor();
    await bob.at("call-close").click();
    await bob.at("recent").getByText("Missed audio call, you were on a call").waitFor();

    await ann.at("call-close").click();
    const away = { phone: "5551399", displayName: "Dee" };
    const headers = { "Content-Type": "application/json" };
    await fetch(`${place.server.url}/api/auth/register`, { method: "POST", headers, body: JSON.stringify(away) });
    await ann.call(away.phone);
    await ann.at("end-reason").getByText("The other person could not be reached.").waitFor();
    await ann.at("call-close").click();
    await ann.at("recent").getByText("Video call, not reachable").waitFor();
    await ann.call(cid.phone);
    await cid.at("incoming").waitFor();
    await ann.at("hangup").click();
    await ann.at("call-close").click();
    await ann.at("recent").getByText("Video call, cancelled").waitFor();
    await cid.at("recent").getByText("Missed video call").waitFor();
  });
});
