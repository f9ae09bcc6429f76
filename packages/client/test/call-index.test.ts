import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MissedCall } from "@echoo/client";
import { maxCalls, maxEnded } from "../src/call/call-index.ts";
import { Bench } from "./bench.ts";
import { connected } from "./two-sides.ts";

function setUp() {
  const bench = new Bench().online();
  const shown: string[] = [];
  bench.client.on("incoming", (call) => shown.push(call.id));
  const rings = (callId: string) =>
    bench.socket.say({ type: "offer", callId, from: callId, to: "ann", sdp: "v=0", isVideoCall: false });
  const ends = (callId: string) =>
    bench.socket.say({ type: "hangup", callId, from: callId, to: "ann", reason: "cancelled" });
  return { bench, shown, rings, ends };
}

describe("the calls of a client", () => {
  it("ring up to a bound, past which the newest is not shown and those that are shown go on", () => {
    const { bench, shown, rings, ends } = setUp();
    for (let n = 0; n <= maxCalls; n += 1) rings(`c${n}`);
    assert.deepEqual([shown.length, shown.at(-1)], [maxCalls, `c${maxCalls - 1}`]);
    assert.equal(bench.client.calls.length, maxCalls);
    ends("c0");
    rings("later");
    assert.equal(shown.at(-1), "later");
  });

  it("that ended are remembered up to a bound, past which the oldest is forgotten", () => {
    const { shown, rings, ends } = setUp();
    for (let n = 0; n <= maxEnded; n += 1) {
      rings(`c${n}`);
      ends(`c${n}`);
    }
    shown.length = 0;
    rings("c1");
    assert.deepEqual(shown, [], "it is not rung again");
    rings("c0");
    assert.deepEqual(shown, ["c0"]);
  });

  it("that a third person tried are told, and are none of this client's", async () => {
    const { annCall, ann, board } = await connected();
    const missed: MissedCall[] = [];
    ann.client.on("missed", (call) => missed.push(call));
    const parties = { callId: "c2", from: "cid", to: "ann" };
    const caller = { displayName: "Cid" };
    ann.socket.say({ type: "missed", ...parties, reason: "busy", isVideoCall: false, caller });
    await board.settle();
    assert.deepEqual(missed, [{ callId: "c2", peer: "cid", peerName: "Cid", isVideo: false, reason: "busy" }]);
    assert.deepEqual(ann.client.calls, [annCall]);
    assert.equal(annCall.state, "connected");
  });
});
