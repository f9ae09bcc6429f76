import type { CallInterruption, CallState } from "./call.ts";

/** All that a call's state depends on. */
export interface CallFacts {
  readonly direction: "incoming" | "outgoing";
  readonly ended: boolean;
  /** A device of the callee rings. */
  readonly ringing: boolean;
  readonly answered: boolean;
  /** Media flows now; it did before. */
  readonly mediaUp: boolean;
  readonly mediaWasUp: boolean;
  /** The peer's, and this side's, connection to the server. */
  readonly peerLost: boolean;
  readonly linkUp: boolean;
}

/** The state that a call shows, derived in this one place. */
export function callState(facts: CallFacts): CallState {
  if (facts.ended) return "ended";
  if (!facts.answered) return waitingState(facts);
  if (facts.peerLost || !facts.linkUp) return "reconnecting";
  if (facts.mediaUp) return "connected";
  return facts.mediaWasUp ? "reconnecting" : "connecting";
}

/** What an answered call lacks at the moment. Where media is away that is what its user notices, whatever else is. */
export function interruptionOf(facts: CallFacts): CallInterruption | undefined {
  if (facts.ended || !facts.answered) return undefined;
  if (!facts.mediaUp && facts.mediaWasUp) return "media";
  if (!facts.linkUp) return "server";
  return facts.peerLost ? "peer" : undefined;
}

function waitingState(facts: CallFacts): CallState {
  if (facts.direction === "incoming") return "incoming";
  return facts.ringing ? "ringing" : "calling";
}
