import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call, CallEndReason } from "@echoo/client";
import { deviceEndReasons, endReasons, type ServerMessage } from "@echoo/protocol";
import { Bench, settled } from "./bench.ts";
import { assertNothingLeft, connected, ringing } from "./two-sides.ts";

const parties = { from: "bob", to: "ann" };

/** How the server words the end to a current session. */
function endMessage(callId: string, reason: CallEndReason): ServerMessage {
  if (reason === "busy") return { type: "busy", callId, ...parties };
  const isReject = ["declined", "no_answer", "unreachable", "do_not_disturb"].includes(reason);
  if (isReject) return { type: "reject", callId, ...parties, reason };
  return { type: "hangup", callId, ...parties, reason };
}

function endsOf(call: Call): string[] {
  const ends: string[] = [];
  call.on("ended", ({ reason, by }) => ends.push(`${reason} by ${by}`));
  return ends;
}

async function placedCall(): Promise<{ bench: Bench; call: Call }> {
  const bench = new Bench().online();
  const placed = bench.client.call("bob", { video: true });
  await settled();
  const { callId = "" } = bench.socket.last("offer");
  bench.socket.say({ type: "calling", callId, to: "bob", expiresInMs: 60_000 });
  return { bench, call: await placed };
}

describe("the end of a call", () => {
  const sentences = { ...endReasons, ...deviceEndReasons };
  for (const reason of Object.keys(sentences) as CallEndReason[]) {
    it(`happens once, with its sentence and nothing left behind, when the server says ${reason}`, async () => {
      const { bench, call } = await placedCall();
      const ends = endsOf(call);
      const sent = bench.socket.received.length;
      bench.socket.say(endMessage(call.id, reason));
      bench.socket.say(endMessage(call.id, "hangup"));
      call.hangUp();
      assert.equal(ends.length, 1);
      assert.equal(call.endReason, reason);
      assert.equal(call.endSentence, sentences[reason].sentence);
      assert.equal(call.state, "ended");
      await settled();
      assert.deepEqual(bench.media.liveTracks, []);
      assert.equal(bench.network.openConnections, 0);
      assert.equal(bench.socket.received.length, sent);
    });
  }

  for (const [reason, usually] of [
    ["hangup", "peer"],
    ["declined", "peer"],
    ["busy", "peer"],
    ["max_duration", "server"],
  ] as const) {
    it(`is whose the server says, where it says so: ${reason}, and else ${usually}'s`, async () => {
      for (const told of ["you", "peer", "server", undefined] as const) {
        const { bench, call } = await placedCall();
        const ends = endsOf(call);
        bench.socket.say({ ...endMessage(call.id, reason), ...(told === undefined ? {} : { endedBy: told }) });
        assert.deepEqual([call.endedBy, ...ends], [told ?? usually, `${reason} by ${told ?? usually}`]);
      }
    });
  }

  it("is a cancelled ring when the caller hangs up first", async () => {
    const sides = await ringing();
    sides.annCall.hangUp();
    await sides.board.settle();
    assert.deepEqual([sides.annCall.endReason, sides.annCall.endedBy], ["cancelled", "you"]);
    assert.equal(sides.ann.socket.last("hangup").callId, sides.annCall.id);
    assert.equal(sides.bobCall.state, "ended");
    assertNothingLeft(sides);
  });

  it("reaches the caller when the callee hangs up", async () => {
    const sides = await connected();
    sides.bobCall.hangUp();
    await sides.board.settle();
    assert.deepEqual([sides.bobCall.endReason, sides.bobCall.endedBy], ["hangup", "you"]);
    assert.deepEqual([sides.annCall.endReason, sides.annCall.endedBy], ["hangup", "peer"]);
    assertNothingLeft(sides);
  });

  it("is a reject when the callee declines, also through hangUp", async () => {
    for (const decline of [(call: Call) => call.decline(), (call: Call) => call.hangUp()]) {
      const sides = await ringing();
      decline(sides.bobCall);
      await sides.board.settle();
      assert.equal(sides.bob.socket.last("reject").reason, "declined");
      assert.deepEqual([sides.bobCall.endReason, sides.bobCall.endedBy], ["declined", "you"]);
      assert.deepEqual([sides.annCall.endReason, sides.annCall.endedBy], ["declined", "peer"]);
      assertNothingLeft(sides);
    }
  });

  it("is busy, not declined, where the callee's device alone cannot take the call", async () => {
    const sides = await ringing();
    sides.bobCall.decline({ onlyHere: true });
    await sides.board.settle();
    assert.equal(sides.bob.socket.last("reject").reason, "busy");
    assert.deepEqual([sides.bobCall.endReason, sides.bobCall.endedBy], ["busy", "you"]);
    assert.deepEqual([sides.annCall.endReason, sides.annCall.endedBy], ["busy", "peer"]);
    assertNothingLeft(sides);
  });

  it("stops a device that answers while another has won, whatever its own answer was about to do", async () => {
    const { bob, bobCall } = await ringing();
    const answering = bobCall.answer();
    bob.socket.say({ type: "hangup", callId: bobCall.id, from: "ann", to: "bob", reason: "answered_elsewhere" });
    await assert.rejects(answering, { code: "call_ended" });
    assert.equal(bobCall.endReason, "answered_elsewhere");
    await settled();
    assert.equal(bob.socket.types().includes("answer"), false);
    assert.deepEqual(bob.media.liveTracks, []);
  });

  it("follows from an answer that came too late", async () => {
    const { bob, bobCall, board } = await ringing();
    board.held.add("answer");
    await bobCall.answer();
    const late = { type: "error", code: "too_late", message: "Too late.", callId: bobCall.id } as const;
    bob.socket.say({ ...late, state: "ended", reason: "cancelled" });
    assert.deepEqual([bobCall.endReason, bobCall.endedBy], ["cancelled", "peer"]);
  });

  it("sends the last samples before the hang-up", async () => {
    const sides = await connected();
    sides.clock.advance(2_000);
    await sides.board.settle();
    sides.annCall.hangUp();
    assert.deepEqual(sides.ann.socket.types().slice(-2), ["stats", "hangup"]);
    await sides.board.settle();
    assert.equal(sides.bob.socket.types().at(-1), "stats");
  });

  it("comes with the refusal where the server takes no offer, and the user may supersede", async () => {
    const bench = new Bench().online();
    const refusals: string[] = [];
    bench.client.on("refused", ({ call, error }) => refusals.push(`${call.state} ${error.code}: ${call.endSentence}`));
    const placed = bench.client.call("bob", { video: false });
    await settled();
    const { id = "" } = bench.socket.last("offer");
    // The call id names the other call of this user, not the refused one.
    bench.socket.say({ type: "error", code: "already_in_call", message: "Busy.", id, callId: "other" });
    await assert.rejects(placed, { code: "already_in_call", callId: "other" });
    assert.deepEqual(refusals, ["ended already_in_call: Busy."]);
    assert.deepEqual(bench.client.calls, []);
    void bench.client.call("bob", { video: false, supersede: true });
    await settled();
    assert.equal(bench.socket.last("offer").supersede, true);
  });

  it("says when the user may try again where the server has had too many calls that went unanswered", async () => {
    const bench = new Bench().online();
    const placed = bench.client.call("bob", { video: false });
    await settled();
    const { id = "", callId = "" } = bench.socket.last("offer");
    bench.socket.say({ type: "error", code: "rate_limited", message: "Slow down.", id, callId, retryInMs: 30_000 });
    await assert.rejects(placed, { code: "rate_limited", retryInMs: 30_000 });
    assert.deepEqual(bench.client.calls, []);
  });

  it("is no end to be refused something else about the call", async () => {
    const { annCall, ann } = await connected();
    const errors: string[] = [];
    annCall.on("error", ({ code }) => errors.push(code));
    ann.socket.say({ type: "error", code: "rate_limited", message: "Slow down.", callId: annCall.id });
    assert.deepEqual(errors, ["rate_limited"]);
    assert.equal(annCall.state, "connected");
  });

  it("is not followed by errors about what crossed with it", async () => {
    const { annCall, ann, board } = await connected();
    annCall.hangUp();
    await board.settle();
    const late = { type: "error", code: "too_late", message: "Too late.", callId: annCall.id } as const;
    ann.socket.say({ ...late, state: "ended", reason: "hangup" });
    ann.socket.say({ ...late, callId: "another" });
    assert.deepEqual(
      ann.log.filter((line) => line.startsWith("error")),
      ["error too_late"],
    );
  });

  it("comes when the server does not know the call any more", async () => {
    const { annCall, ann } = await connected();
    ann.socket.say({ type: "error", code: "unknown_call", message: "No such call.", callId: annCall.id });
    assert.deepEqual([annCall.endReason, annCall.endedBy], ["connection_lost", "server"]);
  });

  it("comes to every call when the client leaves, before it says goodbye", async () => {
    const { annCall, ann } = await connected();
    void ann.client.leave();
    assert.deepEqual(ann.socket.types().slice(-2), ["hangup", "leave"]);
    assert.equal(annCall.endReason, "hangup");
  });
});
