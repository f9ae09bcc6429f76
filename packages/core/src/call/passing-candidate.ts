import type { ServerMessage } from "@echoo/protocol";
import type { Steady } from "../ports/clock.ts";
import { type AnsweredCall, type Call, type CandidateOrEnd, peerOf } from "./call.ts";
import type { Deadlines } from "./deadlines.ts";

/** Where a candidate goes that its call does not change by. */
export interface PassingCandidate {
  readonly to: string;
  readonly message: ServerMessage;
}

/**
 * A candidate in a call that talks: both sides there, media flowing, nothing due and nothing kept. There the machine
 * would leave the call as it is and send the candidate on, which a test holds; asked first, it need not be. Undefined
 * leaves it to the machine (docs/adr/0038-what-a-relayed-message-costs.md).
 */
export function passingCandidate(
  call: Call,
  by: { readonly id: string; readonly user: string },
  candidate: CandidateOrEnd,
  nowMs: Steady,
  limits: Deadlines,
): PassingCandidate | undefined {
  // One whose side is away is not active but reconnecting.
  if (call.state !== "active" || call.connectedAtMs === undefined || call.relayOnly) return undefined;
  const { callerLeg, calleeLeg } = call;
  if (!callerLeg.can.reportsConnected && !calleeLeg.can.reportsConnected) return undefined;
  if (call.answeredAtMs + limits.maxCallMs <= nowMs) return undefined;
  const to = otherSession(call, by.id);
  if (to === undefined) return undefined;
  const message = { type: "candidate", callId: call.id, from: by.user, to: peerOf(call, by.user), candidate } as const;
  return { to, message };
}

function otherSession({ callerLeg, calleeLeg }: AnsweredCall, session: string): string | undefined {
  if (callerLeg.session === session) return calleeLeg.session;
  return calleeLeg.session === session ? callerLeg.session : undefined;
}
