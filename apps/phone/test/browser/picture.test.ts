import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import { openPlace } from "./place.ts";
import { Visitor } from "./visitor.ts";

describe("what can be done about the picture of a call", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_553_100, ["--use-fake-device-for-media-stream=device-count=3"]);
  let ann: Visitor;
  let bob: Visitor;

  beforeEach(async () => {
    [ann, bob] = await place.visit("Ann", "Bob");
  });

  async function talk(kind: "video" | "audio" = "video"): Promise<void> {
    await ann.call(bob.phone, kind);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    if (kind === "video") await ann.seesMoving();
  }

  const faded = () => ann.page.locator(".talk.idle");

  it("its controls fade while they are not used, and come back with the first move", async () => {
    await talk();
    await ann.page.mouse.move(300, 300);
    await faded().waitFor();
    await ann.page.waitForFunction(() => {
      const bottom = document.querySelector(".call-bottom");
      return bottom !== null && getComputedStyle(bottom).opacity === "0";
    });
    await ann.page.mouse.move(320, 300);
    await faded().waitFor({ state: "detached" });
  });

  it("its controls stay for a user of the keyboard who is at one of them, and in a call without a picture", async () => {
    await talk();
    await ann.at("mute").focus();
    await ann.page.keyboard.press("Tab");
    // What would fade has faded at Bob's, whose call began with Ann's.
    await bob.page.mouse.move(300, 300);
    await bob.page.locator(".talk.idle").waitFor();
    assert.equal(await faded().count(), 0);
    await bob.at("camera").click();
    await ann.page.getByText("Bob's camera is off").waitFor();
    await ann.at("mute").evaluate((button) => button.blur());
    await ann.page.mouse.move(300, 300);
    await bob.page.mouse.move(320, 320);
    await bob.page.locator(".talk.idle").waitFor();
    assert.equal(await faded().count(), 0);
  });

  it("a touch that wakes faded controls presses none of them", async () => {
    const context = { hasTouch: true, viewport: { width: 360, height: 740 } };
    const cid = await Visitor.signedIn(place.browser, {
      phone: "5553199",
      name: "Cid",
      url: place.server.url,
      context,
    });
    await ann.call(cid.phone);
    await cid.at("accept").click();
    await cid.seesMoving();
    const box = await cid.at("hangup").boundingBox();
    assert.ok(box);
    const tap = () => cid.page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await cid.page.locator(".talk.idle").waitFor();
    await tap();
    await cid.page.locator(".talk.idle").waitFor({ state: "detached" });
    await cid.reads("call-state", "connected");
    await tap();
    await cid.reads("call-state", "ended");
    assert.deepEqual(cid.complaints, []);
    await cid.close();
  });

  it("it gets the whole screen for as long as the call goes on", async () => {
    await talk();
    const isFull = (on: boolean) => ann.page.waitForFunction((wanted) => !!document.fullscreenElement === wanted, on);
    await ann.at("full-screen").click();
    await isFull(true);
    await ann.page.getByRole("button", { name: "Leave full screen" }).waitFor();
    await ann.at("full-screen").click();
    await isFull(false);
    await ann.at("full-screen").click();
    await isFull(true);
    await bob.at("hangup").click();
    await ann.reads("call-state", "ended");
    await isFull(false);
  });

  it("the other side's goes into a window of its own and comes back", async () => {
    await talk();
    const apart = (hook: string | undefined) =>
      ann.page.waitForFunction(
        (wanted) => (document.pictureInPictureElement as HTMLElement | null)?.dataset.testid === wanted,
        hook,
      );
    await ann.at("pip").click();
    await apart("remote-video");
    await ann.page.getByRole("button", { name: "Leave picture in picture" }).waitFor();
    await ann.at("pip").click();
    await apart(undefined);
  });

  it("is whole or fills the stage, as chosen", async () => {
    await talk();
    const fitting = () => ann.at("remote-video").evaluate((video) => getComputedStyle(video).objectFit);
    const before = await fitting();
    await ann.at("fit").click();
    assert.deepEqual([before, await fitting()].sort(), ["contain", "cover"]);
  });

  it("is taken by the next camera at a press, which the other side goes on seeing", async () => {
    await talk();
    const sendsBy = (camera: string) =>
      ann.page.waitForFunction((wanted) => {
        const senders = window.peers.flatMap((peer) => peer.getSenders());
        const track = senders.find((sender) => sender.track?.kind === "video")?.track;
        return track?.readyState === "live" && track.label === wanted;
      }, camera);
    await sendsBy("fake_device_0");
    await ann.at("flip").click();
    await sendsBy("fake_device_1");
    // The second one of Chromium's made-up cameras measures depth, which no connection carries.
    await ann.at("flip").click();
    await sendsBy("fake_device_2");
    await bob.seesMoving(30);
  });

  it("the level of the microphone moves while it hears something, and stands still while it is muted", async () => {
    await talk("audio");
    await ann.at("devices").click();
    const level = (least: number, most: number) =>
      ann.page.waitForFunction(
        ([from, to]) => {
          const value = document.querySelector<HTMLMeterElement>('[data-testid="level"]')?.value ?? -1;
          return value >= from && value <= to;
        },
        [least, most] as const,
      );
    await level(0.3, 1);
    await ann.at("mute").click();
    await level(0, 0);
  });
});
