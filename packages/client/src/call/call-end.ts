import { deviceEndSentences, endSentences } from "@echoo/protocol";
import type { CallEndedBy, CallEndReason } from "./call.ts";

/** Who ended a call, as far as the reason alone says: for servers that do not tell, and ends of which none told. */
const usualEnder = {
  hangup: "peer",
  cancelled: "peer",
  declined: "peer",
  busy: "peer",
  superseded: "peer",
  connection_lost: "server",
  server_restart: "server",
  max_duration: "server",
  admin_ended: "server",
  connect_failed: "server",
  no_answer: "server",
  unreachable: "server",
  do_not_disturb: "server",
  answered_elsewhere: "you",
  declined_elsewhere: "you",
} as const satisfies Record<CallEndReason, CallEndedBy>;

export function whoEnded(reason: CallEndReason, told: CallEndedBy | undefined): CallEndedBy {
  return told ?? usualEnder[reason] ?? "server";
}

/** What a person is told; a reason of a newer server has no sentence here. */
export function endSentence(reason: CallEndReason): string | undefined {
  const sentences: Readonly<Record<string, string>> = { ...endSentences, ...deviceEndSentences };
  return sentences[reason];
}

/** How a call ends that this side hangs up. */
export function ownEndReason(call: { answered: boolean; mediaWasUp: boolean; iceFailed: boolean }): CallEndReason {
  if (!call.answered) return "cancelled";
  return call.iceFailed && !call.mediaWasUp ? "connect_failed" : "hangup";
}
