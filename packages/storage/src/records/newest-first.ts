import type { CallPosition, CallsLook } from "@echoo/core";

/** By (createdAtMs, callId), the newest first; ids by their bytes, as databases have them. */
export function newestFirst(a: CallPosition, b: CallPosition): number {
  return b.createdAtMs - a.createdAtMs || Buffer.compare(Buffer.from(b.callId), Buffer.from(a.callId));
}

/** What is looked at lies before it: the end of the time, unless more was looked at already. No id comes before "". */
export function endOf({ untilMs, after }: CallsLook): CallPosition {
  return after !== undefined && after.createdAtMs < untilMs ? after : { createdAtMs: untilMs, callId: "" };
}
