import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EndReason, endReasonCodes } from "@echoo/protocol";
import { defaultDeadlines } from "../../src/call/deadlines.ts";
import { endedByTo, enderOf } from "../../src/call/ended-by.ts";
import type { CallInput } from "../../src/call/input.ts";
import { plainEndMessage } from "../../src/call/phases/finish.ts";
import { transition } from "../../src/call/transition.ts";
import { placed, sender, startMs } from "./call-fixtures.ts";

const nobody = undefined;
const parties = { caller: "ann", callee: "bob" };

/** For each reason, by who is noted as its author: what the caller is told, and what the callee. "-" is nothing. */
const table: Record<EndReason, Record<"nobody" | "ann" | "bob", string>> = {
  hangup: { nobody: "- -", ann: "you peer", bob: "peer you" },
  superseded: { nobody: "- -", ann: "you peer", bob: "peer you" },
  cancelled: { nobody: "you peer", ann: "you peer", bob: "you peer" },
  declined: { nobody: "peer you", ann: "peer you", bob: "peer you" },
  connect_failed: { nobody: "server server", ann: "you peer", bob: "peer you" },
  busy: { nobody: "server server", ann: "you peer", bob: "peer you" },
  connection_lost: { nobody: "server server", ann: "server server", bob: "server server" },
  server_restart: { nobody: "server server", ann: "server server", bob: "server server" },
  max_duration: { nobody: "server server", ann: "server server", bob: "server server" },
  admin_ended: { nobody: "server server", ann: "server server", bob: "server server" },
  no_answer: { nobody: "server server", ann: "server server", bob: "server server" },
  unreachable: { nobody: "server server", ann: "server server", bob: "server server" },
  do_not_disturb: { nobody: "server server", ann: "server server", bob: "server server" },
};

function told(endReason: EndReason, endedBy: string | undefined): string {
  const ender = enderOf({ ...parties, endReason, ...(endedBy === undefined ? {} : { endedBy }) });
  return ["ann", "bob"].map((viewer) => endedByTo(viewer, { caller: "ann", ender }).endedBy ?? "-").join(" ");
}

describe("who ended a call", () => {
  for (const reason of endReasonCodes) {
    test(`is told the same way to both sides of one that ended ${reason}`, () => {
      const { nobody: unnoted, ann, bob } = table[reason];
      assert.deepEqual([told(reason, nobody), told(reason, "ann"), told(reason, "bob")], [unnoted, ann, bob]);
    });
  }

  test("is not known where the noted user is neither party, as in the middle of an erasure", () => {
    assert.equal(told("hangup", "cleo"), "- -");
    assert.equal(told("connect_failed", "cleo"), "- -");
  });

  test("is the peer where the account that ended it was erased since, and its name leaks nowhere", () => {
    const ender = enderOf({ endReason: "hangup", caller: "deleted:1", callee: "bob", endedBy: "deleted:1" });
    assert.deepEqual(endedByTo("bob", { caller: "deleted:1", ender }), { endedBy: "peer" });
  });

  test("is one's own user where another device of theirs took or declined the ring, whoever ended the call", () => {
    for (const ender of ["caller", "callee", "server", undefined] as const) {
      for (const reason of ["answered_elsewhere", "declined_elsewhere"] as const) {
        assert.deepEqual(endedByTo("bob", { caller: "ann", ender }, reason), { endedBy: "you" });
      }
    }
  });

  test("is told by the machine with each end, and kept of a call that is over", () => {
    const rows: string[] = [];
    const inputs: readonly (readonly [string, CallInput])[] = [
      ["the caller hangs up", { type: "hangup", nowMs: startMs, by: sender("ann"), iceFailed: false }],
      ["the callee declines", { type: "reject", nowMs: startMs, by: sender("bob"), busy: false }],
      ["the callee is busy", { type: "reject", nowMs: startMs, by: sender("bob"), busy: true }],
      ["the callee has a call", { type: "calleeTaken", nowMs: startMs }],
      ["the caller dials again", { type: "superseded", nowMs: startMs, user: "ann" }],
      ["the caller's attempt gives way", { type: "giveWay", nowMs: startMs }],
      ["the ring expires", { type: "time", nowMs: startMs + defaultDeadlines.ringMs }],
      ["an administrator ends it", { type: "adminEnd", nowMs: startMs }],
    ];
    for (const [what, input] of inputs) {
      const [ended, effects] = transition(placed(), input, defaultDeadlines);
      const ends = effects.flatMap((effect) => {
        if (effect.type !== "send" || !("endedBy" in effect.message)) return [];
        return [`${effect.to} < ${effect.message.reason} by ${effect.message.endedBy}`];
      });
      rows.push(`${what}: ${ends.join(", ")}; ${ended.state === "ended" ? ended.ender : "it goes on"}`);
    }
    assert.deepEqual(rows, [
      "the caller hangs up: ann < cancelled by you, bob < cancelled by peer; caller",
      "the callee declines: ann < declined by peer, bob < declined by you; callee",
      "the callee is busy: ann < busy by peer, bob < busy by you; callee",
      "the callee has a call: ann < busy by server, bob < busy by server; server",
      "the caller dials again: ann < superseded by you, bob < superseded by peer; caller",
      "the caller's attempt gives way: ann < cancelled by you, bob < cancelled by peer; caller",
      "the ring expires: ann < unreachable by server, bob < unreachable by server; server",
      "an administrator ends it: ann < admin_ended by server, bob < admin_ended by server; server",
    ]);
  });

  test("is no word of the older wire, in what such a client is told of a call that ended while it was away", () => {
    assert.ok(!("endedBy" in plainEndMessage({ id: "c1", ...parties }, "bob", "cancelled")));
  });
});
