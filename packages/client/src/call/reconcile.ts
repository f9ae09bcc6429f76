import type { CallSummary } from "@echoo/protocol";
import type { CallEndedBy, CallEndReason } from "./call.ts";

/** What the client holds of one of its calls. */
export interface HeldCall {
  readonly id: string;
  readonly direction: "incoming" | "outgoing";
  readonly isAnswered: boolean;
  /** Whether the server ever confirmed it. */
  readonly isKnown: boolean;
}

interface Ending {
  readonly reason: CallEndReason;
  readonly endedBy?: CallEndedBy | undefined;
}

export interface Reconciliation {
  readonly drop: readonly ({ readonly id: string } & Ending)[];
  /** Calls of the server that this device is bound to and does not hold. */
  readonly hangUp: readonly CallSummary[];
}

/**
 * Compares the calls of a client whose session was lost with those that the server names (protocol.md, "Resume"):
 * dropped is what it lists as ended, as answered by another device, or not at all, unsent offers apart.
 */
export function reconcile(held: readonly HeldCall[], summaries: readonly CallSummary[]): Reconciliation {
  const byId = new Map(summaries.map((summary) => [summary.callId, summary]));
  const heldIds = new Set(held.map((call) => call.id));
  return {
    drop: held.flatMap((call) => {
      const ending = endingOf(call, byId.get(call.id));
      return ending === undefined ? [] : [{ id: call.id, ...ending }];
    }),
    hangUp: summaries.filter(({ callId, bound, state }) => bound && state !== "ended" && !heldIds.has(callId)),
  };
}

function endingOf(call: HeldCall, summary: CallSummary | undefined): Ending | undefined {
  if (summary === undefined) return call.isKnown ? { reason: lostReason(call) } : undefined;
  const { state, bound, endReason, endedBy } = summary;
  if (state === "ended") return { reason: endReason ?? lostReason(call), endedBy };
  const isAnswered = state !== "calling" && state !== "ringing";
  return isAnswered && !bound ? { reason: "answered_elsewhere" } : undefined;
}

/** The server does not remember the call, so how it ended is not known. */
function lostReason(call: HeldCall): CallEndReason {
  return call.isAnswered ? "connection_lost" : "cancelled";
}
