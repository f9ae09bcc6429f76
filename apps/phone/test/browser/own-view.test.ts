import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import type { Page } from "playwright-core";
import { openPlace } from "./place.ts";

describe("what is sent is shown to its sender", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_552_501);

  it("whatever is switched on and off in an audio call, on both sides", async () => {
    const [ann, bob] = await place.visit("Ann", "Bob");
    await ann.call(bob.phone, "audio");
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    for (const me of [ann, bob]) {
      await showsAllThatIsSent(me.page, 0);
      for (const [hook, sent] of [
        ["camera", 1],
        ["screen", 1],
        ["camera", 1],
        ["screen", 0],
        ["screen", 1],
        ["camera", 1],
        ["screen", 1],
        ["camera", 0],
        ["camera", 1],
      ] as const) {
        await me.at(hook).click();
        await showsAllThatIsSent(me.page, sent);
      }
      await me.at("devices").click();
      await showsAllThatIsSent(me.page, 1);
      await me.page.keyboard.press("Escape");
    }
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it("in a video call answered with sound alone, from the ring on, and on the stage until somebody answers", async () => {
    const [ann, bob] = await place.visit("Ann", "Bob");
    await ann.call(bob.phone);
    await ann.reads("call-state", "ringing");
    await showsAllThatIsSent(ann.page, 1);
    const [own, stage] = [await ann.at("local-video").boundingBox(), ann.page.viewportSize()];
    assert.equal(own?.width, stage?.width);
    await bob.at("accept-audio").click();
    await bob.reads("call-state", "connected");
    await showsAllThatIsSent(ann.page, 1);
    await showsAllThatIsSent(bob.page, 0);
    await bob.at("camera").click();
    await showsAllThatIsSent(bob.page, 1);
    await ann.at("camera").click();
    await showsAllThatIsSent(ann.page, 0);
  });

  it("in a call to echo", async () => {
    const [ann] = await place.visit("Ann");
    await ann.call("echo", "audio");
    await ann.reads("call-state", "connected");
    for (const [hook, sent] of [
      ["camera", 1],
      ["screen", 1],
      ["screen", 1],
      ["camera", 0],
      ["camera", 1],
    ] as const) {
      await ann.at(hook).click();
      await showsAllThatIsSent(ann.page, sent);
    }
    assert.deepEqual(ann.complaints, []);
  });
});

/** Waits until so many pictures are sent, each of them in an element of this side's own that is in sight and has drawn. */
async function showsAllThatIsSent(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const [near] = window.peers.filter((peer) => peer.connectionState !== "closed");
    const sent = (near?.getSenders() ?? []).flatMap(({ track }) =>
      track?.kind === "video" && track.readyState === "live" ? [track] : [],
    );
    const shown = [...document.querySelectorAll<HTMLVideoElement>('[data-testid="local-video"]')].filter((video) => {
      const { width, height } = video.getBoundingClientRect();
      return width > 40 && height > 30 && video.checkVisibility({ opacityProperty: true }) && video.videoWidth > 0;
    });
    return (
      sent.length === wanted &&
      sent.every((track) =>
        shown.some(({ srcObject }) => (srcObject as MediaStream | null)?.getTracks().includes(track)),
      )
    );
  }, count);
}
