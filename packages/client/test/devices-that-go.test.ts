import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, DeviceChange } from "@echoo/client";
import type { Bench } from "./bench.ts";
import { assertNothingLeft, connected } from "./two-sides.ts";

describe("a device that goes away in a call", () => {
  for (const [device, label] of [
    ["microphone", "microphone"],
    ["camera", "camera"],
  ] as const) {
    it(`is replaced by the default one, and the peer is told meanwhile: ${device}`, async () => {
      const sides = await connected({ video: true });
      const { annCall, bobCall, board, ann } = sides;
      const [changes, told] = [changesOf(annCall), flagsOf(bobCall)];
      const old = trackOf(ann, label);
      old?.endByItself();
      await board.settle();
      assert.deepEqual(changes, [{ device, change: "replaced", label }]);
      const off = device === "camera" ? { audio: true, video: false } : { audio: false, video: true };
      assert.deepEqual(told.slice(-2), [
        { ...off, screen: false },
        { audio: true, video: true, screen: false },
      ]);
      assert.notEqual(trackOf(ann, label), old);
      assert.ok(sentIds(ann).includes(trackOf(ann, label)?.id));
      annCall.hangUp();
      await board.settle();
      assertNothingLeft(sides);
    });

    it(`is lost where no other can be had, and one press brings it back: ${device}`, async () => {
      const { annCall, bobCall, board, ann } = await connected({ video: true });
      const changes = changesOf(annCall);
      ann.media.refusal = "NotAllowedError";
      trackOf(ann, label)?.endByItself();
      await board.settle();
      assert.deepEqual(changes, [{ device, change: "lost", label: undefined }]);
      const flag = device === "camera" ? "video" : "audio";
      assert.deepEqual([annCall.media[flag], bobCall.peerMedia[flag]], [false, false]);
      const press = () => (device === "camera" ? annCall.setVideo(true) : annCall.setAudio(true));
      await assert.rejects(press(), { code: "media_denied" });
      ann.media.refusal = undefined;
      await press();
      await board.settle();
      assert.deepEqual([annCall.media[flag], bobCall.peerMedia[flag]], [true, true]);
      assert.ok(sentIds(ann).includes(trackOf(ann, label)?.id));
    });
  }

  it("is noticed within a second where the browser does not tell", async () => {
    const { annCall, board, ann, clock } = await connected();
    const changes = changesOf(annCall);
    trackOf(ann, "microphone")?.stop();
    await clock.advance(1000);
    await board.settle();
    assert.deepEqual(
      changes.map(({ change }) => change),
      ["replaced"],
    );
  });

  it("is told of for a screen as well, which is not shared again by itself", async () => {
    const { annCall, bobCall, board, ann } = await connected();
    await annCall.shareScreen(true);
    const changes = changesOf(annCall);
    trackOf(ann, "screen")?.endByItself();
    await board.settle();
    assert.deepEqual(changes, [{ device: "screen", change: "lost", label: undefined }]);
    assert.equal(bobCall.peerMedia.screen, false);
    assert.equal(trackOf(ann, "screen"), undefined);
  });

  it("that the system keeps for a while is off for the peer until it comes back", async () => {
    const { annCall, bobCall, board, ann } = await connected();
    const changes = changesOf(annCall);
    trackOf(ann, "microphone")?.interrupt(true);
    await board.settle();
    assert.equal(bobCall.peerMedia.audio, false);
    trackOf(ann, "microphone")?.interrupt(false);
    await board.settle();
    assert.equal(bobCall.peerMedia.audio, true);
    assert.deepEqual(
      changes.map(({ change }) => change),
      ["interrupted", "returned"],
    );
  });

  it("that the system keeps is opened anew at a press", async () => {
    const { annCall, bobCall, board, ann } = await connected();
    const old = trackOf(ann, "microphone");
    old?.interrupt(true);
    await annCall.setAudio(true);
    await board.settle();
    assert.notEqual(trackOf(ann, "microphone"), old);
    assert.equal(bobCall.peerMedia.audio, true);
  });

  it("switched off by its user is not missed", async () => {
    const { annCall, board, ann, clock } = await connected({ video: true });
    const changes = changesOf(annCall);
    await annCall.setVideo(false);
    await clock.advance(5000);
    await board.settle();
    assert.deepEqual(changes, []);
    assert.equal(trackOf(ann, "camera"), undefined);
  });

  it("while a question about another is open does not keep its user from muting", async () => {
    const { annCall, ann } = await connected();
    ann.media.decision = new Promise(() => {});
    void annCall.setVideo(true);
    await annCall.setAudio(false);
    assert.deepEqual([annCall.media.audio, trackOf(ann, "microphone")?.enabled], [false, false]);
  });
});

describe("a microphone that is live and gives digital zeros", () => {
  it("is opened anew after five seconds, and told of where that did not help, until it is heard", async () => {
    const { annCall, board, ann, clock } = await connected();
    const changes = changesOf(annCall);
    const old = trackOf(ann, "microphone");
    ann.media.loudness = 0.2;
    await clock.advance(3000);
    ann.media.loudness = 0;
    await clock.advance(4000);
    assert.equal(trackOf(ann, "microphone"), old);
    await clock.advance(1000);
    await board.settle();
    const anew = trackOf(ann, "microphone");
    assert.ok(anew !== undefined && anew !== old);
    assert.ok(sentIds(ann).includes(anew.id));
    assert.deepEqual(changes, [], "what was mended by itself needs no words");
    await clock.advance(5000);
    await board.settle();
    assert.deepEqual(
      changes.map(({ change }) => change),
      ["silent"],
    );
    await clock.advance(30_000);
    assert.equal(trackOf(ann, "microphone"), anew, "it is opened anew once");
    ann.media.loudness = 0.1;
    await clock.advance(1000);
    assert.deepEqual(
      changes.map(({ change }) => change),
      ["silent", "returned"],
    );
  });

  it("is left alone while its user has muted it, and where the browser does not tell how loud it is", async () => {
    const { annCall, ann, clock } = await connected();
    const changes = changesOf(annCall);
    const old = trackOf(ann, "microphone");
    await clock.advance(20_000);
    ann.media.loudness = 0;
    await annCall.setAudio(false);
    await clock.advance(20_000);
    assert.equal(trackOf(ann, "microphone"), old);
    assert.deepEqual(changes, []);
  });
});

function trackOf(bench: Bench, label: string) {
  return bench.media.liveTracks.find((track) => track.label === label);
}

function changesOf(call: Call): DeviceChange[] {
  const changes: DeviceChange[] = [];
  call.on("device", (change) => changes.push(change));
  return changes;
}

/** What the peer's side showed of the flags, one after the other. */
function flagsOf(call: Call): Call["peerMedia"][] {
  const flags: Call["peerMedia"][] = [];
  call.on("media", () => flags.push(call.peerMedia));
  return flags;
}

function sentIds(bench: Bench): (string | undefined)[] {
  return bench.media.connections.flatMap((connection) => connection.sentTracks.map((track) => track.id));
}
