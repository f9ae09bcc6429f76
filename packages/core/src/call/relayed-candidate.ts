import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../ports/clock.ts";
import { type AnsweredCall, type Call, type CandidateOrEnd, peerOf } from "./call.ts";
import { type Deadlines, nextDeadline } from "./deadlines.ts";
import { peerLeg, sideOf } from "./legs.ts";
import { keeping } from "./phases/answered-call.ts";

/** Where a candidate goes, and the call as it is then: itself where nothing is kept any more. */
export interface RelayedCandidate {
  readonly to: string;
  readonly message: ServerMessage;
  readonly next: AnsweredCall;
}

/**
 * A candidate in an answered call with both sides there and nothing due. There the machine would do no more than send it
 * on and, until media flows, keep it, which a test holds; asked first, it need not be. Undefined leaves it to the machine
 * (docs/adr/0038-what-a-relayed-message-costs.md).
 */
export function relayedCandidate(
  call: Call,
  by: { readonly id: string; readonly user: string },
  candidate: CandidateOrEnd,
  nowMs: Steady,
  limits: Deadlines,
): RelayedCandidate | undefined {
  // One whose side is away is neither, but reconnecting.
  if ((call.state !== "active" && call.state !== "connecting") || call.relayOnly) return undefined;
  const side = sideOf(call, by.id);
  if (side === undefined || nextDeadline(call, limits).atMs <= nowMs) return undefined;
  const next = keeping(call, side, candidate);
  // Kept already, it is not sent on.
  if (next === undefined) return undefined;
  const message = { type: "candidate", callId: call.id, from: by.user, to: peerOf(call, by.user), candidate } as const;
  return { to: peerLeg(call, side).session, message, next };
}
