import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { requireService } from "@echoo/testkit";
import { openPlace } from "./place.ts";
import { endTrack, type Visitor } from "./visitor.ts";

declare global {
  interface Window {
    /** What the next requests for a microphone or camera get. */
    refuseDevices: boolean;
    /** The next microphone gives digital zeros. */
    nextIsSilent: boolean;
  }
}

describe("a device that goes away in a call", { skip: requireService("chromium") }, () => {
  const place = openPlace(5_552_600);
  let ann: Visitor;
  let bob: Visitor;

  beforeEach(async () => {
    [ann, bob] = await place.visit("Ann", "Bob");
    await ann.page.evaluate(changeableDevices);
  });

  async function talk(): Promise<void> {
    await ann.call(bob.phone);
    await bob.at("accept").click();
    await Promise.all([ann.reads("call-state", "connected"), bob.reads("call-state", "connected")]);
    await bob.seesMoving();
  }

  const refuse = (on: boolean) =>
    ann.page.evaluate((refused) => {
      window.refuseDevices = refused;
    }, on);

  it("is replaced by the default one, which the words say and the other side sees", async () => {
    await talk();
    await ann.page.evaluate(endTrack, "video");
    await ann.at("device-news").getByText("Your camera went away.").waitFor();
    await bob.seesMoving();
    await ann.page.evaluate(endTrack, "audio");
    await ann.at("device-news").getByText("Your microphone went away.").waitFor();
    assert.equal(await ann.at("device-again").count(), 0, "nothing is left to be done");
    assert.equal(await ann.at("mute").getAttribute("aria-label"), "Mute");
  });

  for (const [kind, lost, told] of [
    ["audio", "Your microphone went away: Bob does not hear you.", "Ann is muted"],
    ["video", "Your camera went away: Bob does not see you.", "Ann's camera is off"],
  ] as const) {
    it(`that cannot be replaced is said on both sides, and one press brings it back: ${kind}`, async () => {
      await talk();
      await refuse(true);
      await ann.page.evaluate(endTrack, kind);
      await ann.at("device-news").getByText(lost).waitFor();
      await bob.page.getByText(told).waitFor();
      await refuse(false);
      await ann.at("device-again").click();
      await bob.page.getByText(told).waitFor({ state: "detached" });
      await ann.at("device-news").waitFor({ state: "detached" });
      await ann.page.waitForFunction(sendsLive, kind);
      await bob.seesMoving();
    });
  }

  it("is said of a screen as well, which one press shares again", async () => {
    await talk();
    await ann.at("screen").click();
    await bob.page.getByText("Ann is sharing a screen").waitFor();
    await ann.page.evaluate(endTrack, "video");
    await ann.at("device-news").getByText("Your screen is no longer shared with Bob.").waitFor();
    await bob.page.getByText("Ann is sharing a screen").waitFor({ state: "detached" });
    await bob.seesMoving();
    await ann.at("device-again").click();
    await bob.page.getByText("Ann is sharing a screen").waitFor();
    await ann.at("device-news").waitFor({ state: "detached" });
  });

  it("by an interruption is off for the other side for as long as that takes", async () => {
    await talk();
    await ann.page.evaluate(interrupt, true);
    await ann.at("device-news").getByText("Something else uses your microphone").waitFor();
    await bob.page.getByText("Ann is muted").waitFor();
    await ann.page.evaluate(interrupt, false);
    await bob.page.getByText("Ann is muted").waitFor({ state: "detached" });
    await ann.at("device-news").waitFor({ state: "detached" });
  });

  it("and leaves a live microphone of digital zeros is got anew", async () => {
    await ann.page.evaluate(() => {
      window.nextIsSilent = true;
    });
    await talk();
    const silent = await ann.page.evaluate(sentLabel);
    await ann.page.waitForFunction((before) => {
      const [peer] = window.peers;
      const track = peer?.getSenders().find((sender) => sender.track?.kind === "audio")?.track;
      return track?.readyState === "live" && track.label !== before;
    }, silent);
    assert.equal(await ann.at("device-news").count(), 0);
  });
});

/** Puts switches before the browser's devices. */
function changeableDevices(): void {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (window.refuseDevices) throw new DOMException("", "NotAllowedError");
    const stream = await open(wanted);
    if (!window.nextIsSilent || !wanted?.audio) return stream;
    window.nextIsSilent = false;
    const silence = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
    return new MediaStream([...silence, ...stream.getVideoTracks()]);
  };
}

/** The system takes the microphone for a call of its own, or gives it back. */
function interrupt(muted: boolean): void {
  const track = window.peers[0]?.getSenders().find((sender) => sender.track?.kind === "audio")?.track;
  if (!track) throw new Error("no microphone is sent");
  Object.defineProperty(track, "muted", { value: muted, configurable: true });
  track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
}

function sendsLive(kind: string): boolean {
  return window.peers.some((peer) =>
    peer.getSenders().some(({ track }) => track?.kind === kind && track.readyState === "live"),
  );
}

function sentLabel(): string | undefined {
  return window.peers[0]?.getSenders().find((sender) => sender.track?.kind === "audio")?.track?.label;
}
