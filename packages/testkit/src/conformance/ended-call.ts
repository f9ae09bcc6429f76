import type { EndedCall } from "@echoo/core";

/** A moment in tests: no matter which, but always the same. */
export const startMs = Date.UTC(2026, 0, 1);

/** An answered call between ann and bob, but for what is given. */
export function endedCall(callId: string, changes: Partial<EndedCall> = {}): EndedCall {
  const createdAtMs = changes.createdAtMs ?? startMs;
  return {
    callId,
    caller: "+491",
    callee: "+492",
    isVideo: true,
    createdAtMs,
    ringingAtMs: createdAtMs + 300,
    answeredAtMs: createdAtMs + 4000,
    connectedAtMs: createdAtMs + 4600,
    endedAtMs: createdAtMs + 64_000,
    endReason: "hangup",
    endedBy: "+492",
    callerDevice: "ann's phone",
    calleeDevice: "bob's tablet",
    glare: false,
    reconnects: 1,
    durationSec: 60,
    ...changes,
  };
}

/** An unanswered call. */
export function missedCall(callId: string, changes: Partial<EndedCall> = {}): EndedCall {
  const { answeredAtMs, connectedAtMs, endedBy, calleeDevice, ...rest } = endedCall(callId);
  const createdAtMs = changes.createdAtMs ?? startMs;
  return {
    ...rest,
    createdAtMs,
    endedAtMs: createdAtMs + 60_000,
    endReason: "no_answer",
    reconnects: 0,
    durationSec: 0,
    ...changes,
  };
}
