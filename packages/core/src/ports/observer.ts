import type { Call, CallState } from "../call/call.ts";
import type { EndedCall } from "../call/record.ts";

/** What the engine tells the log and the metrics. Nothing here may throw. */
export interface Observer {
  sessionJoined(session: SessionFacts, kind: "new" | "resumed" | "rebound"): void;
  sessionLost(session: SessionFacts): void;
  sessionOver(session: SessionFacts, why: "left" | "expired" | "replaced" | "revoked"): void;
  callChanged(call: Call, before: CallState | undefined): void;
  callEnded(record: EndedCall): void;
  /** The journal could not be written; calls go on, and a crash now would forget them. */
  journalFailed(error: unknown): void;
  /** A broken invariant: the call was ended, the process goes on. */
  fault(error: unknown, callId?: string): void;
}

export interface SessionFacts {
  readonly id: string;
  readonly user: string;
  readonly device: string;
}
