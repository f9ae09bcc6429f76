import { deviceEndReasons, endReasons } from "@echoo/protocol";
import type { CallEndedBy, CallEndReason } from "./call.ts";

/** Who ended a call that the server says is over. The user's own other devices count as this side. */
const endedBy = {
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
  answered_elsewhere: "self",
  declined_elsewhere: "self",
} as const satisfies Record<CallEndReason, CallEndedBy>;

export function whoEnded(reason: CallEndReason): CallEndedBy {
  return endedBy[reason] ?? "server";
}

/** What a person is told; a reason of a newer server has no sentence here. */
export function endSentence(reason: CallEndReason): string | undefined {
  const sentences: Readonly<Record<string, { readonly sentence: string }>> = { ...endReasons, ...deviceEndReasons };
  return sentences[reason]?.sentence;
}

/** How a call ends that this side hangs up. */
export function ownEndReason(call: { answered: boolean; mediaWasUp: boolean; iceFailed: boolean }): CallEndReason {
  if (!call.answered) return "cancelled";
  return call.iceFailed && !call.mediaWasUp ? "connect_failed" : "hangup";
}
