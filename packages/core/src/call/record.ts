import { type CallStatus, callStatus, type EndReason } from "@echoo/protocol";
import type { Instant } from "../ports/clock.ts";
import type { ServerFacts } from "../verdict/server-facts.ts";

/** What history keeps of a call. Written once; two writers of the same call write the same. */
export interface EndedCall {
  readonly callId: string;
  readonly caller: string;
  readonly callee: string;
  readonly isVideo: boolean;
  /** Rises strictly on a node: the order of a history. */
  readonly createdAtMs: Instant;
  readonly ringingAtMs?: Instant;
  readonly answeredAtMs?: Instant;
  readonly connectedAtMs?: Instant;
  readonly endedAtMs: Instant;
  readonly endReason: EndReason;
  /** Absent where no party ended it: a deadline, a restart, an administrator. */
  readonly endedBy?: string;
  readonly callerDevice?: string;
  readonly calleeDevice?: string;
  /** Both dialled each other, and the server made one call of it. */
  readonly glare: boolean;
  readonly reconnects: number;
  /** Whole seconds from the answer; 0 for a call without an answer. */
  readonly durationSec: number;
  /** A blocked caller's call: it exists in that caller's history alone. */
  readonly callerOnly?: true;
  /** What the server knew of it, for its verdict. Frozen at the end. */
  readonly server?: ServerFacts;
}

/** The record of a call on its way to the store. */
export interface CallRecord extends EndedCall {
  /**
   * The callee was away, and nothing was known of it when the call was placed: whether it had blocked its caller, or
   * wished not to be disturbed, is found out by who stores the record.
   */
  readonly calleeUnknown?: true;
}

/** How one party sees the reason: do-not-disturb is told to the callee alone. */
export function reasonFor(call: Pick<EndedCall, "endReason" | "callee">, viewer: string): EndReason {
  return call.endReason === "do_not_disturb" && viewer !== call.callee ? "unreachable" : call.endReason;
}

export function statusOf(call: Pick<EndedCall, "endReason" | "answeredAtMs">): CallStatus {
  return callStatus(call.endReason, call.answeredAtMs !== undefined);
}
