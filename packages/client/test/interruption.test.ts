import assert from "node:assert/strict";
import { it } from "node:test";
import { connected } from "./two-sides.ts";

it("says what is away in a call: the server of either side while media flows, or the media itself", async () => {
  const { annCall, ann, board, network } = await connected();
  const told: unknown[] = [];
  annCall.on("interruption", (what) => told.push(what));
  assert.equal(annCall.interruption, undefined);
  ann.socket.say({ type: "peerLost", callId: annCall.id, resumeInMs: 45_000 });
  assert.deepEqual([annCall.state, annCall.interruption], ["reconnecting", "peer"]);
  ann.socket.drop(1006);
  assert.equal(annCall.interruption, "server");
  network.cut();
  await board.settle();
  assert.deepEqual([annCall.state, annCall.interruption], ["reconnecting", "media"]);
  annCall.hangUp();
  assert.equal(annCall.interruption, undefined);
  assert.deepEqual(told, ["peer", "server", "media", undefined]);
});
